#pragma once

#include "domain/history/trail.hpp"
#include "domain/partnership/event.hpp"

namespace mosty::partnership {

using namespace std::string_view_literals;

enum class Status { proposed, active, ended, declined, withdrawn };

// What the facts add up to. Correcting a fact folds this again from the whole trail.
struct Standing {
    Status status = Status::proposed;
    MunicipalityId ua;
    MunicipalityId eu;
    Party by = Party::ua;
    PerSide<bool> accepted;
    std::vector<Sector> sectors;
};

struct State {
    Revision revision = 0;
    Standing standing;
    Trail<Fact> trail;

    bool exists() const { return revision > 0; }
};

} // namespace mosty::partnership

template <>
struct mosty::WordsOf<mosty::partnership::Status> {
    static constexpr std::array words{
        std::string_view{"proposed"}, std::string_view{"active"},    std::string_view{"ended"},
        std::string_view{"declined"}, std::string_view{"withdrawn"},
    };
};
