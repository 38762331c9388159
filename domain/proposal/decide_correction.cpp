#include "domain/history/correct.hpp"
#include "domain/proposal/amend.hpp"
#include "domain/proposal/rules.hpp"

namespace mosty::proposal {

namespace {

// Who may record a fact may correct it: a signature belongs to its mayor.
bool may_record(const Fact& fact, const State& state, const Actor& actor) {
    const PerSide<MunicipalityId>& towns = state.towns;
    const auto may = [&](rights::Deed deed) {
        return rights::may(actor.role, deed, relation_to(state, actor));
    };
    const auto may_sign = [&](rights::Deed deed, Side side) {
        return rights::may(actor.role, deed, mosty::relation_to(actor, party_of(side), towns.ua, towns.eu));
    };
    return std::visit(
        Overloaded{
            [&](const Drafted&) { return may(rights::deed_of<Draft>); },
            [&](const ApprovalAsked&) { return may(rights::deed_of<AskApproval>); },
            [&](const Approved& approved) { return may_sign(rights::deed_of<Approve>, approved.side); },
            [&](const Returned& returned) { return may_sign(rights::deed_of<Return>, returned.side); },
            [&](const ApprovalWithdrawn&) { return may(rights::deed_of<WithdrawApproval>); },
            [&](const Submitted&) { return may(rights::deed_of<Submit>); },
            [&](const Answered&) { return may(rights::deed_of<RecordAnswer>); },
        },
        fact);
}

Result<void, Rejection> check_fact(const Fact& fact, const State& state, const Context& context) {
    if (const auto* submitted = std::get_if<Submitted>(&fact))
        return check_submission(*submitted, context);
    if (const auto* answered = std::get_if<Answered>(&fact))
        return check_answer(*answered, state, context);
    return {};
}

// Taking back a return would put a version up for approval again: not once its content has been edited.
Result<void, Rejection> check_content_untouched(const State& state, const Trail<Fact>::Fact& fact) {
    if (state.content_revision < fact.revision)
        return {};
    return refuse(RejectionCode::later_facts_depend_on_it,
                  "The content has been edited since. Ask for approval of a new version instead.",
                  "corrects");
}

} // namespace

Result<Events, Rejection> decide_correction(const State& state, const Context& context,
                                            const Correct& command) {
    if (const auto allowed = check_may(rights::deed_of<Correct>, state, context); !allowed)
        return std::unexpected(allowed.error());
    const auto fact = find_fact(state.trail, command.corrects);
    if (!fact)
        return std::unexpected(fact.error());
    if (!may_record((*fact)->data, state, context.actor)) {
        return refuse(RejectionCode::not_allowed, "Only the mayor who recorded this may correct it.",
                      "corrects");
    }
    if (command.retracted) {
        if (const auto checked = check_retraction(state.trail, **fact); !checked)
            return std::unexpected(checked.error());
        if (const auto checked = check_content_untouched(state, **fact); !checked)
            return std::unexpected(checked.error());
        return Events{Corrected{command.corrects, command.reason, true, {}}};
    }
    const auto data = amended<Fact>(**fact, command.changes, amend);
    if (!data)
        return std::unexpected(data.error());
    if (*data == (*fact)->data)
        return Events{};
    if (const auto checked = check_fact(*data, state, context); !checked)
        return std::unexpected(checked.error());
    return Events{Corrected{command.corrects, command.reason, false, command.changes}};
}

} // namespace mosty::proposal
