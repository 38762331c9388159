#pragma once

#include "domain/text/decide.hpp"

// What the decisions on a text share.
namespace mosty::text {

// Refuses those to whom the table of rights does not give it; `not_found` where they may not read the text.
// `about`: the suggestion that it answers, when it does: the other side decides.
Result<void, Rejection> check_may(rights::Deed deed, const Context& context, const StreamId& stream,
                                  const Suggestion* about = nullptr);

// The same, and refuses everybody while the text's owner is locked.
Result<void, Rejection> check_may_edit(rights::Deed deed, const Context& context, const StreamId& stream,
                                       const Suggestion* about = nullptr);

// What the command says of the text, as of the present revision. Refuses a base that is still to come.
Result<Based, Rejection> bring_up(const State& state, const Context& context, Based from);

// Refuses a change that does not fit the present text or makes it too long.
Result<void, Rejection> check_fits(const State& state, const Delta& change);

// The newline that the text would lack after the change; nothing when it has one.
std::optional<Delta> repair_for(const State& state, const Delta& change);

// What a change takes away or formats, as plain text, cut short.
std::string quote_of(const Content& content, const Delta& change);
std::string quote_of(const Content& content, Range range);

// The decisions on what is said about a text.
Result<Events, Rejection> decide_talk(const State&, const Context&, const StreamId&, const Comment&);
Result<Events, Rejection> decide_talk(const State&, const Context&, const StreamId&, const Reply&);
Result<Events, Rejection> decide_talk(const State&, const Context&, const StreamId&, const ResolveThread&);
Result<Events, Rejection> decide_talk(const State&, const Context&, const StreamId&, const ReopenThread&);
Result<Events, Rejection> decide_talk(const State&, const Context&, const StreamId&, const AnswerAdvice&);

// The decisions on suggestions.
Result<Events, Rejection> decide_suggestion(const State&, const Context&, const StreamId&, const Suggest&);
Result<Events, Rejection> decide_suggestion(const State&, const Context&, const StreamId&,
                                            const AcceptSuggestion&);
Result<Events, Rejection> decide_suggestion(const State&, const Context&, const StreamId&,
                                            const DeclineSuggestion&);

} // namespace mosty::text
