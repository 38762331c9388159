#include "domain/context.hpp"

#include "domain/base/invariant.hpp"
#include "domain/domain.hpp"
#include "domain/proposal/rules.hpp"

namespace mosty {

namespace {

template <class State>
const State* find_other(std::span<const Context::Other> others, const StreamId& stream) {
    for (const Context::Other& other : others) {
        if (other.stream != stream || !other.state)
            continue;
        const State* state = std::get_if<State>(other.state);
        return state && state->exists() ? state : nullptr;
    }
    return nullptr;
}

bool is_from(const Actor& actor, const MunicipalityId& town) {
    return actor.organisation.text() == town.text();
}

} // namespace

const municipality::State* Context::municipality(const MunicipalityId& id) const {
    return find_other<municipality::State>(others, stream_of(id));
}

const partnership::State* Context::partnership(const PartnershipId& id) const {
    return find_other<partnership::State>(others, stream_of(id));
}

const text::State* Context::text(const StreamId& id) const {
    return find_other<text::State>(others, id);
}

const proposal::State* Context::proposal(const StreamId& id) const {
    return find_other<proposal::State>(others, id);
}

const person::State* Context::person(const ActorId& id) const {
    return find_other<person::State>(others, stream_of(id));
}

OrganisationId Context::organisation_of(const ActorId& id) const {
    const auto* known = person(id);
    return known ? known->profile.organisation : OrganisationId();
}

bool Context::goes_on_for(const ActorId& id) const {
    ActorId one = id;
    // People may hand over in a circle.
    for (std::size_t hands = 0; hands <= others.size(); ++hands) {
        if (one == actor.id)
            return true;
        const auto* known = person(one);
        if (!known || !known->successor)
            return false;
        one = *known->successor;
    }
    return false;
}

Result<ProposalTie, Rejection> Context::tie_to_proposal(const StreamId& stream) const {
    const auto* own = proposal(stream);
    if (!own || !proposal::is_seen_by(*own, actor))
        return std::unexpected(proposal::not_found());
    return ProposalTie{own->towns.ua, own->towns.eu, proposal::relation_to(*own, actor)};
}

Result<rights::Relation, Rejection> Context::relation_to_text_of(const StreamId& owner) const {
    const auto tie = tie_to_proposal(owner);
    if (!tie)
        return std::unexpected(tie.error());
    return tie->relation;
}

Result<void, Rejection> Context::check_text_unlocked(const StreamId& owner) const {
    const auto* own = proposal(owner);
    return own ? proposal::check_unlocked(*own) : Result<void, Rejection>();
}

StreamId stream_of(const MunicipalityId& id) {
    return StreamId("municipality/" + id.text());
}

StreamId stream_of(const PartnershipId& id) {
    return StreamId("partnership/" + id.text());
}

StreamId stream_of(const ActorId& id) {
    return StreamId("person/" + id.text());
}

Side side_of_country(std::string_view country) {
    return country == "UA" ? Side::ua : Side::eu;
}

std::optional<Party> speaks_as(const Actor& actor, const MunicipalityId& ua, const MunicipalityId& eu) {
    if (acts_for_programme(actor.role))
        return Party::programme;
    if (is_from(actor, ua))
        return Party::ua;
    if (is_from(actor, eu))
        return Party::eu;
    return std::nullopt;
}

rights::Relation relation_to(const Actor& actor, const MunicipalityId& ua, const MunicipalityId& eu) {
    const auto party = speaks_as(actor, ua, eu);
    return party && *party != Party::programme ? rights::Relation::own : rights::Relation::none;
}

rights::Relation relation_to(const Actor& actor, Party by, const MunicipalityId& ua,
                             const MunicipalityId& eu) {
    const auto party = speaks_as(actor, ua, eu);
    if (!party)
        return rights::Relation::none;
    return *party == by ? rights::Relation::own : rights::Relation::other;
}

Result<Party, Rejection> party_for(rights::Deed deed, const Actor& actor, const MunicipalityId& ua,
                                   const MunicipalityId& eu) {
    if (const auto allowed = rights::check(actor, deed, relation_to(actor, ua, eu)); !allowed)
        return std::unexpected(allowed.error());
    const auto party = speaks_as(actor, ua, eu);
    MOSTY_INVARIANT(party, "between two towns the table lets only them and the programme write");
    return *party;
}

Result<Side, Rejection> side_to_sign(rights::Deed deed, const Actor& actor, const MunicipalityId& ua,
                                     const MunicipalityId& eu, std::optional<Side> named) {
    const auto party = party_for(deed, actor, ua, eu);
    if (!party)
        return std::unexpected(party.error());
    if (*party == Party::programme) {
        if (named)
            return *named;
        return refuse(RejectionCode::invalid_field, "Say for which side you record this: \"ua\" or \"eu\".",
                      "side");
    }
    if (named) {
        return refuse(RejectionCode::not_allowed, "You always speak for your own town. Leave the side out.",
                      "side");
    }
    return *party == Party::ua ? Side::ua : Side::eu;
}

} // namespace mosty
