#pragma once

#include "domain/history/trail.hpp"
#include "domain/proposal/event.hpp"

#include <map>

namespace mosty::proposal {

enum class Status { draft, in_approval, approved, submitted, granted, rejected };

// What both towns write together and a version freezes. Lines, sources and indicators are ordered by
// their ids, so that the same content is the same whatever the order of writing.
struct Content {
    std::string title;
    std::optional<std::string> summary;
    std::vector<Sector> sectors;
    std::vector<MunicipalityId> partners;
    std::map<BudgetLineId, BudgetLine> budget;
    std::map<FundingSourceId, FundingSource> sources;
    std::map<IndicatorId, Indicator> indicators;
};

// What the facts add up to. Correcting a fact folds this again from the whole trail.
struct Standing {
    Status status = Status::draft;
    std::int64_t version = 0; // the version named by the last request still standing; 0 for none
    PerSide<bool> approved;
    Side lead = Side::ua;
    std::optional<PartialDate> submitted_on;
};

struct State {
    Revision revision = 0;
    PartnershipId partnership;
    PerSide<MunicipalityId> towns; // the partnership's two, whose mayors approve
    Content content;
    Revision content_revision = 0;   // of the last event that touched the content
    std::int64_t versions_named = 0; // a version's number is never given twice, even when taken back
    Standing standing;
    Trail<Fact> trail;

    bool exists() const { return revision > 0; }
    bool is_locked() const { return standing.status != Status::draft; }
};

} // namespace mosty::proposal

template <>
struct mosty::WordsOf<mosty::proposal::Status> {
    static constexpr std::array words{
        std::string_view{"draft"},     std::string_view{"in_approval"}, std::string_view{"approved"},
        std::string_view{"submitted"}, std::string_view{"granted"},     std::string_view{"rejected"},
    };
};
