#pragma once

#include "domain/partnership/event.hpp"

namespace mosty::partnership {

struct Propose {
    static constexpr auto name = "propose_partnership"sv;
    MunicipalityId ua;
    MunicipalityId eu;
    std::vector<Sector> sectors;
    std::optional<std::string> note;
    std::optional<std::string> strand;
    std::optional<std::string> phase;
    std::optional<std::string> source;
    std::optional<Confidence> confidence;
};

struct Accept {
    static constexpr auto name = "accept_partnership"sv;
    std::optional<PartialDate> on;
    std::optional<Side> side; // named by the programme only
};

struct Decline {
    static constexpr auto name = "decline_partnership"sv;
    std::string reason;
};

struct Withdraw {
    static constexpr auto name = "withdraw_partnership"sv;
    std::string reason;
};

struct End {
    static constexpr auto name = "end_partnership"sv;
    PartialDate on;
    std::string reason;
};

struct Correct {
    static constexpr auto name = "correct_partnership"sv;
    EventId corrects;
    std::string reason;
    bool retracted = false;
    Changes changes;
};

using Command = std::variant<Propose, Accept, Decline, Withdraw, End, Correct>;

} // namespace mosty::partnership
