#pragma once

#include "tests/bench/options.hpp"

#include <fmt/format.h>

#include <cstddef>
#include <string>

// A programme of a million events, and what it is asked of its past.
namespace mosty::bench {

inline constexpr std::size_t past_partnerships = 40;
inline constexpr std::size_t past_proposals = 1'000;
inline constexpr std::size_t past_visits = 4'000;
inline constexpr std::size_t past_texts = 200; // sections of the first 25 proposals

inline std::string past_town(std::size_t number, bool ukrainian) {
    return ukrainian ? fmt::format("UA990000000000{:05}", number) : fmt::format("HU_9{:05}", number);
}
inline std::string past_partnership(std::size_t number) {
    return fmt::format("past-{}", number);
}
inline std::string past_proposal(std::size_t number) {
    return fmt::format("proposal/past-{}", number);
}
inline std::string past_visit(std::size_t number) {
    return fmt::format("visit/past-{}", number);
}
std::string past_text(std::size_t number);

// Appends events to the log of a folder that nobody has open, until it holds --events.
void fill_past(const Options& options);

// Asks a server for views, lists and texts as of random sizes and times, and prints how long that took.
void ask_past(const Options& options);

} // namespace mosty::bench
