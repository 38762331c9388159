#include "domain/sites/decide.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace mosty::sites {
namespace {

using Refused = std::unexpected<Rejection>;

Refused not_found() {
    return refuse(RejectionCode::not_found, "There is no such place here. Look at the proposal again.",
                  "site");
}

Refused already(std::string_view sentence) {
    return refuse(RejectionCode::already_done, std::string(sentence));
}

std::string_view seers_of(Audience audience) {
    return audience == Audience::town ? "your own town alone" : "both towns";
}

// Whose town keeps the site, as a party between the two.
Party keeper_of(const Site& site) {
    return site.side == Side::ua ? Party::ua : Party::eu;
}

// Those of the keeping town stand to a site as to their own.
rights::Relation relation_to(const Site& site, const Context& context, const ProposalTie& tie) {
    if (tie.relation != rights::Relation::own)
        return tie.relation;
    return mosty::relation_to(context.actor, keeper_of(site), tie.ua, tie.eu);
}

// A site that somebody asks to change, and may.
template <class Command>
Result<const Site*, Rejection> site_for(const State& state, const Context& context, const ProposalTie& tie,
                                        const Command& command) {
    const auto found = state.sites.find(command.site);
    if (found == state.sites.end())
        return not_found();
    const Site& site = found->second;
    if (const auto may =
            rights::check(context.actor, rights::deed_of<Command>, relation_to(site, context, tie));
        !may)
        return std::unexpected(may.error());
    if (site.erased && !std::is_same_v<Command, Erase>)
        return refuse(RejectionCode::erased, "This place was erased. Nothing more can be said of it.");
    return &site;
}

Refused removed() {
    return refuse(RejectionCode::wrong_status,
                  "This place was removed from the proposal. Record it anew if it belongs here after all.",
                  {}, {{"status", "removed"}});
}

Result<void, Rejection> check_place(const Description& description) {
    if (description.lat_e5.has_value() == description.lon_e5.has_value())
        return {};
    return refuse(RejectionCode::invalid_field, "Give both coordinates, or neither.",
                  description.lat_e5 ? "lon_e5" : "lat_e5");
}

Result<Events, Rejection> decide_one(const State& state, const Context& context, const ProposalTie& tie,
                                     const Record& command) {
    if (const auto may = rights::check(context.actor, rights::deed_of<Record>, tie.relation); !may)
        return std::unexpected(may.error());
    if (state.sites.contains(command.site))
        return refuse(RejectionCode::already_exists, "There is already a place with this id. Choose another.",
                      "site");
    const auto there =
        std::ranges::count_if(state.sites, [](const auto& one) { return one.second.is_there(); });
    if (static_cast<std::size_t>(there) >= sites_max || state.sites.size() >= sites_ever_max)
        return refuse(
            RejectionCode::too_many,
            fmt::format("A proposal has at most {} places at one time, and {} in its whole history.",
                        sites_max, sites_ever_max),
            "site", {{"max", std::to_string(sites_max)}});
    const auto party = speaks_as(context.actor, tie.ua, tie.eu);
    const Side side = party == Party::ua ? Side::ua : Side::eu;
    return Events{Recorded{command.site, side, command.audience}};
}

Result<Events, Rejection> decide_one(const State& state, const Context& context, const ProposalTie& tie,
                                     const Describe& command) {
    const auto site = site_for(state, context, tie, command);
    if (!site)
        return std::unexpected(site.error());
    if ((*site)->removed)
        return removed();
    if ((*site)->audience != command.audience)
        return refuse(
            RejectionCode::wrong_status,
            fmt::format("This place is now seen by {}. Look whether that is what you want, and save "
                        "again.",
                        seers_of((*site)->audience)),
            "audience", {{"status", std::string(to_string((*site)->audience))}});
    if (const auto checked = check_place(command.description); !checked)
        return std::unexpected(checked.error());
    if ((*site)->description == command.description)
        return Events{};
    return Events{Described{command.site, command.audience, command.description}};
}

// The description goes to the new audience with what says so, and never to the old one again.
template <class Change>
Events changed_to(Audience audience, const SiteId& id, const Site& site) {
    Events events{Change{id}};
    if (site.description)
        events.push_back(Described{id, audience, *site.description});
    return events;
}

Result<Events, Rejection> decide_one(const State& state, const Context& context, const ProposalTie& tie,
                                     const Share& command) {
    const auto site = site_for(state, context, tie, command);
    if (!site)
        return std::unexpected(site.error());
    if ((*site)->removed)
        return removed();
    if ((*site)->audience == Audience::partners)
        return already("Both towns see this place already.");
    return changed_to<Shared>(Audience::partners, command.site, **site);
}

Result<Events, Rejection> decide_one(const State& state, const Context& context, const ProposalTie& tie,
                                     const Withdraw& command) {
    const auto site = site_for(state, context, tie, command);
    if (!site)
        return std::unexpected(site.error());
    if ((*site)->removed)
        return removed();
    if ((*site)->audience == Audience::town)
        return already("Your own town alone sees this place already.");
    return changed_to<Withdrawn>(Audience::town, command.site, **site);
}

Result<Events, Rejection> decide_one(const State& state, const Context& context, const ProposalTie& tie,
                                     const Remove& command) {
    const auto site = site_for(state, context, tie, command);
    if (!site)
        return std::unexpected(site.error());
    if ((*site)->removed)
        return already("This place has already been removed.");
    return Events{Removed{command.site}};
}

Result<Events, Rejection> decide_one(const State& state, const Context& context, const ProposalTie& tie,
                                     const Erase& command) {
    const auto site = site_for(state, context, tie, command);
    if (!site)
        return std::unexpected(site.error());
    if ((*site)->erased)
        return already("This place has already been erased.");
    return Events{Erased{command.site}};
}

} // namespace

StreamId proposal_of(const StreamId& sites) {
    return StreamId("proposal" + sites.text().substr(sites.text().find('/')));
}

Result<Events, Rejection> decide(const State& state, const Context& context, const StreamId& stream,
                                 const Command& command) {
    const auto tie = context.tie_to_proposal(proposal_of(stream));
    if (!tie)
        return std::unexpected(tie.error());
    return std::visit([&](const auto& one) { return decide_one(state, context, *tie, one); }, command);
}

} // namespace mosty::sites
