#include "tests/bench/editor.hpp"

#include "tests/bench/measure.hpp"

#include <fmt/format.h>

#include <charconv>
#include <iterator>
#include <random>
#include <utility>

namespace mosty::bench {

std::uint64_t number_after(std::string_view frame, std::string_view name) {
    const std::size_t at = frame.find(name);
    std::uint64_t number = 0;
    if (at == std::string_view::npos ||
        std::from_chars(frame.data() + at + name.size(), frame.data() + frame.size(), number).ec !=
            std::errc())
        give_up("no {} in {}", name, frame);
    return number;
}

Editor::Editor(std::uint16_t port, std::string_view cookie, std::string name)
    : socket_(port, cookie), id_prefix_(std::move(name) + '-') {}

void Editor::add(std::string_view stream, std::string_view command, std::string_view data) {
    message_ += in_message_ == 0 ? '[' : ',';
    fmt::format_to(std::back_inserter(message_),
                   R"({{"type":"command","id":"{}{}","stream":"{}","name":"{}","data":{}}})", id_prefix_,
                   sent_at_.size() + in_message_, stream, command, data);
    ++in_message_;
}

void Editor::send(std::int64_t since) {
    if (in_message_ != 0) {
        message_ += ']';
        socket_.say(message_);
        sent_at_.insert(sent_at_.end(), in_message_, since);
        message_.clear();
        in_message_ = 0;
    }
    socket_.flush();
}

std::size_t Editor::read(Histogram& latencies) {
    const std::size_t before = answered_;
    socket_.read([&](std::string_view message) {
        const std::int64_t now = now_ns();
        for_each_frame(message, [&](const FrameText& frame) {
            if (frame.type == "done")
                take_answer(frame.rest, now, latencies);
            else if (frame.type != "welcome")
                give_up("the server answers {}{}", frame.type, frame.rest);
        });
    });
    return answered_ - before;
}

void Editor::take_answer(std::string_view frame, std::int64_t now, Histogram& latencies) {
    // ,"id":"<prefix><number>","from":…
    constexpr std::string_view before_id = ",\"id\":\"";
    const std::string_view id = frame.substr(before_id.size());
    if (!frame.starts_with(before_id) || !id.starts_with(id_prefix_))
        give_up("an answer to somebody else's command: {}", frame);
    const std::uint64_t number = number_after(id, id_prefix_);
    if (number >= sent_at_.size() || sent_at_[number] == 0)
        give_up("command {} is answered but not waiting: {}", number, frame);
    if (number_after(frame, "\"count\":") != 1)
        give_up("one event was expected: {}", frame);
    latencies.record(now - std::exchange(sent_at_[number], 0));
    last_size_ = number_after(frame, "\"size\":");
    ++answered_;
}

std::string fresh_title(std::string_view editor, std::size_t number) {
    return fmt::format("Safe water for two towns: renewal of the pumping station, draft {} of {}", number,
                       editor);
}

std::string run_name() {
    return fmt::format("b{:08x}", std::random_device{}());
}

} // namespace mosty::bench
