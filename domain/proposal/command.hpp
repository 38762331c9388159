#pragma once

#include "domain/proposal/event.hpp"

namespace mosty::proposal {

struct Draft {
    static constexpr auto name = "draft_proposal"sv;
    PartnershipId partnership;
    std::string title;
    std::vector<Sector> sectors;
    std::optional<std::string> summary;
    std::optional<Side> lead; // the programme must name it; a side leads what it drafts
    std::optional<std::string> source;
};

struct Edit {
    static constexpr auto name = "edit_proposal"sv;
    std::optional<std::string> title;
    std::optional<std::string> summary;
    std::optional<std::vector<Sector>> sectors;
    std::vector<Clearable> cleared; // the fields given as null
};

struct AddPartner {
    static constexpr auto name = "add_partner"sv;
    MunicipalityId municipality;
};

struct RemovePartner {
    static constexpr auto name = "remove_partner"sv;
    MunicipalityId municipality;
};

struct SetBudgetLine {
    static constexpr auto name = "set_budget_line"sv;
    BudgetLine line;
};

struct RemoveBudgetLine {
    static constexpr auto name = "remove_budget_line"sv;
    BudgetLineId line;
};

struct SetFundingSource {
    static constexpr auto name = "set_funding_source"sv;
    FundingSource source;
};

struct RemoveFundingSource {
    static constexpr auto name = "remove_funding_source"sv;
    FundingSourceId source;
};

struct SetIndicator {
    static constexpr auto name = "set_indicator"sv;
    Indicator indicator;
};

struct RemoveIndicator {
    static constexpr auto name = "remove_indicator"sv;
    IndicatorId indicator;
};

struct AskApproval {
    static constexpr auto name = "ask_approval"sv;
};

struct Approve {
    static constexpr auto name = "approve_proposal"sv;
    std::int64_t version = 1;
    std::optional<Side> side; // named by a service only
};

struct Return {
    static constexpr auto name = "return_proposal"sv;
    std::int64_t version = 1;
    std::string reason;
};

struct WithdrawApproval {
    static constexpr auto name = "withdraw_approval"sv;
    std::int64_t version = 1;
    std::string reason;
};

struct Submit {
    static constexpr auto name = "submit_proposal"sv;
    std::int64_t version = 1;
    std::string funder;
    PartialDate on; // a full date
    std::optional<std::string> reference;
};

struct RecordAnswer {
    static constexpr auto name = "record_answer"sv;
    Answer answer = Answer::granted;
    PartialDate on;
    std::optional<std::int64_t> amount;
    std::optional<Currency> currency;
    std::optional<std::string> note;
};

struct Correct {
    static constexpr auto name = "correct_proposal"sv;
    EventId corrects;
    std::string reason;
    bool retracted = false;
    Changes changes;
};

using Command = std::variant<Draft, Edit, AddPartner, RemovePartner, SetBudgetLine, RemoveBudgetLine,
                             SetFundingSource, RemoveFundingSource, SetIndicator, RemoveIndicator,
                             AskApproval, Approve, Return, WithdrawApproval, Submit, RecordAnswer, Correct>;

} // namespace mosty::proposal
