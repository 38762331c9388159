#include "domain/text/decide.hpp"

#include "domain/base/invariant.hpp"
#include "domain/text/rules.hpp"
#include "domain/text/section.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace mosty::text {

namespace {

// What surely fits into one entry, six bytes a unit.
constexpr std::size_t restored_units_max = 8'000;

// The writer's next edit, each once and in order.
Result<void, Rejection> check_sequence(const State& state, const Context& context, const Edit& edit) {
    const auto known = state.clients.find(edit.client);
    if (known != state.clients.end() && known->second.actor != context.actor.id) {
        return refuse(RejectionCode::unknown_client,
                      "This writer belongs to somebody else. Ask for a writer of your own.", "client");
    }
    const std::int64_t expected = known == state.clients.end() ? 1 : known->second.sequence + 1;
    if (edit.sequence == expected)
        return {};
    RejectionParams params{{"expected", std::to_string(expected)}};
    if (edit.sequence > expected) {
        return refuse(RejectionCode::sequence_gap,
                      fmt::format("Edit {} of this writer is missing. Send it first.", expected), "sequence",
                      std::move(params));
    }
    return refuse(RejectionCode::sequence_reused,
                  "Another edit has this number already. Ask for a new writer and send this again.",
                  "sequence", std::move(params));
}

Result<Events, Rejection> decide_one(const State& state, const Context& context, const StreamId& stream,
                                     const Edit& edit) {
    if (const auto allowed = check_may_edit(rights::deed_of<Edit>, context, stream); !allowed)
        return std::unexpected(allowed.error());
    if (const auto next = check_sequence(state, context, edit); !next)
        return std::unexpected(next.error());
    auto based = bring_up(state, context, {static_cast<Revision>(edit.base), edit.change, {}});
    if (!based)
        return std::unexpected(based.error());
    if (const auto fits = check_fits(state, based->change); !fits)
        return std::unexpected(fits.error());
    auto repair = repair_for(state, based->change);
    return Events{Edited{edit.client, edit.sequence, edit.base, std::move(based->change), std::move(repair),
                         edit.typed_at}};
}

Result<void, Rejection> check_past(const State& state, std::int64_t revision) {
    if (static_cast<Revision>(revision) < state.erased_to) {
        return refuse(
            RejectionCode::erased,
            fmt::format("What the text was at revision {} is erased. Choose a later one.", revision),
            "revision", {{"revision", std::to_string(state.erased_to)}});
    }
    if (static_cast<Revision>(revision) <= state.revision)
        return {};
    return refuse(RejectionCode::base_from_future,
                  fmt::format("The text is at revision {}. Choose that or an earlier one.", state.revision),
                  "revision", {{"revision", std::to_string(state.revision)}});
}

Result<Events, Rejection> decide_one(const State& state, const Context& context, const StreamId& stream,
                                     const NameVersion& command) {
    if (const auto allowed = check_may(rights::deed_of<NameVersion>, context, stream); !allowed)
        return std::unexpected(allowed.error());
    if (const auto past = check_past(state, command.revision); !past)
        return std::unexpected(past.error());
    if (std::ranges::find(state.versions, command.version, &NamedVersion::id) != state.versions.end())
        return refuse(RejectionCode::already_exists, "There is already a version with this id.", "version");
    if (state.versions.size() >= versions_max) {
        return refuse(RejectionCode::too_many,
                      fmt::format("A text has at most {} named versions.", versions_max), {},
                      {{"max", std::to_string(versions_max)}});
    }
    return Events{VersionNamed{command.version, command.called, command.revision}};
}

Result<Events, Rejection> decide_one(const State& state, const Context& context, const StreamId& stream,
                                     const Restore& command) {
    if (const auto allowed = check_may_edit(rights::deed_of<Restore>, context, stream); !allowed)
        return std::unexpected(allowed.error());
    if (const auto past = check_past(state, command.revision); !past)
        return std::unexpected(past.error());
    const auto revision = static_cast<Revision>(command.revision);
    if (revision == state.revision)
        return Events{};
    const auto* past = context.prepared ? std::get_if<Past>(context.prepared) : nullptr;
    MOSTY_INVARIANT(past && past->revision == revision, "the content to bring back was prepared");
    Events events;
    for (Delta& part : parts_of(restoring(state.content, past->content, revision), restored_units_max))
        events.emplace_back(Restored{command.revision, std::move(part)});
    return events;
}

Result<Events, Rejection> decide_one(const State& state, const Context& context, const StreamId& stream,
                                     const Erase& command) {
    if (const auto allowed = check_may(rights::deed_of<Erase>, context, stream); !allowed)
        return std::unexpected(allowed.error());
    if (!state.exists())
        return refuse(RejectionCode::not_found, "Nothing was ever written here. Check the link.");
    if (state.erased)
        return Events{};
    return Events{Erased{command.reason}};
}

Result<Events, Rejection> decide_one(const State& state, const Context& context, const StreamId& stream,
                                     const Redact& command) {
    if (const auto allowed = check_may(rights::deed_of<Redact>, context, stream); !allowed)
        return std::unexpected(allowed.error());
    if (!state.exists())
        return refuse(RejectionCode::not_found, "Nothing was ever written here. Check the link.");
    const auto based = bring_up(state, context, {static_cast<Revision>(command.base), command.change, {}});
    if (!based)
        return std::unexpected(based.error());
    if (const auto fits = check_fits(state, based->change); !fits)
        return std::unexpected(fits.error());
    Delta left = compose(state.content.document(), based->change);
    if (const auto repair = repair_for(state, based->change))
        left = compose(left, *repair);

    Events events{Redacted{command.reason}};
    const auto revision = static_cast<std::int64_t>(state.revision + 1);
    // A text that begins anew is one newline, in whose place comes what is left.
    for (Delta& part : parts_of(left.remove(1), restored_units_max))
        events.emplace_back(Restored{revision, std::move(part)});
    return events;
}

template <class Suggestion>
    requires requires(Suggestion command) { decide_suggestion(State(), Context(), StreamId(), command); }
Result<Events, Rejection> decide_one(const State& state, const Context& context, const StreamId& stream,
                                     const Suggestion& command) {
    return decide_suggestion(state, context, stream, command);
}

template <class Talk>
    requires requires(Talk command) { decide_talk(State(), Context(), StreamId(), command); }
Result<Events, Rejection> decide_one(const State& state, const Context& context, const StreamId& stream,
                                     const Talk& command) {
    return decide_talk(state, context, stream, command);
}

} // namespace

Result<Events, Rejection> decide(const State& state, const Context& context, const StreamId& stream,
                                 const Command& command) {
    const bool begins_anew =
        std::holds_alternative<Erase>(command) || std::holds_alternative<Redact>(command);
    if (state.erased && !begins_anew) {
        if (const auto seen = context.relation_to_text_of(owner_of_text(stream)); !seen)
            return std::unexpected(seen.error());
        return refuse(RejectionCode::erased, "This text was erased for ever. Nothing can be written here.");
    }
    return std::visit([&](const auto& one) { return decide_one(state, context, stream, one); }, command);
}

} // namespace mosty::text
