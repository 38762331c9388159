#pragma once

#include "domain/text/anchor.hpp"
#include "domain/text/command.hpp"
#include "domain/text/content.hpp"
#include "domain/text/state.hpp"

#include <optional>
#include <variant>

// What some commands need and the state does not hold: changes older than it remembers, a content of the
// past. Whoever has the log prepares it, off the thread that decides.
namespace mosty::text {

// What a command says of the text, as of `base`: its change, or its passage.
struct Based {
    Revision base = 0;
    Delta change;
    Range range;

    // Brings it past one committed change.
    void step_over(const Delta& committed);
};

// A content of the past, for restoring it.
struct Past {
    Revision revision = 0;
    Content content;
};

using Prepared = std::variant<Based, Past>;

// Asks for a Based brought up at least to `until`, or for the Past of `revision`.
struct Rebase {
    Based from;
    Revision until = 0;
};
struct LookBack {
    Revision revision = 0;
};
using Preparation = std::variant<Rebase, LookBack>;

// What must be prepared before the command can be decided on this state; nothing when it can be now.
// `prepared` is what has been prepared for it so far, if anything.
std::optional<Preparation> preparation_for(const State& state, const Command& command,
                                           const Prepared* prepared);

} // namespace mosty::text
