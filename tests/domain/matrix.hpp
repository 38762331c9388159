#pragma once

#include "world.hpp"

#include <catch2/catch.hpp>

#include <functional>
#include <set>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace mosty::test {

// One status to try every command in: how to get there.
struct Situation {
    std::string_view name;
    std::function<void(World&)> arrange;
};

// One command with its expected answer in each situation: an event type, or a rejection's code.
struct Row {
    std::string_view command;
    Actor actor;
    std::function<std::string(const World&)> data;
    std::vector<std::string_view> answers;
};

template <class... Commands>
std::set<std::string_view> names_of(std::type_identity<std::variant<Commands...>>) {
    return {Commands::name...};
}

// Tries each command in each situation, every time in a new world. A command without a row and a row with
// a missing answer fail.
template <class EntityCommand>
void check_matrix(std::string_view stream, const std::vector<Situation>& situations,
                  const std::vector<Row>& rows) {
    std::set<std::string_view> covered;
    for (const Row& row : rows) {
        covered.insert(row.command);
        REQUIRE(row.answers.size() == situations.size());
        for (std::size_t i = 0; i < situations.size(); ++i) {
            World world = World::with_partners();
            situations[i].arrange(world);
            const std::string before = shown(world.state(stream));
            const std::string answer = world.send(row.actor, stream, row.command, row.data(world));
            INFO(row.command << " when " << situations[i].name << ": " << answer << " "
                             << world.last_rejection.sentence);
            CHECK(answer.substr(0, answer.find(' ')) == row.answers[i]);
            if (answer.find('.') == std::string::npos)
                CHECK(shown(world.state(stream)) == before);
        }
    }
    CHECK(covered == names_of(std::type_identity<EntityCommand>{}));
}

inline std::function<std::string(const World&)> just(std::string data) {
    return [data](const World&) { return data; };
}

} // namespace mosty::test
