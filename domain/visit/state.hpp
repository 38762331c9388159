#pragma once

#include "domain/history/trail.hpp"
#include "domain/visit/event.hpp"

namespace mosty::visit {

enum class Status { planned, confirmed, postponed, cancelled, held, reported };

// What the facts add up to. Correcting a fact folds this again from the whole trail.
struct Standing {
    Status status = Status::planned;
    PartnershipId partnership;
    MunicipalityId ua;
    MunicipalityId eu;
    PerSide<bool> confirmed;
    std::optional<PartialDate> from; // nothing: postponed until further notice
    std::optional<PartialDate> to;
};

struct State {
    Revision revision = 0;
    Standing standing;
    Trail<Fact> trail;

    bool exists() const { return revision > 0; }
};

} // namespace mosty::visit

template <>
struct mosty::WordsOf<mosty::visit::Status> {
    static constexpr std::array words{
        std::string_view{"planned"},   std::string_view{"confirmed"}, std::string_view{"postponed"},
        std::string_view{"cancelled"}, std::string_view{"held"},      std::string_view{"reported"},
    };
};
