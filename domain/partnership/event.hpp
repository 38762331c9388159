#pragma once

#include "domain/base/actor.hpp"
#include "domain/base/names.hpp"
#include "domain/base/partial_date.hpp"
#include "domain/base/sector.hpp"
#include "domain/base/side.hpp"

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace mosty::partnership {

// How sure a source is of an imported fact.
enum class Confidence { stated, inferred };

// Stored for ever: a new meaning is a new type or a new schema version.
struct Proposed {
    static constexpr auto type = "partnership.proposed"sv;
    MunicipalityId ua;
    MunicipalityId eu;
    Party by = Party::ua;
    std::vector<Sector> sectors;
    std::optional<std::string> note;
    std::optional<std::string> strand;
    std::optional<std::string> phase;
    std::optional<std::string> source;
    std::optional<Confidence> confidence;
    friend bool operator==(const Proposed&, const Proposed&) = default;
};

struct Accepted {
    static constexpr auto type = "partnership.accepted"sv;
    Side side = Side::ua;
    std::optional<PartialDate> on;
    friend bool operator==(const Accepted&, const Accepted&) = default;
};

struct Declined {
    static constexpr auto type = "partnership.declined"sv;
    Side side = Side::ua;
    std::string reason;
    friend bool operator==(const Declined&, const Declined&) = default;
};

struct Withdrawn {
    static constexpr auto type = "partnership.withdrawn"sv;
    std::string reason;
    friend bool operator==(const Withdrawn&, const Withdrawn&) = default;
};

struct Ended {
    static constexpr auto type = "partnership.ended"sv;
    PartialDate on;
    std::string reason;
    friend bool operator==(const Ended&, const Ended&) = default;
};

// New values for fields of the corrected fact; `fact_reason` is the fact's own reason.
struct Changes {
    std::optional<std::vector<Sector>> sectors;
    std::optional<std::string> note;
    std::optional<std::string> strand;
    std::optional<std::string> phase;
    std::optional<std::string> source;
    std::optional<Confidence> confidence;
    std::optional<PartialDate> on;
    std::optional<std::string> fact_reason;
    friend bool operator==(const Changes&, const Changes&) = default;
};

struct Corrected {
    static constexpr auto type = "partnership.corrected"sv;
    EventId corrects;
    std::string reason;
    bool retracted = false;
    Changes changes;
    friend bool operator==(const Corrected&, const Corrected&) = default;
};

using Event = std::variant<Proposed, Accepted, Declined, Withdrawn, Ended, Corrected>;
using Events = std::vector<Event>;

// What corrections may name.
using Fact = std::variant<Proposed, Accepted, Declined, Withdrawn, Ended>;

} // namespace mosty::partnership

template <>
struct mosty::WordsOf<mosty::partnership::Confidence> {
    static constexpr std::array words{std::string_view{"stated"}, std::string_view{"inferred"}};
};
