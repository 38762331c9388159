#include "domain/person/decide.hpp"

#include "domain/history/changes.hpp"
#include "domain/history/correct.hpp"
#include "domain/person/amend.hpp"
#include "domain/person/decide_account.hpp"

namespace mosty::person {

namespace {

Result<Events, Rejection> decide_one(const State& state, const Context& context, const StreamId&,
                                     const Register& command) {
    if (auto refused = refuse_unless_programme(context.actor))
        return std::unexpected(*std::move(refused));
    if (!state.exists())
        return Events{Registered{command.profile}};
    if (command.profile == state.profile)
        return Events{};
    return refuse(RejectionCode::already_exists,
                  "Somebody is registered under this id. Correct that entry, or choose another id.");
}

// Others than the programme correct their own name and language, nothing else.
Result<void, Rejection> check_may_correct(const Actor& actor, const StreamId& stream,
                                          const Changes& changes) {
    if (acts_for_programme(actor.role))
        return {};
    if (stream.text() != "person/" + actor.id.text()) {
        return refuse(RejectionCode::not_allowed,
                      "You can correct your own entry only. Write to the secretariat about this one.");
    }
    const auto beyond =
        first_left({{"organisation", changes.organisation.has_value()}, {"role", changes.role.has_value()}});
    if (beyond.empty())
        return {};
    return refuse(RejectionCode::not_allowed,
                  "The secretariat changes organisations and roles. You can correct your name and language.",
                  beyond);
}

Result<Events, Rejection> decide_one(const State& state, const Context& context, const StreamId& stream,
                                     const Correct& command) {
    if (!state.exists())
        return refuse(RejectionCode::not_found, "Nobody is registered under this id. Check the link.");
    if (const auto allowed = check_may_correct(context.actor, stream, command.changes); !allowed)
        return std::unexpected(allowed.error());
    const auto fact = find_fact(state.trail, command.corrects);
    if (!fact)
        return std::unexpected(fact.error());
    const bool of_role = command.changes.role || command.changes.organisation;
    if (state.role_changed && of_role)
        return refuse(RejectionCode::later_facts_depend_on_it,
                      "This person's role has changed since. Change it again instead.", "role");
    const auto profile = amended<Profile>(**fact, command.changes, amend);
    if (!profile)
        return std::unexpected(profile.error());
    if (*profile == (*fact)->data)
        return Events{};
    return Events{Corrected{command.corrects, command.reason, command.changes}};
}

Result<Events, Rejection> decide_one(const State& state, const Context& context, const StreamId&,
                                     const Erase& command) {
    if (auto refused = refuse_unless_programme(context.actor))
        return std::unexpected(*std::move(refused));
    if (!state.exists())
        return refuse(RejectionCode::not_found, "Nobody is registered under this id. Check the link.");
    if (state.erased)
        return Events{};
    return Events{Erased{command.reason}};
}

} // namespace

Result<Events, Rejection> decide(const State& state, const Context& context, const StreamId& stream,
                                 const Command& command) {
    if (state.erased && !std::holds_alternative<Erase>(command))
        return refuse(RejectionCode::erased, "This person was erased for ever. Choose another id.");
    return std::visit([&](const auto& one) { return decide_one(state, context, stream, one); }, command);
}

} // namespace mosty::person
