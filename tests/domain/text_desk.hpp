#pragma once

#include "world.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace mosty::test {

// The text that the tests of texts write, a section of the proposal "p-1_x1".
inline constexpr std::string_view needs = "text/proposal/p-1_x1/needs";

inline const Actor third_officer = officer_of(third_town);
inline const Actor expert = acting_as(Role::expert);

// A world with the drafted proposal "p-1_x1" of three towns, whose people are registered.
World with_proposal();
// The same, asked to be approved: all its sections are "Вода.".
World with_locked_proposal();

// Sends an edit of the text, and answers as World::send does.
std::string edit(World& world, const Actor& actor, std::string_view client, int sequence, std::uint64_t base,
                 std::string_view change);
// The actor's writer "k-<actor>" edits the present text, and the test fails when that is refused.
void write(World& world, const Actor& actor, std::string_view change);

// What the text says, and everything that is known of it.
std::string words(World& world);
const text::State& text_state(World& world);

} // namespace mosty::test
