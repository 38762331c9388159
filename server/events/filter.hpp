#pragma once

#include "domain/base/ids.hpp"
#include "domain/codec/entry.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mosty::events {

// Which events somebody wants: those for which every condition holds that is set.
struct Filter {
    std::string stream =
        {}; // "proposal/p-1"; with a slash at the end all streams below: "text/proposal/p-1/"
    std::vector<std::string> types = {}; // any of these
    std::string actor = {};
    std::string organisation = {}; // to which the actor belonged when it was recorded
    std::string correlation = {};  // the command with which a chain of events began
    std::optional<std::int64_t> since_ms = {};
    std::optional<std::int64_t> until_ms = {};

    bool wants_all() const;

    // Whether everything but the organisation fits.
    bool fits(const codec::Envelope& envelope) const;
};

// A condition that no event can meet because it is ill-formed or names what does not exist.
struct Mistake {
    std::string field;
    std::string sentence;
    std::string code = "invalid_field";
};

std::optional<Mistake> mistake_in(const Filter& filter);

// "visit.held,visit.planned" taken apart.
std::vector<std::string> types_in(std::string_view list);

// The streams that a filter's `stream` stands for, when they are known by name: one stream, or the texts of
// one proposal. None when it is empty or stands for an open number of streams.
std::vector<StreamId> streams_named(const std::string& stream);

} // namespace mosty::events
