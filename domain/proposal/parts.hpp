#pragma once

#include "domain/base/actor.hpp"
#include "domain/base/money.hpp"
#include "domain/base/names.hpp"
#include "domain/base/partial_date.hpp"
#include "domain/base/sector.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace mosty::proposal {

// One cost in the budget, borne by one of the partners.
struct BudgetLine {
    BudgetLineId id;
    CostCategory category = CostCategory::staff;
    MunicipalityId partner;
    std::string description;
    std::int64_t amount = 0; // in minor units
    Currency currency;
    bool invented = false;
    friend bool operator==(const BudgetLine&, const BudgetLine&) = default;
};

enum class FundingKind { own, grant, loan, donation };
enum class FundingStatus { planned, asked, confirmed };

// Where money may come from, or already does.
struct FundingSource {
    FundingSourceId id;
    std::string name;
    FundingKind kind = FundingKind::own;
    std::optional<MunicipalityId> partner;
    std::int64_t amount = 0; // in minor units
    Currency currency;
    FundingStatus status = FundingStatus::planned;
    bool invented = false;
    friend bool operator==(const FundingSource&, const FundingSource&) = default;
};

// What will be counted to see whether the project worked.
struct Indicator {
    IndicatorId id;
    std::string name;
    std::string unit;
    std::optional<std::int64_t> baseline;
    std::optional<std::int64_t> target;
    std::optional<PartialDate> baseline_on;
    std::optional<std::string> source;
    bool invented = false;
    friend bool operator==(const Indicator&, const Indicator&) = default;
};

} // namespace mosty::proposal

template <>
struct mosty::WordsOf<mosty::proposal::FundingKind> {
    static constexpr std::array words{std::string_view{"own"}, std::string_view{"grant"},
                                      std::string_view{"loan"}, std::string_view{"donation"}};
};

template <>
struct mosty::WordsOf<mosty::proposal::FundingStatus> {
    static constexpr std::array words{std::string_view{"planned"}, std::string_view{"asked"},
                                      std::string_view{"confirmed"}};
};
