#pragma once

#include "domain/base/ids.hpp"
#include "server/realtime/problem.hpp"

#include <string>
#include <string_view>

namespace mosty::events {

struct Chunk;

// How events are written to somebody who takes them as they come.
enum class Form {
    lines,       // NDJSON: the entries' bytes, one a line
    server_sent, // text/event-stream: `id` is the cursor after the event, `data` the entry's bytes
};

std::string_view content_type(Form form);

// Appends the events of a chunk.
void append_chunk(std::string& out, Form form, std::string_view log_id, const Chunk& chunk);

// Of server-sent events: what says that the connection lives and how far it has come, without an event.
std::string heartbeat(std::string_view log_id, Size seen);

// Of server-sent events: the last one, of the type "end", which says why no more will come.
std::string farewell(const realtime::Problem& problem);

} // namespace mosty::events
