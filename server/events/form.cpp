#include "server/events/form.hpp"

#include "server/events/reader.hpp"
#include "server/events/span.hpp"

namespace mosty::events {

std::string_view content_type(Form form) {
    return form == Form::lines ? "application/x-ndjson" : "text/event-stream";
}

void append_chunk(std::string& out, Form form, std::string_view log_id, const Chunk& chunk) {
    std::size_t bytes = 0;
    for (const auto& entry : chunk.entries)
        bytes += entry.bytes.size() + (form == Form::lines ? 1 : 80);
    out.reserve(out.size() + bytes);
    for (const auto& entry : chunk.entries) {
        if (form == Form::server_sent) {
            out += "id: ";
            out += cursor_text(log_id, entry.position + 1);
            out += "\ndata: ";
        }
        out += entry.bytes; // JSON without white space: no line ends in it
        out += form == Form::lines ? "\n" : "\n\n";
    }
}

// An id without data moves the reader's cursor and calls nobody (HTML, "dispatch the event").
std::string heartbeat(std::string_view log_id, Size seen) {
    return ":\nid: " + cursor_text(log_id, seen) + "\n\n";
}

std::string farewell(const realtime::Problem& problem) {
    return "event: end\ndata: " + realtime::to_json(problem) + "\n\n";
}

} // namespace mosty::events
