#include "domain/visit/decide.hpp"

#include "domain/history/correct.hpp"
#include "domain/partnership/state.hpp"
#include "domain/rights/naming.hpp"
#include "domain/visit/amend.hpp"

#include <fmt/format.h>

namespace mosty::visit {

namespace {

using Refused = std::unexpected<Rejection>;

Refused wrong_status(Status status) {
    const auto next = [&] {
        switch (status) {
        case Status::planned:
            return "It can be confirmed, postponed, cancelled or recorded as held.";
        case Status::confirmed:
            return "It can be postponed, cancelled or recorded as held.";
        case Status::postponed:
            return "It can be given new dates, confirmed once it has them, or cancelled.";
        case Status::held:
            return "A report can be written.";
        case Status::cancelled:
            return "Plan a new visit instead.";
        case Status::reported:
            break;
        }
        return "Correct what is wrong in the history.";
    }();
    return refuse(RejectionCode::wrong_status, fmt::format("This visit is {}. {}", to_string(status), next),
                  {}, {{"status", std::string(to_string(status))}});
}

Refused already(std::string sentence) {
    return refuse(RejectionCode::already_done, std::move(sentence));
}

Result<void, Rejection> check_order(std::optional<PartialDate> from, std::optional<PartialDate> to) {
    if (to && !from)
        return refuse(RejectionCode::invalid_field, "Give the first day too, or leave out the last.", "to");
    if (to && ends_before_it_starts(*from, *to))
        return refuse(RejectionCode::invalid_field, "The last day lies before the first. Exchange them.",
                      "to");
    return {};
}

Result<void, Rejection> check_begun(PartialDate from, const Context& context) {
    if (!is_after(from, context.today))
        return {};
    return refuse(RejectionCode::too_early,
                  fmt::format("The visit begins on {}. Record it from its first day on.", to_string(from)),
                  "from", {{"from", to_string(from)}, {"today", to_string(context.today)}});
}

Result<Events, Rejection> decide_one(const State& state, const Context& context, const StreamId& stream,
                                     const Plan& command) {
    const auto* partnership = context.partnership(command.partnership);
    if (!partnership)
        return refuse(RejectionCode::not_found, "There is no such partnership. Check the link.",
                      "partnership");
    const auto& between = partnership->standing;
    const auto by = party_for(rights::deed_of<Plan>, context.actor, between.ua, between.eu);
    if (!by)
        return std::unexpected(by.error());
    if (const auto named = rights::check_named_for(command.partnership, context.actor, stream); !named)
        return std::unexpected(named.error());
    if (state.exists())
        return refuse(RejectionCode::already_exists,
                      "There is already a visit with this id. Choose another.");
    if (between.status != partnership::Status::active) {
        return refuse(
            RejectionCode::partnership_not_active,
            fmt::format("The partnership is {}. Visits need an active one.", to_string(between.status)),
            "partnership", {{"status", std::string(to_string(between.status))}});
    }
    if (const auto checked = check_order(command.from, command.to); !checked)
        return std::unexpected(checked.error());
    return Events{Planned{command.partnership, between.ua, between.eu, command.title, command.host,
                          command.kind, command.from, command.to, command.place, command.purpose, *by,
                          command.source}};
}

Result<Events, Rejection> decide_one(const State& state, const Context& context, const Confirm& command) {
    const Standing& now = state.standing;
    const auto side = side_to_sign(rights::deed_of<Confirm>, context.actor, now.ua, now.eu, command.side);
    if (!side)
        return std::unexpected(side.error());
    if (now.status == Status::confirmed)
        return already("Both sides have already confirmed this visit.");
    if (now.status != Status::planned && now.status != Status::postponed)
        return wrong_status(now.status);
    if (now.confirmed[*side])
        return already("This side has already confirmed the visit.");
    if (!now.from) {
        return refuse(
            RejectionCode::wrong_status,
            "This visit is postponed until further notice. Postpone it to new dates, then confirm them.", {},
            {{"status", std::string(to_string(now.status))}});
    }
    return Events{Confirmed{*side}};
}

// Refuses those who may not do it to this visit.
template <class Command>
Result<Party, Rejection> party_in(const State& state, const Context& context, const Command&) {
    return party_for(rights::deed_of<Command>, context.actor, state.standing.ua, state.standing.eu);
}

bool is_still_ahead(Status status) {
    return status == Status::planned || status == Status::confirmed || status == Status::postponed;
}

Result<Events, Rejection> decide_one(const State& state, const Context& context, const Postpone& command) {
    if (const auto party = party_in(state, context, command); !party)
        return std::unexpected(party.error());
    if (!is_still_ahead(state.standing.status))
        return wrong_status(state.standing.status);
    if (const auto checked = check_order(command.from, command.to); !checked)
        return std::unexpected(checked.error());
    return Events{Postponed{command.from, command.to, command.reason}};
}

Result<Events, Rejection> decide_one(const State& state, const Context& context, const Cancel& command) {
    if (const auto party = party_in(state, context, command); !party)
        return std::unexpected(party.error());
    if (state.standing.status == Status::cancelled)
        return already("This visit has already been cancelled.");
    if (!is_still_ahead(state.standing.status))
        return wrong_status(state.standing.status);
    return Events{Cancelled{command.reason}};
}

Result<Events, Rejection> decide_one(const State& state, const Context& context, const Hold& command) {
    if (const auto party = party_in(state, context, command); !party)
        return std::unexpected(party.error());
    const Status status = state.standing.status;
    if (status == Status::held || status == Status::reported)
        return already("This visit has already been recorded as held. Correct that record if it is wrong.");
    if (status != Status::planned && status != Status::confirmed)
        return wrong_status(status);
    if (const auto checked = check_order(command.from, command.to); !checked)
        return std::unexpected(checked.error());
    if (const auto checked = check_begun(command.from, context); !checked)
        return std::unexpected(checked.error());
    return Events{Held{command.from, command.to, command.participants_ua, command.participants_eu}};
}

Result<Events, Rejection> decide_one(const State& state, const Context& context, const Report& command) {
    if (const auto party = party_in(state, context, command); !party)
        return std::unexpected(party.error());
    const Status status = state.standing.status;
    if (status == Status::reported)
        return already("This visit has its report. Correct the report instead.");
    if (status != Status::held)
        return wrong_status(status);
    return Events{Reported{command.summary, command.lessons}};
}

Result<void, Rejection> check_fact(const Fact& fact, const Context& context) {
    return std::visit(
        Overloaded{
            [](const Planned& planned) { return check_order(planned.from, planned.to); },
            [](const Postponed& postponed) { return check_order(postponed.from, postponed.to); },
            [&](const Held& held) {
                const auto ordered = check_order(held.from, held.to);
                return ordered ? check_begun(held.from, context) : ordered;
            },
            [](const auto&) { return Result<void, Rejection>(); },
        },
        fact);
}

Result<Events, Rejection> decide_one(const State& state, const Context& context, const Correct& command) {
    if (const auto party = party_in(state, context, command); !party)
        return std::unexpected(party.error());
    const auto fact = find_fact(state.trail, command.corrects);
    if (!fact)
        return std::unexpected(fact.error());
    if (command.retracted) {
        if (const auto checked = check_retraction(state.trail, **fact); !checked)
            return std::unexpected(checked.error());
        return Events{Corrected{command.corrects, command.reason, true, {}}};
    }
    const auto data = amended<Fact>(**fact, command.changes, amend);
    if (!data)
        return std::unexpected(data.error());
    if (*data == (*fact)->data)
        return Events{};
    if (const auto checked = check_fact(*data, context); !checked)
        return std::unexpected(checked.error());
    return Events{Corrected{command.corrects, command.reason, false, command.changes}};
}

} // namespace

bool is_seen_by(const State& state, const Actor& actor) {
    return state.exists() && rights::may_read(actor.role, rights::Reading::visit,
                                              relation_to(actor, state.standing.ua, state.standing.eu));
}

Result<Events, Rejection> decide(const State& state, const Context& context, const StreamId& stream,
                                 const Command& command) {
    if (!std::holds_alternative<Plan>(command) && !is_seen_by(state, context.actor))
        return refuse(RejectionCode::not_found, "There is no such visit. Check the link.");
    return std::visit(
        [&](const auto& one) {
            if constexpr (std::is_same_v<decltype(one), const Plan&>)
                return decide_one(state, context, stream, one);
            else
                return decide_one(state, context, one);
        },
        command);
}

} // namespace mosty::visit
