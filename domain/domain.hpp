#pragma once

#include "domain/base/ids.hpp"
#include "domain/base/rejection.hpp"
#include "domain/base/result.hpp"
#include "domain/context.hpp"
#include "domain/history/recorded.hpp"
#include "domain/municipality/command.hpp"
#include "domain/municipality/state.hpp"
#include "domain/partnership/command.hpp"
#include "domain/partnership/state.hpp"
#include "domain/person/command.hpp"
#include "domain/person/state.hpp"
#include "domain/proposal/command.hpp"
#include "domain/proposal/state.hpp"
#include "domain/sites/command.hpp"
#include "domain/sites/state.hpp"
#include "domain/text/command.hpp"
#include "domain/text/state.hpp"
#include "domain/visit/command.hpp"
#include "domain/visit/state.hpp"

#include <cstddef>
#include <optional>
#include <string_view>
#include <variant>
#include <vector>

// Every entity as one: what a sequencer and a codec see. All functions are pure and safe from any thread.
namespace mosty::domain {

enum class Kind { municipality, person, partnership, visit, proposal, text, sites };

using Event = std::variant<municipality::Event, person::Event, partnership::Event, visit::Event,
                           proposal::Event, text::Event, sites::Event>;
using Events = std::vector<Event>;

using Command = std::variant<municipality::Command, person::Command, partnership::Command, visit::Command,
                             proposal::Command, text::Command, sites::Command>;

// One stream's state; of a kind from its first moment on, with revision 0 while the stream is empty.
struct State : std::variant<municipality::State, person::State, partnership::State, visit::State,
                            proposal::State, text::State, sites::State> {
    using variant::variant;
    using variant::operator=;
};

// The kind of a well-formed stream id: "proposal/p-7f3" is a proposal. Nothing for any other text.
std::optional<Kind> kind_of(const StreamId& stream);

// The part after the slash of a well-formed stream id.
std::string_view local_id(const StreamId& stream);

// The state before the first event. The stream id must be well-formed.
State initial_state(const StreamId& stream);

// About how much memory a state takes.
std::size_t memory_bytes(const State& state);

// How many events the state has seen; 0 means that the stream is empty.
Revision revision_of(const State& state);

// Which other streams `decide` will look at, beside the command's own. Their states belong in
// Context::others; a stream left out counts as empty.
std::vector<StreamId> reads(const State& own, const StreamId& stream, const Command& command);

// Adds to `reads` the stream to which one of them leads, when it is new: whoever goes on with that person's
// work, where it matters to the command. Called for each in turn, until all that is named has been read; 64
// streams at most.
void read_on(std::vector<StreamId>& reads, const State& read, const Command& command);

// What a command needs beside states, and somebody with the log must prepare; nothing when it needs no more.
std::optional<text::Preparation> preparation_for(const State& own, const Command& command,
                                                 const text::Prepared* prepared);

// Whether the state itself proves that the command was not recorded before: an edit of a text that its writer
// has numbered next.
bool is_next(const State& own, const Command& command);

// Whether the stream exists for the actor: what one may not read is to be answered like what is not there.
bool is_seen(const State& own, const Context& context, const StreamId& stream);

// Answers a command with the events to record in its stream, none when it would change nothing, or why it
// is refused. `wrong_stream` when the stream is no place for such a command.
Result<Events, Rejection> decide(const State& state, const Context& context, const StreamId& stream,
                                 const Command& command);

// Applies what happened, in place or moved through, at the cost of the change (of the stream's facts for
// a correction). Never refuses. The event must be of the state's kind and the next revision.
void apply(State& state, const Event& event, const Recorded& recorded);
State evolve(State state, const Event& event, const Recorded& recorded);

// The stable name of an event, "proposal.edited", and of a command, "edit_proposal".
std::string_view type_of(const Event& event);
std::string_view name_of(const Command& command);

// The rejection for a command that named another revision than the stream has; nothing when they agree.
std::optional<Rejection> refuse_revision(Revision expected, Revision actual);

} // namespace mosty::domain

template <>
struct mosty::WordsOf<mosty::domain::Kind> {
    static constexpr std::array words{std::string_view{"municipality"}, std::string_view{"person"},
                                      std::string_view{"partnership"},  std::string_view{"visit"},
                                      std::string_view{"proposal"},     std::string_view{"text"},
                                      std::string_view{"sites"}};
};
