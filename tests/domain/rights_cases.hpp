#pragma once

#include "world.hpp"

#include <functional>
#include <map>
#include <string>
#include <vector>

namespace mosty::test {

// The people of the columns of tests/vectors/rights.txt: two of each of four towns, then one of each other
// role.
std::vector<Actor> people_of(const std::vector<std::string>& columns);

// A world in which everything stands that the commands are about, and everybody is registered.
World with_everything(const std::vector<Actor>& people);

// How a row of the table is carried out: as it can be, by whoever may.
struct RightsCase {
    std::string stream; // "person/<own>" stands for everybody's own
    std::function<std::string(const World&, const Actor&)> data;
    std::function<void(World&)> arrange = [](World&) {};
    bool vouched = false; // by the server
};

// By the names of the table's rows.
const std::map<std::string, RightsCase>& rights_cases();

Actor vouched(Actor actor);
std::string deputy_until(const std::string& id);

} // namespace mosty::test
