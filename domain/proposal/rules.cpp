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

Rejection not_found() {
    return {RejectionCode::not_found, "There is no such proposal. Check the link.", {}, {}};
}

rights::Relation relation_to(const State& state, const Actor& actor) {
    const auto relation = mosty::relation_to(actor, state.towns.ua, state.towns.eu);
    if (relation == rights::Relation::own)
        return relation;
    const bool is_partner = std::ranges::any_of(state.content.partners, [&](const MunicipalityId& id) {
        return id.text() == actor.organisation.text();
    });
    return is_partner ? rights::Relation::partner : relation;
}

bool is_seen_by(const State& state, const Actor& actor) {
    return state.exists() &&
           rights::may_read(actor.role, rights::Reading::proposal, relation_to(state, actor));
}

Result<void, Rejection> check_may(rights::Deed deed, const State& state, const Context& context) {
    return rights::check(context.actor, deed, relation_to(state, context.actor));
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

} // namespace mosty::proposal
