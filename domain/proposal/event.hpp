#pragma once

#include "domain/base/side.hpp"
#include "domain/proposal/event_approval.hpp"
#include "domain/proposal/parts.hpp"

#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace mosty::proposal {

// Stored for ever: a new meaning is a new type or a new schema version.
struct Drafted {
    static constexpr auto type = "proposal.drafted"sv;
    PartnershipId partnership;
    std::string title;
    Side lead = Side::ua;
    std::vector<MunicipalityId> partners; // the partnership's two first: the Ukrainian, the European
    std::vector<Sector> sectors;
    std::optional<std::string> summary;
    std::optional<std::string> source;
    friend bool operator==(const Drafted&, const Drafted&) = default;
};

// The fields that an edit can clear.
enum class Clearable { summary };

struct Edited {
    static constexpr auto type = "proposal.edited"sv;
    std::optional<std::string> title;
    std::optional<std::string> summary;
    std::optional<std::vector<Sector>> sectors;
    std::vector<Clearable> cleared;
    friend bool operator==(const Edited&, const Edited&) = default;
};

struct PartnerAdded {
    static constexpr auto type = "proposal.partner_added"sv;
    MunicipalityId municipality;
    friend bool operator==(const PartnerAdded&, const PartnerAdded&) = default;
};

struct PartnerRemoved {
    static constexpr auto type = "proposal.partner_removed"sv;
    MunicipalityId municipality;
    friend bool operator==(const PartnerRemoved&, const PartnerRemoved&) = default;
};

struct BudgetLineSet {
    static constexpr auto type = "proposal.budget_line_set"sv;
    BudgetLine line;
    friend bool operator==(const BudgetLineSet&, const BudgetLineSet&) = default;
};

struct BudgetLineRemoved {
    static constexpr auto type = "proposal.budget_line_removed"sv;
    BudgetLineId line;
    friend bool operator==(const BudgetLineRemoved&, const BudgetLineRemoved&) = default;
};

struct FundingSourceSet {
    static constexpr auto type = "proposal.funding_source_set"sv;
    FundingSource source;
    friend bool operator==(const FundingSourceSet&, const FundingSourceSet&) = default;
};

struct FundingSourceRemoved {
    static constexpr auto type = "proposal.funding_source_removed"sv;
    FundingSourceId source;
    friend bool operator==(const FundingSourceRemoved&, const FundingSourceRemoved&) = default;
};

struct IndicatorSet {
    static constexpr auto type = "proposal.indicator_set"sv;
    Indicator indicator;
    friend bool operator==(const IndicatorSet&, const IndicatorSet&) = default;
};

struct IndicatorRemoved {
    static constexpr auto type = "proposal.indicator_removed"sv;
    IndicatorId indicator;
    friend bool operator==(const IndicatorRemoved&, const IndicatorRemoved&) = default;
};

// New values for fields of the corrected fact; `fact_reason` is the fact's own reason.
struct Changes {
    std::optional<Side> lead;
    std::optional<std::string> source;
    std::optional<std::string> funder;
    std::optional<PartialDate> on;
    std::optional<std::string> reference;
    std::optional<Answer> answer;
    std::optional<std::int64_t> amount;
    std::optional<Currency> currency;
    std::optional<std::string> note;
    std::optional<std::string> fact_reason;
    friend bool operator==(const Changes&, const Changes&) = default;
};

struct Corrected {
    static constexpr auto type = "proposal.corrected"sv;
    EventId corrects;
    std::string reason;
    bool retracted = false;
    Changes changes;
    friend bool operator==(const Corrected&, const Corrected&) = default;
};

using Event =
    std::variant<Drafted, Edited, PartnerAdded, PartnerRemoved, BudgetLineSet, BudgetLineRemoved,
                 FundingSourceSet, FundingSourceRemoved, IndicatorSet, IndicatorRemoved, ApprovalAsked,
                 Approved, Returned, ApprovalWithdrawn, Submitted, Answered, Corrected>;
using Events = std::vector<Event>;

// What corrections may name. Content is not corrected: one edits again.
using Fact = std::variant<Drafted, ApprovalAsked, Approved, Returned, ApprovalWithdrawn, Submitted, Answered>;

} // namespace mosty::proposal

template <>
struct mosty::WordsOf<mosty::proposal::Clearable> {
    static constexpr std::array words{std::string_view{"summary"}};
};
