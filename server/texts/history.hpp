#pragma once

#include "domain/base/ids.hpp"
#include "domain/base/result.hpp"
#include "domain/codec/entry.hpp"
#include "domain/text/prepared.hpp"
#include "domain/text/state.hpp"
#include "storage/log_reader.hpp"
#include "storage/view_store.hpp"

#include <functional>
#include <optional>
#include <string>

// Reads of a text's events and of its past, for worker threads: from the log, and from the states kept in the
// derived store. What is read of either never changes. An error says why the data could not be read.
namespace mosty::texts {

// A whole state is kept at every so many revisions.
inline constexpr Revision revisions_per_state = 1'000;

using SeeEntry = std::function<bool(const storage::Entry&)>;

// Shows the stream's entries with revisions above `after` up to `until`, in order, until `see` answers false.
Result<void, std::string> for_each_entry(const storage::LogReader& log, const StreamId& stream,
                                         Revision after, Revision until, const SeeEntry& see);

// The newest kept state that is not beyond a revision; nothing when there is none.
Result<std::optional<text::State>, std::string> kept_state(const storage::ViewStore::Snapshot& views,
                                                           const StreamId& stream, Revision until);

// Folds the stream's events after the state's revision into it, up to `until` or the last there is.
Result<void, std::string> fold_on(const storage::LogReader& log, const StreamId& stream, Revision until,
                                  text::State& state);

// The text as of revision `until`, or of its last one if it has fewer.
Result<text::State, std::string> state_at(const storage::LogReader& log,
                                          const storage::ViewStore::Snapshot& views, const StreamId& stream,
                                          Revision until);

// How many revisions the text has; how many it had when the log held `at` entries.
Result<Revision, std::string> revision_now(const storage::LogReader& log, const StreamId& stream);
Result<Revision, std::string> revision_at(const storage::LogReader& log, const StreamId& stream, Size at);

// Prepares what a command needs: brings it past the committed changes, as far as the log has them, or looks
// back.
Result<text::Prepared, std::string> prepare(const storage::LogReader& log,
                                            const storage::ViewStore::Snapshot& views, const StreamId& stream,
                                            const text::Preparation& preparation);

} // namespace mosty::texts
