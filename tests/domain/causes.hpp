#pragma once

#include "world.hpp"

#include <map>
#include <set>
#include <string>
#include <utility>

namespace mosty::test {

// A type of event, and the type of the one that led to it; "-" where none did.
using CausePair = std::pair<std::string, std::string>;

// The lines of tests/vectors/causes.txt: for each type those of which one leads to it.
std::map<std::string, std::set<std::string>> causes_by_hand();

// Whether the lines allow it: "text.*" stands for every type of a text.
bool is_allowed(const std::map<std::string, std::set<std::string>>& by_hand, const CausePair& pair);

// What led to each event that was recorded. Stops the test where a cause is not an earlier event of the same
// stream, or where the correlation is not that with which the chain began.
std::set<CausePair> causes_in(const World& world);

} // namespace mosty::test
