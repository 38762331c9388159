#include "domain/text/rules.hpp"

#include "domain/base/invariant.hpp"
#include "domain/base/utf16.hpp"
#include "domain/text/section.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace mosty::text {

namespace {

using Kind = Operation::Kind;

constexpr std::size_t quote_length_max = 300;

rights::Relation relation_to(const Suggestion& suggestion, const Context& context, rights::Relation to_text) {
    if (context.goes_on_for(suggestion.by.actor))
        return rights::Relation::self;
    const OrganisationId organisation =
        suggestion.organisation ? *suggestion.organisation : context.organisation_of(suggestion.by.actor);
    return organisation == context.actor.organisation ? rights::Relation::colleague : to_text;
}

} // namespace

Result<void, Rejection> check_may(rights::Deed deed, const Context& context, const StreamId& stream,
                                  const Suggestion* about) {
    const Actor& actor = context.actor;
    auto relation = context.relation_to_text_of(owner_of_text(stream));
    if (!relation)
        return std::unexpected(std::move(relation.error()));
    if (about)
        relation = relation_to(*about, context, *relation);
    return rights::check(actor, deed, *relation);
}

Result<void, Rejection> check_may_edit(rights::Deed deed, const Context& context, const StreamId& stream,
                                       const Suggestion* about) {
    if (auto allowed = check_may(deed, context, stream, about); !allowed)
        return allowed;
    return context.check_text_unlocked(owner_of_text(stream));
}

Result<Based, Rejection> bring_up(const State& state, const Context& context, Based from) {
    if (from.base > state.revision) {
        return refuse(RejectionCode::base_from_future,
                      fmt::format("This speaks of revision {}, but the text is at revision {}. Follow the "
                                  "text anew.",
                                  from.base, state.revision),
                      "base", {{"revision", std::to_string(state.revision)}});
    }
    if (from.base < state.erased_to) {
        return refuse(
            RejectionCode::erased,
            fmt::format("What the text was at revision {} is erased. Follow the text anew.", from.base),
            "base", {{"revision", std::to_string(state.erased_to)}});
    }
    if (const auto* prepared = context.prepared ? std::get_if<Based>(context.prepared) : nullptr)
        from = *prepared;
    MOSTY_INVARIANT(from.base >= state.oldest_base(), "what the state has forgotten was prepared");
    while (from.base < state.revision)
        from.step_over(state.recent[from.base - state.oldest_base()]);
    return from;
}

Result<void, Rejection> check_fits(const State& state, const Delta& change) {
    if (const auto misfit = state.content.misfit(change)) {
        return refuse(RejectionCode::edit_out_of_range,
                      *misfit == Misfit::past_the_end
                          ? "The change goes past the end of the text. Follow the text anew."
                          : "The change would cut a character in two. Follow the text anew.",
                      "change");
    }
    const std::ptrdiff_t growth = change.growth();
    const std::size_t length = state.content.length() + static_cast<std::size_t>(growth);
    if (growth > 0 && length > text_length_max) {
        return refuse(RejectionCode::text_too_long,
                      fmt::format("A text holds at most {} characters; with this it would be {}. Shorten it "
                                  "or split it.",
                                  text_length_max, length),
                      "change",
                      {{"max", std::to_string(text_length_max)}, {"length", std::to_string(length)}});
    }
    return {};
}

std::optional<Delta> repair_for(const State& state, const Delta& change) {
    if (state.content.would_end_with_newline(change))
        return std::nullopt;
    const auto length = static_cast<std::ptrdiff_t>(state.content.length()) + change.growth();
    return Delta().retain(static_cast<std::size_t>(length)).insert(u"\n");
}

std::string quote_of(const Content& content, Range range) {
    std::size_t to = std::min(range.to, range.from + quote_length_max);
    std::u16string text = content.text(range.from, to);
    if (!text.empty() && is_high_surrogate(text.back()))
        text.pop_back();
    return utf8_of(text);
}

std::string quote_of(const Content& content, const Delta& change) {
    std::size_t position = 0;
    Range touched{content.length(), 0};
    for (const Operation& operation : change.operations()) {
        if (operation.kind == Kind::insert)
            continue;
        if (operation.kind == Kind::remove || !operation.attributes.is_empty()) {
            touched.from = std::min(touched.from, position);
            touched.to = position + operation.length;
        }
        position += operation.length;
    }
    return touched.is_empty() ? std::string() : quote_of(content, touched);
}

} // namespace mosty::text
