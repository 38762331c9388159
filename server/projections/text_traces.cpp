#include "server/projections/text_traces.hpp"

#include "domain/base/invariant.hpp"
#include "server/projections/keys.hpp"

#include <fmt/format.h>

#include <sstream>

namespace mosty::projections {
namespace {

constexpr std::size_t kept_max = 1'000;

// The length, then writer and time of each row; words with spaces between.
std::string encode(const TextTrace& trace) {
    std::string text = std::to_string(trace.length);
    for (const WriterRow& row : trace.rows)
        text += fmt::format(" {} {}", row.writer, row.at_ms);
    return text;
}

void decode(const std::string& text, TextTrace& trace) {
    std::istringstream words(text);
    words >> trace.length;
    MOSTY_INVARIANT(!words.fail(), "a stored trace begins with a number");
    for (WriterRow row; words >> row.writer >> row.at_ms;)
        trace.rows.push_back(row);
}

} // namespace

TextTrace& TextTraces::open(std::string_view stream) {
    if (const auto found = by_stream_.find(stream); found != by_stream_.end()) {
        kept_.splice(kept_.begin(), kept_, found->second);
        return kept_.front();
    }
    TextTrace& trace = kept_.emplace_front();
    trace.stream = stream;
    by_stream_.emplace(trace.stream, kept_.begin());
    if (const auto stored = store_.get(keys::text_trace(stream)))
        decode(*stored, trace);
    return trace;
}

void TextTraces::mark(TextTrace& trace) {
    if (!trace.changed)
        waiting_.push_back(&trace);
    trace.changed = true;
}

void TextTraces::save() {
    for (TextTrace* trace : waiting_) {
        store_.add(keys::text_trace(trace->stream), encode(*trace));
        trace->changed = false;
    }
    waiting_.clear();
}

void TextTraces::trim() {
    while (waiting_.empty() && kept_.size() > kept_max) {
        by_stream_.erase(kept_.back().stream);
        kept_.pop_back();
    }
}

} // namespace mosty::projections
