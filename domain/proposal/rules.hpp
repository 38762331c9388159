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

// Refuses those who may not write: all but the officers and mayors of any partner, and the programme.
Result<void, Rejection> check_may_write(const State& state, const Context& context);

// Refuses changes to the content while a version is being approved or has been submitted.
Result<void, Rejection> check_unlocked(const State& state);

// The decisions on the content.
Result<Events, Rejection> decide_content(const State&, const Context&, const Draft&);
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

// The side whose mayor the actor is. `not_allowed` for all others.
Result<Side, Rejection> side_of_mayor(const State& state, const Actor& actor);

} // namespace mosty::proposal
