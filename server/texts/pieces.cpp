#include "server/texts/pieces.hpp"

#include "domain/base/utf16.hpp"
#include "domain/codec/delta.hpp"
#include "domain/codec/entry_members.hpp"
#include "domain/codec/event_types.hpp"
#include "domain/codec/text_state.hpp"
#include "domain/codec/time.hpp"
#include "server/projections/text_event.hpp"
#include "server/realtime/frames.hpp"
#include "server/realtime/json_text.hpp"
#include "server/texts/history.hpp"

#include <limits>
#include <string_view>
#include <vector>

namespace mosty::texts {
namespace {

using realtime::append_member;

constexpr std::size_t events_bytes_max = 128 * 1024;
constexpr std::size_t part_bytes_max = 192 * 1024; // beyond it a part ends; its last item makes it no 256 KiB
constexpr std::size_t insert_units_max = 8'192;

// Something that one part of a text holds: a member's element.
struct Item {
    std::string_view member;
    std::string json;
};

// The document's operations, long ones in pieces, so that a part can end between them.
void add_content(std::vector<Item>& items, const text::Content& content) {
    const text::Delta document = content.document();
    for (const text::Operation& operation : document.operations()) {
        std::u16string_view text = operation.text;
        while (!text.empty()) {
            std::size_t length = std::min(text.size(), insert_units_max);
            if (length < text.size() && is_high_surrogate(text[length - 1]))
                --length;
            std::string json;
            codec::write_value(json, text::Delta().insert(text.substr(0, length), operation.attributes));
            items.push_back({"content", json.substr(1, json.size() - 2)});
            text.remove_prefix(length);
        }
    }
}

template <class Table, class Append>
void add_table(std::vector<Item>& items, std::string_view member, const Table& table, const Append& append) {
    for (const auto& [id, item] : table) {
        std::string json = '"' + id.text() + "\":";
        append(json, item);
        items.push_back({member, std::move(json)});
    }
}

std::vector<Item> items_of(const text::State& state) {
    std::vector<Item> items;
    add_content(items, state.content);
    add_table(items, "threads", state.threads, codec::append_thread);
    add_table(items, "suggestions", state.suggestions, codec::append_suggestion);
    for (const text::NamedVersion& version : state.versions) {
        std::string json;
        codec::append_version(json, version);
        items.push_back({"versions", std::move(json)});
    }
    return items;
}

bool is_list(std::string_view member) {
    return member == "content" || member == "versions";
}

// Appends items that stand together as members, each with a comma before it.
void append_items(std::string& out, const std::vector<Item>& items, std::size_t first, std::size_t last) {
    for (std::size_t i = first; i < last; ++i) {
        const bool begins = i == first || items[i].member != items[i - 1].member;
        if (begins) {
            out += ",\"";
            out += items[i].member;
            out += is_list(items[i].member) ? "\":[" : "\":{";
        } else {
            out += ',';
        }
        out += items[i].json;
        if (i + 1 == last || items[i + 1].member != items[i].member)
            out += is_list(items[i].member) ? ']' : '}';
    }
}

// Where each part ends.
std::vector<std::size_t> ends_of_parts(const std::vector<Item>& items) {
    std::vector<std::size_t> ends;
    std::size_t bytes = 0;
    for (std::size_t i = 0; i < items.size(); ++i) {
        bytes += items[i].json.size();
        if (bytes >= part_bytes_max || i + 1 == items.size()) {
            ends.push_back(i + 1);
            bytes = 0;
        }
    }
    return ends;
}

// Whether what its text said before, or it says itself, is forgotten: who has folded that must begin anew.
bool forgets(std::string_view entry) {
    return codec::is_erasing_type(codec::entry_type(entry)) || codec::entry_data(entry) == "null";
}

// The opened event as a follower gets it: its data are the entry's last member, as they were written.
Result<std::string, std::string> event_of(const storage::Entry& entry, Revision& revision) {
    const auto envelope = codec::decode_envelope(entry.bytes);
    if (!envelope)
        return std::unexpected(envelope.error().what);
    revision = envelope->revision;
    return projections::text_event(*envelope, codec::format_time(envelope->time_ms),
                                   codec::entry_data(entry.bytes));
}

Result<Piece, std::string> whole_text(const storage::LogReader& log,
                                      const storage::ViewStore::Snapshot& views, const StreamId& text) {
    const Size size = log.size();
    const auto state = state_at(log, views, text, std::numeric_limits<Revision>::max());
    if (!state)
        return std::unexpected(state.error());
    return Piece{text_frames(text, size, *state), state->revision, true, false};
}

} // namespace

std::string text_frames(const StreamId& text, Size size, const text::State& state) {
    const std::vector<Item> items = items_of(state);
    const std::vector<std::size_t> ends = ends_of_parts(items);
    std::string frames;
    std::size_t first = 0;
    for (std::size_t part = 0; part < ends.size(); ++part) {
        frames += part == 0 ? "{\"type\":\"text\"" : ",{\"type\":\"text\"";
        append_member(frames, "topic", text.text());
        append_member(frames, "size", size);
        append_member(frames, "revision", state.revision);
        append_member(frames, "part", static_cast<unsigned long long>(part));
        append_member(frames, "parts", static_cast<unsigned long long>(ends.size()));
        if (items[first].member != "content")
            frames += ",\"content\":[]"; // every part has it
        append_items(frames, items, first, ends[part]);
        frames += '}';
        first = ends[part];
    }
    return frames;
}

std::string text_members(const text::State& state) {
    const std::vector<Item> items = items_of(state);
    std::string members;
    append_items(members, items, 0, items.size());
    return members;
}

Result<Piece, std::string> read_piece(const storage::LogReader& log,
                                      const storage::ViewStore::Snapshot& views, const StreamId& text,
                                      std::optional<Revision> after) {
    if (!after)
        return whole_text(log, views, text);

    Piece piece{{}, *after, true, false};
    std::string events;
    std::string fault;
    Size size = 0;
    bool forgotten = false;
    const auto read = for_each_entry(log, text, *after, std::numeric_limits<Revision>::max(),
                                     [&](const storage::Entry& entry) {
                                         if (forgets(entry.bytes)) {
                                             forgotten = true;
                                             return false;
                                         }
                                         auto event = event_of(entry, piece.revision);
                                         if (!event) {
                                             fault = std::move(event.error());
                                             return false;
                                         }
                                         if (!events.empty())
                                             events += ',';
                                         events += *event;
                                         size = entry.position + 1;
                                         piece.complete = events.size() < events_bytes_max;
                                         return piece.complete;
                                     });
    if (!read)
        return std::unexpected(read.error());
    if (!fault.empty())
        return std::unexpected(std::move(fault));
    const auto begin_anew = [&] {
        auto anew = whole_text(log, views, text);
        if (anew)
            anew->history_changed = true;
        return anew;
    };
    if (forgotten)
        return begin_anew();
    if (!events.empty()) {
        piece.frames = realtime::events_frame(text.text(), size, piece.revision, events);
        return piece;
    }
    const auto now = revision_now(log, text);
    if (!now)
        return std::unexpected(now.error());
    if (*after <= *now)
        return piece;
    return begin_anew();
}

} // namespace mosty::texts
