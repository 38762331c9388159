#include "domain/history/correct.hpp"
#include "domain/proposal/amend.hpp"
#include "domain/proposal/rules.hpp"

namespace mosty::proposal {

namespace {

// Who may record a fact may correct it: a signature belongs to its mayor.
Result<void, Rejection> check_may_record(const Fact& fact, const State& state, const Context& context) {
    const auto check_mayor = [&](Side side) -> Result<void, Rejection> {
        const auto own = side_of_mayor(state, context.actor);
        if (!own)
            return std::unexpected(own.error());
        if (*own == side)
            return {};
        return refuse(RejectionCode::not_allowed, "Only the mayor who recorded this may correct it.",
                      "corrects");
    };
    if (const auto* returned = std::get_if<Returned>(&fact))
        return check_mayor(returned->side);
    const auto* approved = std::get_if<Approved>(&fact);
    if (approved && context.actor.role != Role::service)
        return check_mayor(approved->side);
    const auto party = party_of(context.actor, state.towns.ua, state.towns.eu);
    if (!party)
        return std::unexpected(party.error());
    return {};
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
    const auto fact = find_fact(state.trail, command.corrects);
    if (!fact) {
        const auto allowed = party_of(context.actor, state.towns.ua, state.towns.eu);
        return std::unexpected(allowed ? fact.error() : allowed.error());
    }
    if (const auto allowed = check_may_record((*fact)->data, state, context); !allowed)
        return std::unexpected(allowed.error());
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
