#pragma once

#include "domain/codec/entry.hpp"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace mosty::test {

// A log in memory, written event by event. Entry 0 is recorded at 2026-11-22T10:00:00.000Z, every further
// one a second later; event ids are "e-<position>".
class History {
public:
    // Records an event with this data, as JSON, and answers its id.
    std::string record(std::string_view stream, std::string_view type, std::string_view data,
                       std::string_view actor = "u-ana");

    Size size() const { return entries_.size(); }
    const std::vector<codec::DecodedEntry>& entries() const { return entries_; }
    const std::vector<std::string>& bytes() const { return bytes_; }

    // Two towns and the active partnership "p-1" between them: four events.
    static History with_partnership();

private:
    std::vector<codec::DecodedEntry> entries_;
    std::vector<std::string> bytes_;
    std::map<std::string, Revision, std::less<>> revisions_;
};

// The time of the event at a position, as views write it.
std::string at(Position position);

inline constexpr std::string_view ua_town = "UA32140010000049369";
inline constexpr std::string_view eu_town = "HU_10719";

} // namespace mosty::test
