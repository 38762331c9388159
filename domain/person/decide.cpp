#include "domain/person/decide.hpp"

#include "domain/history/changes.hpp"
#include "domain/history/correct.hpp"
#include "domain/person/amend.hpp"
#include "domain/person/decide_account.hpp"

namespace mosty::person {

namespace {

Result<Events, Rejection> decide_one(const State& state, const Context& context, const StreamId&,
                                     const Register& command) {
    if (const auto allowed = rights::check(context.actor, rights::deed_of<Register>, rights::Relation::none);
        !allowed)
        return std::unexpected(allowed.error());
    if (!state.exists())
        return Events{Registered{command.profile}};
    if (command.profile == state.profile)
        return Events{};
    return refuse(RejectionCode::already_exists,
                  "Somebody is registered under this id. Correct that entry, or choose another id.");
}

// An organisation and a role are corrected by others than a name and a language.
Result<void, Rejection> check_may_correct(const Actor& actor, const StreamId& stream,
                                          const Changes& changes) {
    const auto relation = stream == stream_of(actor.id) ? rights::Relation::self : rights::Relation::none;
    if (auto allowed = rights::check(actor, rights::deed_of<Correct>, relation); !allowed)
        return allowed;
    const auto beyond =
        first_left({{"organisation", changes.organisation.has_value()}, {"role", changes.role.has_value()}});
    if (beyond.empty())
        return {};
    auto allowed = rights::check(actor, rights::Deed::correct_person_place, relation);
    if (!allowed)
        allowed.error().field = beyond;
    return allowed;
}

Result<Events, Rejection> decide_one(const State& state, const Context& context, const StreamId& stream,
                                     const Correct& command) {
    if (const auto allowed = check_may_correct(context.actor, stream, command.changes); !allowed)
        return std::unexpected(allowed.error());
    if (!state.exists())
        return refuse(RejectionCode::not_found, "Nobody is registered under this id. Check the link.");
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
    if (const auto allowed = rights::check(context.actor, rights::deed_of<Erase>, rights::Relation::none);
        !allowed)
        return std::unexpected(allowed.error());
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
