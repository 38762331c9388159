#pragma once

#include "tests/bench/histogram.hpp"
#include "tests/bench/measure.hpp"
#include "tests/bench/websocket_client.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace mosty::bench {

// A frame of a server's message, by the text that stands after "type".
struct FrameText {
    std::string_view type;
    std::string_view rest; // what follows the type's closing quotation mark, up to the message's end
};

// Calls `hear(frame)` for each frame of a message. A cheap look, not a parser: inside a text every
// quotation mark is escaped, and no object within a frame begins with "type".
template <class Hear>
void for_each_frame(std::string_view message, Hear&& hear) {
    constexpr std::string_view opening = "{\"type\":\"";
    for (std::size_t at = message.find(opening); at != std::string_view::npos;) {
        const std::size_t begin = at + opening.size();
        const std::size_t end = message.find('"', begin);
        at = message.find(opening, end);
        hear(FrameText{message.substr(begin, end - begin), message.substr(end + 1, at - end - 1)});
    }
}

// The number after `name` (written as it stands in JSON, colon included); gives up when there is none.
std::uint64_t number_after(std::string_view frame, std::string_view name);

// Sends commands under ids that are used once, and sees to it that each is answered once and with `done`.
class Editor {
public:
    // `name` is unique in the data folder and becomes part of each id.
    Editor(std::uint16_t port, std::string_view cookie, std::string name);

    WebSocketClient& socket() { return socket_; }

    // Adds a command to the message under way; send() sends it. Its time runs from `since`.
    void add(std::string_view stream, std::string_view command, std::string_view data);
    void send(std::int64_t since = now_ns());

    // Takes the answers in; latencies of those that arrive go into `latencies`. Answers how many came.
    std::size_t read(Histogram& latencies);

    std::size_t sent() const { return sent_at_.size(); }
    std::size_t under_way() const { return sent_at_.size() - answered_; }
    std::uint64_t last_size() const { return last_size_; } // of the log, as the last answer said

private:
    void take_answer(std::string_view frame, std::int64_t now, Histogram& latencies);

    WebSocketClient socket_;
    const std::string id_prefix_;
    std::string message_;
    std::size_t in_message_ = 0;
    std::vector<std::int64_t> sent_at_; // by the command's number; 0: answered
    std::size_t answered_ = 0;
    std::uint64_t last_size_ = 0;
};

// A title that nobody has given before.
std::string fresh_title(std::string_view editor, std::size_t number);

// A word that tells this run from all others.
std::string run_name();

} // namespace mosty::bench
