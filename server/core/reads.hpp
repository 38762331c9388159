#pragma once

#include "domain/base/ids.hpp"
#include "server/events/activity.hpp"
#include "server/events/filter.hpp"
#include "server/events/form.hpp"
#include "server/events/span.hpp"
#include "server/projections/views_hash.hpp"
#include "server/realtime/problem.hpp"
#include "storage/log_reader.hpp"
#include "storage/view_store.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <variant>

// Questions about the past and about long lists. Workers answer them from unchanging data.
namespace mosty::core {

struct ViewQuestion {
    std::string topic;
    std::optional<Size> at;               // as of this size
    std::optional<std::int64_t> until_ms; // as of the last entry recorded not after this moment
};

struct ListQuestion {
    std::string topic;
    std::string before;
    std::size_t limit = 100;
    std::string search;                   // of `municipalities`
    std::string country;                  // of `municipalities`
    std::optional<Size> at;               // as of this size
    std::optional<std::int64_t> until_ms; // as of the last entry recorded not after this moment
};

struct EventsQuestion {
    events::Filter filter;
    events::Start start;
    // A page of them:
    std::optional<Position> before; // descending below it, instead of ascending from the start
    std::size_t limit = 100;
    bool lines = false; // the stored bytes, one a line
    // Or all of them, in pieces: as lines up to where the log ends now, or as server-sent events for ever.
    std::optional<events::Form> streamed;
};

using events::ActivityQuestion;

struct TextQuestion {
    enum class What { content, authors, bursts };

    std::string topic;
    What what = What::content;
    std::optional<Revision> revision; // of the text; or
    std::optional<Size> at;           // as of this size; or
    std::optional<std::int64_t> until_ms;
    std::size_t limit = 100; // of bursts
};

// The set hashes of all views at checkpointed sizes: of one, or the newest.
struct ViewsHashQuestion {
    std::optional<Size> size;
    std::size_t limit = 100;
};

// Whether somebody may have a writer of a text. Nothing is read for it.
struct WriterQuestion {
    StreamId text; // well-formed
};

// All that the log holds of the reader and by the reader, opened.
struct ExportQuestion {
    ActorId actor = {}; // the reader; put in by whoever asks in that name
    Position from = 0;
    std::string email = {};      // the reader's, with which they sign in; likewise put in, or empty
    std::string sessions = "[]"; // the reader's, a JSON array; likewise put in
};

using Question = std::variant<ViewQuestion, ListQuestion, EventsQuestion, ActivityQuestion, TextQuestion,
                              ViewsHashQuestion, WriterQuestion, ExportQuestion>;

struct ReadAnswer {
    std::string body;
    std::string_view content_type = "application/json";
};

using ReadResult = Result<ReadAnswer, realtime::Problem>;

// {"format":"4","views":[{"size":131,"hash":"9f…"}]}, as hexadecimal digits.
std::string views_hashes_json(std::span<const projections::ViewsHash> hashes);

realtime::Problem unreadable(const std::string& reason);

// What a filter names and nobody knows, as `unknown_actor` or `unknown_organisation`; nothing when all of it
// is known.
std::optional<realtime::Problem> unknown_name(const storage::LogReader& log, Size size,
                                              const events::Filter& filter);

// How many of the first `size` entries were recorded not after `until_ms`; entries are in order of time.
Result<Size, realtime::Problem> size_at(const storage::LogReader& log, Size size, std::int64_t until_ms);

// Answers from the log, its sealed data opened, and a snapshot of the views; events as they are stored. Any
// thread.
ReadResult answer(const storage::LogReader& log, const storage::LogReader& stored,
                  const storage::ViewStore::Snapshot& views, const Question& question);

} // namespace mosty::core
