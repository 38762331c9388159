#include "domain/partnership/state.hpp"
#include "domain/proposal/rules.hpp"
#include "domain/rights/naming.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace mosty::proposal {

namespace {

template <class Command>
Result<void, Rejection> check_may_edit(const State& state, const Context& context, const Command&) {
    if (auto allowed = check_may(rights::deed_of<Command>, state, context); !allowed)
        return allowed;
    return check_unlocked(state);
}

bool is_partner(const Content& content, const MunicipalityId& id) {
    return std::ranges::find(content.partners, id) != content.partners.end();
}

Result<void, Rejection> check_partner(const Content& content, const MunicipalityId& id) {
    if (is_partner(content, id))
        return {};
    return refuse(RejectionCode::invalid_field,
                  fmt::format("{} is not a partner of this proposal. Add the partner first.", id.text()),
                  "partner", {{"municipality", id.text()}});
}

// Decides on a line, source or indicator to be set among the others of its table.
template <class Set, class Part, class Table>
Result<Events, Rejection> set_part(const Table& table, const Part& part, std::size_t count_max,
                                   std::string_view what) {
    const auto there = table.find(part.id);
    if (there != table.end()) {
        if (there->second == part)
            return Events{};
        return Events{Set{part}};
    }
    if (table.size() >= count_max) {
        return refuse(
            RejectionCode::too_many,
            fmt::format("A proposal holds at most {} {}. Remove or merge some first.", count_max, what), {},
            {{"max", std::to_string(count_max)}});
    }
    return Events{Set{part}};
}

template <class Removed, class Table, class Id>
Result<Events, Rejection> remove_part(const Table& table, const Id& id, std::string_view field) {
    if (table.contains(id))
        return Events{Removed{id}};
    return refuse(
        RejectionCode::not_found,
        fmt::format("This proposal has no {} \"{}\". It may have been removed already.", field, id.text()),
        field);
}

Result<Side, Rejection> lead_of(Party party, std::optional<Side> named) {
    if (party == Party::programme) {
        if (named)
            return *named;
        return refuse(RejectionCode::invalid_field, "Say which side leads: \"ua\" or \"eu\".", "lead");
    }
    const Side own = party == Party::ua ? Side::ua : Side::eu;
    if (!named || *named == own)
        return own;
    return refuse(RejectionCode::not_allowed, "The town that drafts a proposal leads it. Leave the lead out.",
                  "lead");
}

} // namespace

Result<Events, Rejection> decide_content(const State& state, const Context& context, const StreamId& stream,
                                         const Draft& command) {
    const auto* partnership = context.partnership(command.partnership);
    if (!partnership)
        return refuse(RejectionCode::not_found, "There is no such partnership. Check the link.",
                      "partnership");
    const auto& between = partnership->standing;
    const auto party = party_for(rights::deed_of<Draft>, context.actor, between.ua, between.eu);
    if (!party)
        return std::unexpected(party.error());
    if (const auto named = rights::check_named_for(command.partnership, context.actor, stream); !named)
        return std::unexpected(named.error());
    if (state.exists())
        return refuse(RejectionCode::already_exists,
                      "There is already a proposal with this id. Choose another.");
    if (between.status != partnership::Status::active) {
        return refuse(
            RejectionCode::partnership_not_active,
            fmt::format("The partnership is {}. Proposals need an active one.", to_string(between.status)),
            "partnership", {{"status", std::string(to_string(between.status))}});
    }
    const auto lead = lead_of(*party, command.lead);
    if (!lead)
        return std::unexpected(lead.error());
    return Events{Drafted{command.partnership,
                          command.title,
                          *lead,
                          {between.ua, between.eu},
                          command.sectors,
                          command.summary,
                          command.source}};
}

Result<Events, Rejection> decide_content(const State& state, const Context& context, const Edit& command) {
    if (const auto allowed = check_may_edit(state, context, command); !allowed)
        return std::unexpected(allowed.error());
    const Content& now = state.content;
    Edited edited;
    if (command.title && *command.title != now.title)
        edited.title = command.title;
    if (command.summary && command.summary != now.summary)
        edited.summary = command.summary;
    if (command.sectors && *command.sectors != now.sectors)
        edited.sectors = command.sectors;
    if (now.summary && std::ranges::find(command.cleared, Clearable::summary) != command.cleared.end())
        edited.cleared.push_back(Clearable::summary);
    if (edited == Edited{})
        return Events{};
    return Events{std::move(edited)};
}

Result<Events, Rejection> decide_content(const State& state, const Context& context,
                                         const AddPartner& command) {
    if (const auto allowed = check_may_edit(state, context, command); !allowed)
        return std::unexpected(allowed.error());
    if (is_partner(state.content, command.municipality))
        return Events{};
    if (!context.municipality(command.municipality)) {
        return refuse(RejectionCode::not_found,
                      fmt::format("The town {} is not registered.", command.municipality.text()),
                      "municipality", {{"municipality", command.municipality.text()}});
    }
    if (state.content.partners.size() >= partners_max) {
        return refuse(RejectionCode::too_many,
                      fmt::format("A proposal has at most {} partners. Remove one first.", partners_max), {},
                      {{"max", std::to_string(partners_max)}});
    }
    return Events{PartnerAdded{command.municipality}};
}

Result<Events, Rejection> decide_content(const State& state, const Context& context,
                                         const RemovePartner& command) {
    if (const auto allowed = check_may_edit(state, context, command); !allowed)
        return std::unexpected(allowed.error());
    const MunicipalityId& id = command.municipality;
    if (!is_partner(state.content, id)) {
        return refuse(
            RejectionCode::not_found,
            fmt::format("{} is not a partner of this proposal. Nothing is to be removed.", id.text()),
            "municipality");
    }
    if (id == state.towns.ua || id == state.towns.eu) {
        return refuse(RejectionCode::invalid_field,
                      "The partnership's own two towns stay partners. Only further partners can be removed.",
                      "municipality");
    }
    const bool named_in_budget = std::ranges::any_of(
        state.content.budget, [&](const auto& line) { return line.second.partner == id; });
    const bool named_in_sources = std::ranges::any_of(
        state.content.sources, [&](const auto& source) { return source.second.partner == id; });
    if (named_in_budget || named_in_sources) {
        return refuse(RejectionCode::invalid_field,
                      fmt::format("The {} still names this partner. Change or remove those rows first.",
                                  named_in_budget ? "budget" : "funding"),
                      "municipality");
    }
    return Events{PartnerRemoved{id}};
}

Result<Events, Rejection> decide_content(const State& state, const Context& context,
                                         const SetBudgetLine& command) {
    if (const auto allowed = check_may_edit(state, context, command); !allowed)
        return std::unexpected(allowed.error());
    if (const auto known = check_partner(state.content, command.line.partner); !known)
        return std::unexpected(known.error());
    return set_part<BudgetLineSet>(state.content.budget, command.line, budget_lines_max, "budget lines");
}

Result<Events, Rejection> decide_content(const State& state, const Context& context,
                                         const RemoveBudgetLine& command) {
    if (const auto allowed = check_may_edit(state, context, command); !allowed)
        return std::unexpected(allowed.error());
    return remove_part<BudgetLineRemoved>(state.content.budget, command.line, "line");
}

Result<Events, Rejection> decide_content(const State& state, const Context& context,
                                         const SetFundingSource& command) {
    if (const auto allowed = check_may_edit(state, context, command); !allowed)
        return std::unexpected(allowed.error());
    if (command.source.partner) {
        if (const auto known = check_partner(state.content, *command.source.partner); !known)
            return std::unexpected(known.error());
    }
    return set_part<FundingSourceSet>(state.content.sources, command.source, funding_sources_max,
                                      "funding sources");
}

Result<Events, Rejection> decide_content(const State& state, const Context& context,
                                         const RemoveFundingSource& command) {
    if (const auto allowed = check_may_edit(state, context, command); !allowed)
        return std::unexpected(allowed.error());
    return remove_part<FundingSourceRemoved>(state.content.sources, command.source, "source");
}

Result<Events, Rejection> decide_content(const State& state, const Context& context,
                                         const SetIndicator& command) {
    if (const auto allowed = check_may_edit(state, context, command); !allowed)
        return std::unexpected(allowed.error());
    return set_part<IndicatorSet>(state.content.indicators, command.indicator, indicators_max, "indicators");
}

Result<Events, Rejection> decide_content(const State& state, const Context& context,
                                         const RemoveIndicator& command) {
    if (const auto allowed = check_may_edit(state, context, command); !allowed)
        return std::unexpected(allowed.error());
    return remove_part<IndicatorRemoved>(state.content.indicators, command.indicator, "indicator");
}

} // namespace mosty::proposal
