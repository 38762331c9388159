#pragma once

#include "domain/text/delta.hpp"
#include "tests/bench/websocket_client.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

namespace mosty::bench {

// A text as it is at a revision.
struct Content {
    std::uint64_t revision = 0;
    text::Delta text;
};

// An edit as the server committed it, and the revision it made. Valid while it is heard.
struct HeardEdit {
    std::uint64_t revision = 0;
    std::string_view writer;
    std::uint64_t sequence = 0;
    const text::Delta* change = nullptr; // null: one's own, of which only the place is told
};

// What a writer is told of its text.
class TextHearer {
public:
    virtual ~TextHearer() = default;
    virtual void hear_content(Content content) = 0;
    // All that was there when the text was asked for has been told.
    virtual void hear_current() = 0;
    // Every committed edit once, one's own too, in the order of revisions.
    virtual void hear_edit(const HeardEdit& edit) = 0;
    // The server stands by the edit; hear_edit may come before or after.
    virtual void hear_accepted(std::uint64_t sequence) = 0;
};

// One writer's connection, following one text.
class TextWire {
public:
    virtual ~TextWire() = default;
    virtual WebSocketClient& socket() = 0;
    // By this name others hear of its edits.
    virtual std::string_view name() const = 0;
    // Adds an edit to what flush() sends. `base` is the revision that the edit stands on.
    virtual void add_edit(std::uint64_t base, std::uint64_t sequence, const text::Delta& change) = 0;
    // Sends, as far as the socket takes it.
    virtual void flush() = 0;
    // Takes in what has arrived; gives up at whatever the protocol does not promise.
    virtual void read(TextHearer& hearer) = 0;
};

// A server that keeps texts, each known by a number. Outlives its wires.
class TextServer {
public:
    virtual ~TextServer() = default;
    virtual std::unique_ptr<TextWire> open(std::size_t text) = 0;
    // Asks the server, on a connection of its own.
    virtual Content content_of(std::size_t text) = 0;
};

} // namespace mosty::bench
