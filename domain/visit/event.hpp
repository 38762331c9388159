#pragma once

#include "domain/base/actor.hpp"
#include "domain/base/names.hpp"
#include "domain/base/partial_date.hpp"
#include "domain/base/side.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace mosty::visit {

enum class Kind { study_visit, return_visit, internship, meeting };

// Stored for ever: a new meaning is a new type or a new schema version.
struct Planned {
    static constexpr auto type = "visit.planned"sv;
    PartnershipId partnership;
    MunicipalityId ua;
    MunicipalityId eu;
    std::string title;
    Side host = Side::ua;
    Kind kind = Kind::study_visit;
    PartialDate from;
    std::optional<PartialDate> to;
    std::optional<std::string> place;
    std::optional<std::string> purpose;
    Party by = Party::ua;
    std::optional<std::string> source;
    friend bool operator==(const Planned&, const Planned&) = default;
};

struct Confirmed {
    static constexpr auto type = "visit.confirmed"sv;
    Side side = Side::ua;
    friend bool operator==(const Confirmed&, const Confirmed&) = default;
};

// Without `from`, until further notice.
struct Postponed {
    static constexpr auto type = "visit.postponed"sv;
    std::optional<PartialDate> from;
    std::optional<PartialDate> to;
    std::string reason;
    friend bool operator==(const Postponed&, const Postponed&) = default;
};

struct Cancelled {
    static constexpr auto type = "visit.cancelled"sv;
    std::string reason;
    friend bool operator==(const Cancelled&, const Cancelled&) = default;
};

struct Held {
    static constexpr auto type = "visit.held"sv;
    PartialDate from;
    std::optional<PartialDate> to;
    std::optional<std::int64_t> participants_ua;
    std::optional<std::int64_t> participants_eu;
    friend bool operator==(const Held&, const Held&) = default;
};

struct Reported {
    static constexpr auto type = "visit.reported"sv;
    std::string summary;
    std::vector<std::string> lessons;
    friend bool operator==(const Reported&, const Reported&) = default;
};

// New values for fields of the corrected fact; `fact_reason` is the fact's own reason.
struct Changes {
    std::optional<std::string> title;
    std::optional<Side> host;
    std::optional<Kind> kind;
    std::optional<PartialDate> from;
    std::optional<PartialDate> to;
    std::optional<std::string> place;
    std::optional<std::string> purpose;
    std::optional<std::string> source;
    std::optional<std::int64_t> participants_ua;
    std::optional<std::int64_t> participants_eu;
    std::optional<std::string> summary;
    std::optional<std::vector<std::string>> lessons;
    std::optional<std::string> fact_reason;
    friend bool operator==(const Changes&, const Changes&) = default;
};

struct Corrected {
    static constexpr auto type = "visit.corrected"sv;
    EventId corrects;
    std::string reason;
    bool retracted = false;
    Changes changes;
    friend bool operator==(const Corrected&, const Corrected&) = default;
};

using Event = std::variant<Planned, Confirmed, Postponed, Cancelled, Held, Reported, Corrected>;
using Events = std::vector<Event>;

// What corrections may name.
using Fact = std::variant<Planned, Confirmed, Postponed, Cancelled, Held, Reported>;

} // namespace mosty::visit

template <>
struct mosty::WordsOf<mosty::visit::Kind> {
    static constexpr std::array words{std::string_view{"study_visit"}, std::string_view{"return_visit"},
                                      std::string_view{"internship"}, std::string_view{"meeting"}};
};
