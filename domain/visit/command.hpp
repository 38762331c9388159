#pragma once

#include "domain/visit/event.hpp"

namespace mosty::visit {

struct Plan {
    static constexpr auto name = "plan_visit"sv;
    PartnershipId partnership;
    std::string title;
    Side host = Side::ua;
    Kind kind = Kind::study_visit;
    PartialDate from;
    std::optional<PartialDate> to;
    std::optional<std::string> place;
    std::optional<std::string> purpose;
    std::optional<std::string> source;
};

struct Confirm {
    static constexpr auto name = "confirm_visit"sv;
    std::optional<Side> side; // named by the programme only
};

struct Postpone {
    static constexpr auto name = "postpone_visit"sv;
    std::optional<PartialDate> from;
    std::optional<PartialDate> to;
    std::string reason;
};

struct Cancel {
    static constexpr auto name = "cancel_visit"sv;
    std::string reason;
};

struct Hold {
    static constexpr auto name = "hold_visit"sv;
    PartialDate from;
    std::optional<PartialDate> to;
    std::optional<std::int64_t> participants_ua;
    std::optional<std::int64_t> participants_eu;
};

struct Report {
    static constexpr auto name = "report_visit"sv;
    std::string summary;
    std::vector<std::string> lessons;
};

struct Correct {
    static constexpr auto name = "correct_visit"sv;
    EventId corrects;
    std::string reason;
    bool retracted = false;
    Changes changes;
};

using Command = std::variant<Plan, Confirm, Postpone, Cancel, Hold, Report, Correct>;

} // namespace mosty::visit
