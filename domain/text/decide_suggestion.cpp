#include "domain/text/rules.hpp"
#include "domain/text/section.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace mosty::text {

namespace {

Result<const Suggestion*, Rejection> find_open(const State& state, const SuggestionId& id) {
    const auto found = state.suggestions.find(id);
    if (found == state.suggestions.end())
        return refuse(RejectionCode::not_found, "There is no such suggestion in this text.", "suggestion");
    if (found->second.status != SuggestionStatus::open) {
        return refuse(RejectionCode::already_done,
                      fmt::format("This suggestion has already been {}.", to_string(found->second.status)),
                      "suggestion", {{"status", std::string(to_string(found->second.status))}});
    }
    return &found->second;
}

const Suggestion* find(const State& state, const SuggestionId& id) {
    const auto found = state.suggestions.find(id);
    return found == state.suggestions.end() ? nullptr : &found->second;
}

// Nothing for a service, which acts for none.
std::optional<OrganisationId> organisation_of(const Actor& actor) {
    return actor.organisation.text().empty() ? std::nullopt : std::optional(actor.organisation);
}

} // namespace

Result<Events, Rejection> decide_suggestion(const State& state, const Context& context,
                                            const StreamId& stream, const Suggest& command) {
    if (const auto allowed = check_may(rights::deed_of<Suggest>, context, stream); !allowed)
        return std::unexpected(allowed.error());
    if (state.suggestions.contains(command.suggestion)) {
        return refuse(RejectionCode::already_exists, "There is already a suggestion with this id.",
                      "suggestion");
    }
    const auto open = std::ranges::count_if(
        state.suggestions, [](const auto& one) { return one.second.status == SuggestionStatus::open; });
    if (static_cast<std::size_t>(open) >= suggestions_open_max ||
        state.suggestions.size() >= suggestions_max) {
        return refuse(
            RejectionCode::too_many,
            fmt::format("A text has at most {} open suggestions. Answer some first.", suggestions_open_max),
            {}, {{"max", std::to_string(suggestions_open_max)}});
    }
    auto based = bring_up(state, context, {static_cast<Revision>(command.base), command.change, {}});
    if (!based)
        return std::unexpected(based.error());
    if (const auto fits = check_fits(state, based->change); !fits)
        return std::unexpected(fits.error());
    if (based->change.is_empty()) {
        return refuse(RejectionCode::orphaned, "What this would change was deleted meanwhile.", "change");
    }
    std::string quote = quote_of(state.content, based->change);
    return Events{Suggested{command.suggestion, std::move(based->change), std::move(quote), command.note,
                            organisation_of(context.actor)}};
}

Result<Events, Rejection> decide_suggestion(const State& state, const Context& context,
                                            const StreamId& stream, const AcceptSuggestion& command) {
    const auto allowed =
        check_may_edit(rights::deed_of<AcceptSuggestion>, context, stream, find(state, command.suggestion));
    if (!allowed)
        return std::unexpected(allowed.error());
    const auto suggestion = find_open(state, command.suggestion);
    if (!suggestion)
        return std::unexpected(suggestion.error());
    if ((*suggestion)->orphaned) {
        return refuse(RejectionCode::orphaned,
                      "What this would change was deleted meanwhile. It can only be declined.", "suggestion");
    }
    const Delta& change = (*suggestion)->change;
    if (const auto fits = check_fits(state, change); !fits)
        return std::unexpected(fits.error());
    return Events{SuggestionAccepted{command.suggestion, change, repair_for(state, change)}};
}

Result<Events, Rejection> decide_suggestion(const State& state, const Context& context,
                                            const StreamId& stream, const DeclineSuggestion& command) {
    const auto allowed =
        check_may(rights::deed_of<DeclineSuggestion>, context, stream, find(state, command.suggestion));
    if (!allowed)
        return std::unexpected(allowed.error());
    if (const auto open = find_open(state, command.suggestion); !open)
        return std::unexpected(open.error());
    return Events{SuggestionDeclined{command.suggestion, command.note}};
}

} // namespace mosty::text
