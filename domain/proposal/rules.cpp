#include "domain/proposal/rules.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace mosty::proposal {

namespace {

RejectionParams status_param(Status status) {
    return {{"status", std::string(to_string(status))}};
}

} // namespace

std::unexpected<Rejection> wrong_status(Status status) {
    const auto sentence = [&] {
        switch (status) {
        case Status::draft:
            return "This proposal is a draft. Ask both mayors for approval first.";
        case Status::in_approval:
            return "This proposal waits for approval by both mayors. It can be approved, returned or "
                   "withdrawn.";
        case Status::approved:
            return "Both mayors have approved this proposal. It can be submitted or withdrawn.";
        case Status::submitted:
            return "This proposal has been submitted. The funder's answer can be recorded.";
        case Status::granted:
            return "This proposal has been granted. Correct what is wrong in the history.";
        case Status::rejected:
            break;
        }
        return "This proposal has been rejected by the funder. Draft a new one.";
    }();
    return refuse(RejectionCode::wrong_status, sentence, {}, status_param(status));
}

Result<void, Rejection> check_may_write(const State& state, const Context& context) {
    const Actor& actor = context.actor;
    const bool is_partner = acts_for_municipality(actor.role) &&
                            std::ranges::any_of(state.content.partners, [&](const MunicipalityId& id) {
                                return id.text() == actor.organisation.text();
                            });
    if (is_partner)
        return {};
    const auto party = party_of(actor, state.towns.ua, state.towns.eu);
    if (!party)
        return std::unexpected(party.error());
    return {};
}

Result<void, Rejection> check_unlocked(const State& state) {
    const Status status = state.standing.status;
    const auto sentence = [&] {
        switch (status) {
        case Status::in_approval:
            return "This proposal waits for approval by both mayors. Withdraw the request to edit it.";
        case Status::approved:
            return "Both mayors have approved this proposal. Withdraw the approval to edit it.";
        default:
            return "This proposal has been submitted and its content is frozen. Draft a new one to change "
                   "it.";
        }
    };
    if (!state.is_locked())
        return {};
    return refuse(RejectionCode::locked, sentence(), {}, status_param(status));
}

Result<Side, Rejection> side_of_mayor(const State& state, const Actor& actor) {
    if (actor.role == Role::mayor) {
        if (actor.organisation.text() == state.towns.ua.text())
            return Side::ua;
        if (actor.organisation.text() == state.towns.eu.text())
            return Side::eu;
        return refuse(RejectionCode::not_a_partner,
                      "Only the mayors of the partnership's two towns decide on this proposal.");
    }
    return refuse(RejectionCode::not_allowed, "Only a mayor decides on this. Ask your mayor to do it.", {},
                  {{"role", std::string(to_string(actor.role))}});
}

} // namespace mosty::proposal
