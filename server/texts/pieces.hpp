#pragma once

#include "domain/base/ids.hpp"
#include "domain/base/result.hpp"
#include "domain/text/state.hpp"
#include "storage/log_reader.hpp"
#include "storage/view_store.hpp"

#include <optional>
#include <string>

namespace mosty::texts {

// A piece of what a follower of a text still has to get: frames, with commas between them.
struct Piece {
    std::string frames;
    Revision revision = 0;        // what the follower holds after it
    bool complete = false;        // that was all that the log had
    bool history_changed = false; // the follower's revision is still to come here: this begins anew
};

// What follows revision `after`, at most 128 KiB of events or one whole event; without `after`, or when that
// is still to come, the whole text. For worker threads.
Result<Piece, std::string> read_piece(const storage::LogReader& log,
                                      const storage::ViewStore::Snapshot& views, const StreamId& text,
                                      std::optional<Revision> after);

// The whole text as frames of at most 256 KiB.
std::string text_frames(const StreamId& text, Size size, const text::State& state);

// The members "content", "threads", "suggestions" and "versions" of a text, each with a comma before it.
std::string text_members(const text::State& state);

} // namespace mosty::texts
