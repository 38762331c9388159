#include "domain/text/rules.hpp"
#include "domain/text/section.hpp"

#include <fmt/format.h>

namespace mosty::text {

namespace {

Result<const Thread*, Rejection> find_thread(const State& state, const ThreadId& id) {
    const auto found = state.threads.find(id);
    if (found == state.threads.end())
        return refuse(RejectionCode::not_found, "There is no such comment in this text.", "thread");
    return &found->second;
}

Result<void, Rejection> check_range(const State& state, Range range) {
    const bool fits = !state.content.misfit(Delta().retain(range.from)) &&
                      !state.content.misfit(Delta().retain(range.to)) && !range.is_empty();
    if (!fits) {
        return refuse(RejectionCode::edit_out_of_range,
                      "Select a passage of the text first; the one that was meant is not there.", "from");
    }
    return {};
}

Result<void, Rejection> check_is_comment(const Thread& thread) {
    if (thread.kind == ThreadKind::comment)
        return {};
    return refuse(RejectionCode::wrong_status, "Advice is accepted or declined, not resolved.", "thread");
}

} // namespace

Result<Events, Rejection> decide_talk(const State& state, const Context& context, const StreamId& stream,
                                      const Comment& command) {
    const auto deed =
        command.kind == ThreadKind::advice ? rights::Deed::advise_in_text : rights::deed_of<Comment>;
    if (const auto allowed = check_may(deed, context, stream); !allowed)
        return std::unexpected(allowed.error());
    if (state.threads.contains(command.thread))
        return refuse(RejectionCode::already_exists, "There is already a comment with this id.", "thread");
    if (state.threads.size() >= threads_max) {
        return refuse(RejectionCode::too_many, fmt::format("A text has at most {} comments.", threads_max),
                      {}, {{"max", std::to_string(threads_max)}});
    }
    if (command.from >= command.to)
        return refuse(RejectionCode::edit_out_of_range, "Select a passage of the text first.", "from");
    const Range meant{static_cast<std::size_t>(command.from), static_cast<std::size_t>(command.to)};
    const auto based = bring_up(state, context, {static_cast<Revision>(command.base), {}, meant});
    if (!based)
        return std::unexpected(based.error());
    if (based->range.is_empty()) {
        return refuse(RejectionCode::orphaned,
                      "The passage was deleted meanwhile. Your words were kept here: say them elsewhere.",
                      "from");
    }
    if (const auto inside = check_range(state, based->range); !inside)
        return std::unexpected(inside.error());
    return Events{Commented{command.thread, command.kind, static_cast<std::int64_t>(based->range.from),
                            static_cast<std::int64_t>(based->range.to), quote_of(state.content, based->range),
                            command.body}};
}

Result<Events, Rejection> decide_talk(const State& state, const Context& context, const StreamId& stream,
                                      const Reply& command) {
    if (const auto allowed = check_may(rights::deed_of<Reply>, context, stream); !allowed)
        return std::unexpected(allowed.error());
    const auto thread = find_thread(state, command.thread);
    if (!thread)
        return std::unexpected(thread.error());
    if ((*thread)->replies.size() >= replies_max) {
        return refuse(RejectionCode::too_many,
                      fmt::format("A comment has at most {} replies. Begin a new one.", replies_max), {},
                      {{"max", std::to_string(replies_max)}});
    }
    return Events{Replied{command.thread, command.body}};
}

Result<Events, Rejection> decide_talk(const State& state, const Context& context, const StreamId& stream,
                                      const ResolveThread& command) {
    if (const auto allowed = check_may(rights::deed_of<ResolveThread>, context, stream); !allowed)
        return std::unexpected(allowed.error());
    const auto thread = find_thread(state, command.thread);
    if (!thread)
        return std::unexpected(thread.error());
    if (const auto comment = check_is_comment(**thread); !comment)
        return std::unexpected(comment.error());
    if ((*thread)->resolved)
        return refuse(RejectionCode::already_done, "This comment has already been resolved.", "thread");
    return Events{ThreadResolved{command.thread}};
}

Result<Events, Rejection> decide_talk(const State& state, const Context& context, const StreamId& stream,
                                      const ReopenThread& command) {
    if (const auto allowed = check_may(rights::deed_of<ReopenThread>, context, stream); !allowed)
        return std::unexpected(allowed.error());
    const auto thread = find_thread(state, command.thread);
    if (!thread)
        return std::unexpected(thread.error());
    if (const auto comment = check_is_comment(**thread); !comment)
        return std::unexpected(comment.error());
    if (!(*thread)->resolved)
        return refuse(RejectionCode::already_done, "This comment is open.", "thread");
    return Events{ThreadReopened{command.thread}};
}

Result<Events, Rejection> decide_talk(const State& state, const Context& context, const StreamId& stream,
                                      const AnswerAdvice& command) {
    if (const auto allowed = check_may(rights::deed_of<AnswerAdvice>, context, stream); !allowed)
        return std::unexpected(allowed.error());
    const auto thread = find_thread(state, command.thread);
    if (!thread)
        return std::unexpected(thread.error());
    if ((*thread)->kind != ThreadKind::advice)
        return refuse(RejectionCode::wrong_status, "This is a comment, not advice. Resolve it instead.",
                      "thread");
    if ((*thread)->answer)
        return refuse(RejectionCode::already_done, "This advice has already been answered.", "thread");
    return Events{AdviceAnswered{command.thread, command.answer, command.note}};
}

} // namespace mosty::text
