#include "domain/partnership/decide.hpp"

#include "domain/history/correct.hpp"
#include "domain/municipality/state.hpp"
#include "domain/partnership/amend.hpp"
#include "domain/rights/naming.hpp"

#include <fmt/format.h>

namespace mosty::partnership {

namespace {

using Refused = std::unexpected<Rejection>;

Refused wrong_status(Status status) {
    const auto next = [&] {
        switch (status) {
        case Status::proposed:
            return "It can be accepted, declined or withdrawn.";
        case Status::active:
            return "It can be ended.";
        default:
            return "Propose a new partnership instead.";
        }
    }();
    return refuse(RejectionCode::wrong_status,
                  fmt::format("This partnership is {}. {}", to_string(status), next), {},
                  {{"status", std::string(to_string(status))}});
}

Refused already(std::string sentence) {
    return refuse(RejectionCode::already_done, std::move(sentence));
}

Result<void, Rejection> check_not_ahead(std::optional<PartialDate> on, const Context& context) {
    if (!on || !is_after(*on, context.today))
        return {};
    return refuse(RejectionCode::too_early, "This day is still to come. Record it when it has happened.",
                  "on", {{"today", to_string(context.today)}});
}

Result<void, Rejection> check_town(const Context& context, const MunicipalityId& id, Side side) {
    const auto* town = context.municipality(id);
    if (!town) {
        return refuse(RejectionCode::not_found, fmt::format("The town {} is not registered.", id.text()),
                      to_string(side), {{"municipality", id.text()}});
    }
    if (side_of_country(town->row.country) == side)
        return {};
    return refuse(RejectionCode::same_side,
                  "A partnership joins a town in Ukraine with a town in another country. Choose one of each.",
                  to_string(side), {{"municipality", id.text()}});
}

Result<Events, Rejection> decide_one(const State& state, const Context& context, const StreamId& stream,
                                     const Propose& command) {
    const auto by = party_for(rights::deed_of<Propose>, context.actor, command.ua, command.eu);
    if (!by)
        return std::unexpected(by.error());
    if (const auto checked = rights::check_leaves_room(stream); !checked)
        return std::unexpected(checked.error());
    if (state.exists())
        return refuse(RejectionCode::already_exists,
                      "There is already a partnership with this id. Choose another.");
    if (const auto checked = check_town(context, command.ua, Side::ua); !checked)
        return std::unexpected(checked.error());
    if (const auto checked = check_town(context, command.eu, Side::eu); !checked)
        return std::unexpected(checked.error());
    return Events{Proposed{command.ua, command.eu, *by, command.sectors, command.note, command.strand,
                           command.phase, command.source, command.confidence}};
}

Result<Events, Rejection> decide_one(const State& state, const Context& context, const Accept& command) {
    const Standing& now = state.standing;
    const auto side = side_to_sign(rights::deed_of<Accept>, context.actor, now.ua, now.eu, command.side);
    if (!side)
        return std::unexpected(side.error());
    if (now.status == Status::active || (now.status == Status::proposed && now.accepted[*side]))
        return already("This side has already accepted the partnership.");
    if (now.status != Status::proposed)
        return wrong_status(now.status);
    if (const auto checked = check_not_ahead(command.on, context); !checked)
        return std::unexpected(checked.error());
    return Events{Accepted{*side, command.on}};
}

Result<Events, Rejection> decide_one(const State& state, const Context& context, const Decline& command) {
    const Standing& now = state.standing;
    const auto party = party_for(rights::deed_of<Decline>, context.actor, now.ua, now.eu);
    if (!party)
        return std::unexpected(party.error());
    const Side side = *party == Party::ua ? Side::ua : Side::eu;
    if (now.status == Status::declined)
        return already("This partnership has already been declined.");
    if (now.status != Status::proposed)
        return wrong_status(now.status);
    if (now.accepted[side]) {
        return already(now.by == *party
                           ? "Your side proposed this partnership. Withdraw it instead."
                           : "Your side has accepted this partnership and cannot decline it any more.");
    }
    return Events{Declined{side, command.reason}};
}

Result<Events, Rejection> decide_one(const State& state, const Context& context, const Withdraw& command) {
    const Standing& now = state.standing;
    const auto allowed = rights::check(context.actor, rights::deed_of<Withdraw>,
                                       relation_to(context.actor, now.by, now.ua, now.eu));
    if (!allowed)
        return std::unexpected(allowed.error());
    if (now.status == Status::withdrawn)
        return already("This partnership has already been withdrawn.");
    if (now.status != Status::proposed)
        return wrong_status(now.status);
    return Events{Withdrawn{command.reason}};
}

Result<Events, Rejection> decide_one(const State& state, const Context& context, const End& command) {
    const Standing& now = state.standing;
    if (const auto party = party_for(rights::deed_of<End>, context.actor, now.ua, now.eu); !party)
        return std::unexpected(party.error());
    if (now.status == Status::ended)
        return already(
            "This partnership has already ended. Correct its end if the day or the reason is wrong.");
    if (now.status != Status::active)
        return wrong_status(now.status);
    if (const auto checked = check_not_ahead(command.on, context); !checked)
        return std::unexpected(checked.error());
    return Events{Ended{command.on, command.reason}};
}

// Who may record a fact may correct it.
bool may_record(const Fact& fact, const Actor& actor, const Standing& now) {
    const auto may = [&](rights::Deed deed, Party by) {
        return rights::may(actor.role, deed, relation_to(actor, by, now.ua, now.eu));
    };
    return std::visit(
        Overloaded{
            [&](const Proposed& proposed) { return may(rights::deed_of<Propose>, proposed.by); },
            [&](const Accepted& accepted) { return may(rights::deed_of<Accept>, party_of(accepted.side)); },
            [&](const Declined& declined) { return may(rights::deed_of<Decline>, party_of(declined.side)); },
            [&](const Withdrawn&) { return may(rights::deed_of<Withdraw>, now.by); },
            [&](const Ended&) {
                return rights::may(actor.role, rights::deed_of<End>, relation_to(actor, now.ua, now.eu));
            },
        },
        fact);
}

Result<void, Rejection> check_fact(const Fact& fact, const Context& context) {
    if (const auto* accepted = std::get_if<Accepted>(&fact))
        return check_not_ahead(accepted->on, context);
    if (const auto* ended = std::get_if<Ended>(&fact))
        return check_not_ahead(ended->on, context);
    return {};
}

Result<Events, Rejection> decide_one(const State& state, const Context& context, const Correct& command) {
    const auto party =
        party_for(rights::deed_of<Correct>, context.actor, state.standing.ua, state.standing.eu);
    if (!party)
        return std::unexpected(party.error());
    const auto fact = find_fact(state.trail, command.corrects);
    if (!fact)
        return std::unexpected(fact.error());
    if (!may_record((*fact)->data, context.actor, state.standing)) {
        return refuse(RejectionCode::not_allowed,
                      "Only who may record this fact may correct it. Ask the other side.", "corrects");
    }
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

Result<Events, Rejection> decide(const State& state, const Context& context, const StreamId& stream,
                                 const Command& command) {
    if (!state.exists() && !std::holds_alternative<Propose>(command)) {
        return refuse(RejectionCode::not_found, "There is no such partnership. Check the link.");
    }
    return std::visit(
        [&](const auto& one) {
            if constexpr (std::is_same_v<decltype(one), const Propose&>)
                return decide_one(state, context, stream, one);
            else
                return decide_one(state, context, one);
        },
        command);
}

} // namespace mosty::partnership
