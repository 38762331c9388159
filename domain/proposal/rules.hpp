#pragma once

#include "domain/base/result.hpp"
#include "domain/context.hpp"
#include "domain/proposal/command.hpp"
#include "domain/proposal/state.hpp"

#include <cstddef>

// What the decisions on a proposal share.
namespace mosty::proposal {

inline constexpr std::size_t partners_max = 8;
inline constexpr std::size_t budget_lines_max = 200;
inline constexpr std::size_t funding_sources_max = 40;
inline constexpr std::size_t indicators_max = 60;

// Says the status and what can be done in it.
std::unexpected<Rejection> wrong_status(Status status);

// What is said of a proposal that does not exist, and of one that the actor may not read.
Rejection not_found();

// Whether the proposal exists for the actor: there is nothing that one may not read.
bool is_seen_by(const State& state, const Actor& actor);

// How the actor stands to the proposal: `own`, `partner` or `none`.
rights::Relation relation_to(const State& state, const Actor& actor);

// Refuses those to whom the table of rights does not give it.
Result<void, Rejection> check_may(rights::Deed deed, const State& state, const Context& context);

// Refuses changes to the content while a version is being approved or has been submitted.
Result<void, Rejection> check_unlocked(const State& state);

// The decisions on the content.
Result<Events, Rejection> decide_content(const State&, const Context&, const StreamId&, const Draft&);
Result<Events, Rejection> decide_content(const State&, const Context&, const Edit&);
Result<Events, Rejection> decide_content(const State&, const Context&, const AddPartner&);
Result<Events, Rejection> decide_content(const State&, const Context&, const RemovePartner&);
Result<Events, Rejection> decide_content(const State&, const Context&, const SetBudgetLine&);
Result<Events, Rejection> decide_content(const State&, const Context&, const RemoveBudgetLine&);
Result<Events, Rejection> decide_content(const State&, const Context&, const SetFundingSource&);
Result<Events, Rejection> decide_content(const State&, const Context&, const RemoveFundingSource&);
Result<Events, Rejection> decide_content(const State&, const Context&, const SetIndicator&);
Result<Events, Rejection> decide_content(const State&, const Context&, const RemoveIndicator&);

// The decisions from asking for approval to the funder's answer.
Result<Events, Rejection> decide_version(const State&, const Context&, const StreamId&, const AskApproval&);
Result<Events, Rejection> decide_version(const State&, const Context&, const Approve&);
Result<Events, Rejection> decide_version(const State&, const Context&, const Return&);
Result<Events, Rejection> decide_version(const State&, const Context&, const WithdrawApproval&);
Result<Events, Rejection> decide_version(const State&, const Context&, const Submit&);
Result<Events, Rejection> decide_version(const State&, const Context&, const RecordAnswer&);

Result<Events, Rejection> decide_correction(const State&, const Context&, const Correct&);

// What holds for a submission and an answer, both when recorded and when corrected.
Result<void, Rejection> check_submission(const Submitted& submitted, const Context& context);
Result<void, Rejection> check_answer(const Answered& answered, const State& state, const Context& context);

} // namespace mosty::proposal
