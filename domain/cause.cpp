#include "domain/cause.hpp"

#include "domain/base/invariant.hpp"
#include "domain/base/result.hpp"

#include <concepts>

// One visitor an entity, and in it every type of event by name: a new type does not compile before somebody
// has said what leads to it. tests/vectors/causes.txt says the same by hand.
namespace mosty::domain {
namespace {

using Cause = std::optional<Revision>;

// Somebody's own act, or a tool's.
constexpr Cause of_itself = std::nullopt;

template <class Event, class... Events>
concept OneOf = (std::same_as<Event, Events> || ...);

Cause known(Revision revision) {
    return revision == 0 ? of_itself : Cause{revision};
}

// The newest fact of these kinds that was not taken back.
template <class... Kinds, class Fact>
Cause last_of(const Trail<Fact>& trail) {
    for (auto fact = trail.facts().rbegin(); fact != trail.facts().rend(); ++fact)
        if (!fact->retracted && (std::holds_alternative<Kinds>(fact->data) || ...))
            return fact->revision;
    return of_itself;
}

template <class Fact>
Cause corrected(const Trail<Fact>& trail, const EventId& corrects) {
    const auto* fact = trail.find(corrects);
    return fact ? Cause{fact->revision} : of_itself;
}

template <class Table, class Id, class Revised>
Cause found_in(const Table& table, const Id& id, const Revised& revised) {
    const auto found = table.find(id);
    return found == table.end() ? of_itself : known(revised(found->second));
}

Cause cause(const municipality::State& state, const municipality::Event& event, Cause) {
    using namespace municipality;
    return std::visit(Overloaded{
                          [](const OneOf<Registered, Updated> auto&) { return of_itself; },
                          [&](const Corrected& one) { return corrected(state.trail, one.corrects); },
                      },
                      event);
}

Cause deputy_of(const person::State& state, const ActorId& deputy) {
    for (const auto& one : state.deputies)
        if (one.deputy == deputy)
            return known(one.appointed);
    return of_itself;
}

Cause cause(const person::State& state, const person::Event& event, Cause leader) {
    using namespace person;
    const auto revision = [](Revision one) { return one; };
    return std::visit(
        Overloaded{
            [](const OneOf<Registered, RoleChanged, DeputyAppointed, Left, PasswordSet, SecondFactorSet,
                           SignedOutEverywhere, TokenMade, ProviderLinked, Erased> auto&) {
                return of_itself;
            },
            [&](const Corrected& one) { return corrected(state.trail, one.corrects); },
            [&](const Invited&) { return leader; },
            [&](const OneOf<InvitationWithdrawn, Joined> auto&) { return known(state.invited); },
            [&](const DeputyEnded& one) { return deputy_of(state, one.deputy); },
            [&](const HandedOver&) { return known(state.leaving); },
            [&](const SecondFactorRemoved&) { return known(state.second_factor); },
            [&](const TokenRevoked& one) { return found_in(state.tokens, one.token, revision); },
            [&](const ProviderUnlinked& one) { return found_in(state.providers, one.provider, revision); },
        },
        event);
}

Cause cause(const partnership::State& state, const partnership::Event& event, Cause) {
    using namespace partnership;
    return std::visit(
        Overloaded{
            [](const Proposed&) { return of_itself; },
            [&](const OneOf<Accepted, Declined, Withdrawn> auto&) { return last_of<Proposed>(state.trail); },
            [&](const Ended&) { return last_of<Accepted>(state.trail); },
            [&](const Corrected& one) { return corrected(state.trail, one.corrects); },
        },
        event);
}

Cause cause(const visit::State& state, const visit::Event& event, Cause) {
    using namespace visit;
    return std::visit(Overloaded{
                          [](const Planned&) { return of_itself; },
                          // What was planned last, or put off to.
                          [&](const OneOf<Confirmed, Postponed, Cancelled, Held> auto&) {
                              return last_of<Planned, Postponed>(state.trail);
                          },
                          [&](const Reported&) { return last_of<Held>(state.trail); },
                          [&](const Corrected& one) { return corrected(state.trail, one.corrects); },
                      },
                      event);
}

// What gave a version back for writing, while it is being written again.
Cause given_back(const proposal::State& state) {
    const auto* last = state.trail.last();
    const bool is_given_back = last && (std::holds_alternative<proposal::Returned>(last->data) ||
                                        std::holds_alternative<proposal::ApprovalWithdrawn>(last->data));
    return is_given_back ? Cause{last->revision} : of_itself;
}

Cause cause(const proposal::State& state, const proposal::Event& event, Cause) {
    using namespace proposal;
    return std::visit(
        Overloaded{
            [](const Drafted&) { return of_itself; },
            [&](const OneOf<Edited, PartnerAdded, PartnerRemoved, BudgetLineSet, BudgetLineRemoved,
                            FundingSourceSet, FundingSourceRemoved, IndicatorSet, IndicatorRemoved,
                            ApprovalAsked> auto&) { return given_back(state); },
            [&](const OneOf<Approved, Returned, ApprovalWithdrawn> auto&) {
                return last_of<ApprovalAsked>(state.trail);
            },
            [&](const Submitted&) { return last_of<Approved>(state.trail); },
            [&](const Answered&) { return last_of<Submitted>(state.trail); },
            [&](const Corrected& one) { return corrected(state.trail, one.corrects); },
        },
        event);
}

Cause cause(const text::State& state, const text::Event& event, Cause) {
    using namespace text;
    const auto begun = [](const auto& one) { return one.revision; };
    return std::visit(
        Overloaded{
            [](const OneOf<Edited, Commented, Suggested, VersionNamed, Erased, Redacted> auto&) {
                return of_itself;
            },
            [&](const OneOf<Replied, ThreadResolved, ThreadReopened, AdviceAnswered> auto& one) {
                return found_in(state.threads, one.thread, begun);
            },
            [&](const OneOf<SuggestionAccepted, SuggestionDeclined> auto& one) {
                return found_in(state.suggestions, one.suggestion, begun);
            },
            // What is brought back; after a redaction that is the redaction itself.
            [](const Restored& one) { return known(static_cast<Revision>(one.revision)); },
        },
        event);
}

Cause cause(const sites::State& state, const sites::Event& event, Cause leader) {
    using namespace sites;
    return std::visit(
        Overloaded{
            [](const OneOf<sites::Recorded, Shared, Erased> auto&) { return of_itself; },
            // What a description of its own is about is sealed, and a cause stands in the clear.
            [&](const Described&) { return leader; },
            [&](const Withdrawn& one) {
                return found_in(state.sites, one.site, [](const Site& site) { return site.for_partners; });
            },
            [&](const Removed& one) {
                return found_in(state.sites, one.site, [](const Site& site) { return site.recorded; });
            },
        },
        event);
}

} // namespace

std::optional<Revision> cause_of(const State& decided_on, const Event& event,
                                 std::optional<Revision> leader) {
    const auto of = [&]<class EntityState>(std::type_identity<EntityState>, const auto& one) {
        const auto* own = std::get_if<EntityState>(&decided_on);
        MOSTY_INVARIANT(own, "an event is of its state's kind");
        return cause(*own, one, leader);
    };
    return std::visit(
        Overloaded{
            [&](const text::Event& one) { return of(std::type_identity<text::State>{}, one); },
            [&](const municipality::Event& one) {
                return of(std::type_identity<municipality::State>{}, one);
            },
            [&](const person::Event& one) { return of(std::type_identity<person::State>{}, one); },
            [&](const partnership::Event& one) { return of(std::type_identity<partnership::State>{}, one); },
            [&](const visit::Event& one) { return of(std::type_identity<visit::State>{}, one); },
            [&](const proposal::Event& one) { return of(std::type_identity<proposal::State>{}, one); },
            [&](const sites::Event& one) { return of(std::type_identity<sites::State>{}, one); },
        },
        event);
}

} // namespace mosty::domain
