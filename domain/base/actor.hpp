#pragma once

#include "domain/base/ids.hpp"
#include "domain/base/names.hpp"

#include <array>
#include <string_view>

namespace mosty {

using namespace std::string_view_literals;

// A town, by its code in the official register: "UA32140010000049369", "HU_10719".
using MunicipalityId = Id<struct MunicipalityTag>;
// A municipality's id, or a programme organisation's: "cemr", "auc", "u-lead".
using OrganisationId = Id<struct OrganisationTag>;
using PartnershipId = Id<struct PartnershipTag>;
using BudgetLineId = Id<struct BudgetLineTag>;
using FundingSourceId = Id<struct FundingSourceTag>;
using IndicatorId = Id<struct IndicatorTag>;

enum class Role { officer, mayor, expert, auditor, association, secretariat, funder, service };

template <>
struct WordsOf<Role> {
    static constexpr std::array words{
        "officer"sv,     "mayor"sv,       "expert"sv, "auditor"sv,
        "association"sv, "secretariat"sv, "funder"sv, "service"sv,
    };
};

// Who acts, and for whom.
struct Actor {
    ActorId id;
    OrganisationId organisation;
    Role role = Role::auditor;
    // The server itself saw to what the command says of a secret: it was made, used or destroyed.
    bool vouched = false;

    friend bool operator==(const Actor&, const Actor&) = default;
};

// A service may do what the secretariat may.
constexpr bool acts_for_programme(Role role) {
    return role == Role::secretariat || role == Role::service;
}

constexpr bool acts_for_municipality(Role role) {
    return role == Role::officer || role == Role::mayor;
}

} // namespace mosty
