#include "server/realtime/client_message.hpp"

#include "domain/base/result.hpp"
#include "domain/base/text.hpp"
#include "server/realtime/frames.hpp"
#include "server/realtime/topic.hpp"
#include "tests/fuzz/fuzz.hpp"

// What a WebSocket brings: whatever it is, it becomes messages within their bounds, or problems that can be
// told.
using namespace mosty;
using namespace mosty::realtime;

namespace {

constexpr std::uint64_t whole_number_max = 1ull << 53;

void check(const SendCommand& sent) {
    MOSTY_PROMISE(is_id(sent.id.text()) && sent.id.text().size() >= 8);
    MOSTY_PROMISE(domain::kind_of(sent.stream).has_value());
    MOSTY_PROMISE(sent.hash.size() == 32);
    MOSTY_PROMISE(sent.expected_revision.value_or(0) <= whole_number_max);
    MOSTY_PROMISE(!domain::name_of(sent.command).empty());
}

void check(const BadMessage& bad) {
    MOSTY_PROMISE(!bad.problem.code.empty());
    MOSTY_PROMISE(status_of(bad.problem.code) >= 400);
    MOSTY_PROMISE(fuzz::is_json(refused_frame(bad.id, bad.problem)));
    MOSTY_PROMISE(fuzz::is_json(error_frame(bad.topic, bad.problem)));
}

void check(const Follow& follow) {
    MOSTY_PROMISE(follow.limit >= 1 && follow.limit <= 500);
    MOSTY_PROMISE(!follow.cursor || follow.cursor->after <= whole_number_max);
    if (const auto topic = parse_topic(follow.topic)) {
        const std::string stream = audience_stream(*topic);
        MOSTY_PROMISE(stream.empty() || domain::kind_of(StreamId(stream)));
    }
    MOSTY_PROMISE(fuzz::is_json(current_frame(follow.topic, 1)));
}

void check(const Presence& presence) {
    MOSTY_PROMISE(!presence.range || presence.range->from <= presence.range->to);
}

void check(const Unfollow&) {}
void check(const Ping& ping) {
    MOSTY_PROMISE(ping.n <= whole_number_max);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static simdjson::dom::parser parser;
    const std::string_view text = fuzz::text_of(data, size);
    const auto messages = parse_client_messages(parser, text);
    MOSTY_PROMISE(messages.size() <= messages_at_once_max);
    for (const ClientMessage& message : messages)
        std::visit([](const auto& one) { check(one); }, message);

    std::visit([](const auto& one) { check(one); }, parse_command_body(parser, text));
    return 0;
}
