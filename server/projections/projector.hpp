#pragma once

#include "domain/base/ids.hpp"
#include "domain/base/result.hpp"
#include "domain/codec/entry.hpp"
#include "server/projections/audience.hpp"
#include "server/projections/change.hpp"
#include "server/projections/views_hash.hpp"
#include "storage/log_reader.hpp"
#include "storage/view_store.hpp"

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mosty::projections {

// The beginning of a list: its greatest rows by `order`, greatest first.
struct ListWindow {
    Size total = 0; // rows in the whole list
    std::vector<std::string> rows;
};

// Folds the log into every view and list, and answers what they hold now. What is folded is seen at once
// by the reads here; it reaches the store, whole, at the next commit(). The same log gives the same store,
// byte for byte, however it is cut into commits and restarts.
//
// A failure of the store, in whatever it was met, is final: no later commit writes, and neither the store
// nor this projector is of use until the store is opened again.
//
// Owns nothing but its caches; the store outlives it and is written by nobody else.
// Threads: one, the core thread. Other threads read the store's snapshots, by past.hpp.
class Projector {
public:
    struct Limits {
        std::size_t documents_cached_max = 20'000; // views kept in memory between commits
    };

    // Goes on where the store stands: the next entry to fold is the one at its applied().
    explicit Projector(storage::ViewStore& store);
    Projector(storage::ViewStore& store, Limits limits);
    ~Projector();

    // Brings what no store holds (described_sites.hpp) up to size(), from the log whose entries were folded.
    // Once, before anything is folded; another time it does nothing.
    Result<void, storage::ReadError> recall(const storage::LogReader& log);

    // Folds the committed entry at `position`, which must be size(), and appends what it changed to `out`:
    // for each topic at most one change. When the store cannot be read the next commit() says so.
    void fold(Position position, const codec::DecodedEntry& entry, std::vector<Change>& out);

    // Writes everything folded since the last commit as one batch. After a failure the store holds what
    // it held before.
    Result<void, storage::ReadError> commit();

    // The set hash of all that is folded, after a commit: see views_hash.hpp. note_views_hash() keeps it
    // under its size as well, beside the 511 noted before it.
    Result<ViewsHash, storage::ReadError> views_hash();
    Result<ViewsHash, storage::ReadError> note_views_hash();

    // Keeps a text's whole state as of a revision that is folded, for those who read its past; it reaches the
    // store with the next commit().
    void keep_text_state(std::string_view stream, Revision revision, std::string bytes);

    // How many entries have been folded, committed or not.
    Size size() const;

    // Reads. They see everything folded; those that need the store commit first.

    // The view as JSON; `{}` when nothing was recorded under that name.
    Result<std::string, storage::ReadError> view(std::string_view topic);

    // The list's first `limit` rows; none when nothing was recorded under that name.
    Result<ListWindow, storage::ReadError> list(std::string_view topic, std::size_t limit);

    // What brings a follower who holds the topic as of `after` up to size(), in order. Of a view: its
    // patches since. Of a list: those of its first `limit` rows that have changed since, smallest size
    // first, each with the list's present total. Nothing when only a snapshot will do: more than `limit`
    // patches or a row that left the list since. `after` must not be beyond size().
    Result<std::optional<std::vector<Change>>, storage::ReadError>
    changes_since(std::string_view topic, Size after, std::size_t limit);

    // Whom the entity behind "partnership/…", "visit/…" or "proposal/…" concerns; nothing for other
    // streams and for one without events.
    Result<std::optional<Audience>, storage::ReadError> audience(std::string_view stream);

    // Whether the topic holds anything yet. `directory`, `towns`, `programme` and lists always exist.
    Result<bool, storage::ReadError> exists(std::string_view topic);

private:
    struct State;
    std::unique_ptr<State> state_;
};

} // namespace mosty::projections
