// Only what reads requests is needed of Beast, not the parts that are compiled once beside the sockets.
#undef BOOST_BEAST_SEPARATE_COMPILATION

#include "domain/base/result.hpp"
#include "domain/base/text.hpp"
#include "server/http/cookie.hpp"
#include "server/http/gate.hpp"
#include "server/http/head.hpp"
#include "server/http/message.hpp"
#include "server/http/questions.hpp"
#include "server/http/sender.hpp"
#include "server/net/message_feed.hpp"
#include "server/realtime/topic.hpp"
#include "tests/fuzz/begun_programme.hpp"
#include "tests/fuzz/fuzz.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/rfc7230.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/websocket/rfc6455.hpp>

#include <algorithm>
#include <limits>
#include <optional>

// A request as it comes from a socket, whole and in pieces; the question that it asks; and the answer, from
// the log and the views of a small programme.
using namespace mosty;
namespace bhttp = boost::beast::http;

namespace {

using Message = bhttp::request<bhttp::string_body>;

constexpr std::size_t header_bytes_max = 8 * 1024;
constexpr std::size_t body_bytes_max = 64 * 1024;

// The request that bytes begin with, which come in pieces of this length, read as server/net/http_request.cpp
// does; nothing when they begin with none, or with a part of one.
std::optional<Message> read(std::string_view bytes, std::size_t piece) {
    std::size_t head_bytes = 0;
    std::size_t come = 0;
    for (std::size_t seen = 0; head_bytes == 0; seen = come) {
        if (come == std::min(bytes.size(), header_bytes_max))
            return std::nullopt;
        come += std::min(piece, bytes.size() - come);
        const auto text = bytes.substr(0, std::min(come, header_bytes_max));
        head_bytes = http::head_length(text, seen);
        if (head_bytes == 0 && !http::may_become_head(text, seen))
            return std::nullopt;
        come = text.size();
    }
    const auto head = bytes.substr(0, head_bytes);
    if (http::fault_in_head(head))
        return std::nullopt;

    bhttp::request_parser<bhttp::string_body> parser;
    parser.header_limit(header_bytes_max);
    parser.body_limit(body_bytes_max);
    boost::beast::error_code error;
    const std::size_t parsed = parser.put(boost::asio::buffer(head.data(), head.size()), error);
    if (error || !parser.is_header_done())
        return std::nullopt;
    MOSTY_PROMISE(parsed == head_bytes);
    bytes.remove_prefix(parsed);

    net::MessageFeed feed(parser);
    boost::beast::flat_buffer buffer;
    while (const auto fault = feed.take(buffer)) {
        if (fault != bhttp::error::need_more || bytes.empty())
            return std::nullopt;
        const auto next = bytes.substr(0, piece);
        bytes.remove_prefix(next.size());
        buffer.commit(boost::asio::buffer_copy(buffer.prepare(next.size()),
                                               boost::asio::buffer(next.data(), next.size())));
    }
    return parser.release();
}

bool is_same(const std::optional<Message>& a, const std::optional<Message>& b) {
    if (!a || !b)
        return !a && !b;
    return a->method_string() == b->method_string() && a->target() == b->target() && a->body() == b->body() &&
           a->version() == b->version() && a->keep_alive() == b->keep_alive() &&
           std::ranges::equal(*a, *b, [](const auto& one, const auto& other) {
               return one.name_string() == other.name_string() && one.value() == other.value();
           });
}

std::string header(const Message& message, std::string_view name) {
    const auto value = message[boost::beast::string_view{name.data(), name.size()}];
    return {value.data(), value.size()};
}

bool is_list(const realtime::Topic& topic) {
    return realtime::is_list(topic.kind);
}

// Whether the question is of a topic that exists, of its kind; others are refused before they are answered.
bool is_answered(const core::Question& question) {
    const auto topic_of = [](const std::string& name) { return realtime::parse_topic(name); };
    const auto is_text = [](const realtime::Topic& topic) { return topic.kind == realtime::TopicKind::text; };
    return std::visit(Overloaded{
                          [&](const core::ViewQuestion& view) {
                              const auto topic = topic_of(view.topic);
                              return topic && !is_list(*topic) && !is_text(*topic);
                          },
                          [&](const core::ListQuestion& list) {
                              const auto topic = topic_of(list.topic);
                              return topic && is_list(*topic);
                          },
                          [&](const core::TextQuestion& text) {
                              const auto topic = topic_of(text.topic);
                              return topic && is_text(*topic);
                          },
                          [](const core::EventsQuestion& events) { return !events.streamed; },
                          [](const auto&) { return true; },
                      },
                      question);
}

const Settings& settings() {
    static const Settings told = [] {
        Settings settings;
        settings.origins = {"https://mosty.example"};
        settings.trusted_proxies = {"127.0.0.0/8"};
        return settings;
    }();
    return told;
}

void check_problem(const realtime::Problem& problem) {
    MOSTY_PROMISE(!problem.code.empty());
    MOSTY_PROMISE(fuzz::is_json(realtime::to_json(problem)));
}

void check_answer(const core::Question& question) {
    static const fuzz::FoldedProgramme programme(fuzz::begun_programme());
    const auto answer = core::answer(programme.log, programme.log, *programme.snapshot, question);
    if (!answer)
        return check_problem(answer.error());
    std::string_view rest = answer->body;
    if (answer->content_type == "application/json")
        MOSTY_PROMISE(fuzz::is_json(rest));
    else
        while (!rest.empty())
            MOSTY_PROMISE(fuzz::is_json(fuzz::take_line(rest)));
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view bytes = fuzz::text_of(data, size);
    const auto message = read(bytes, std::numeric_limits<std::size_t>::max());
    MOSTY_PROMISE(is_same(message, read(bytes, 1 + size % 7)));
    if (!message)
        return 0;
    for (const auto name : {"Host", "Origin", "Sec-Fetch-Site", "Authorization", "Cookie", "Content-Length",
                            "X-Forwarded-Proto", "Last-Event-ID"})
        MOSTY_PROMISE(message->count(name) <= 1);
    for (const auto name : {"Connection", "Upgrade", "Sec-WebSocket-Protocol"})
        static_cast<void>(bhttp::token_list{(*message)[name]}.exists("mosty.v1"));
    static const http::Gate gate(settings(), settings().listen_port);
    const auto sender =
        http::sender_of(boost::asio::ip::address_v4::loopback(), false, header(*message, "X-Forwarded-For"),
                        header(*message, "X-Forwarded-Proto"), gate.trusted_proxies());
    MOSTY_PROMISE(!sender.address.to_string().empty());
    const std::string cookies = header(*message, "Cookie");
    const std::string cookie = http::read_cookie(http::Cookie::sign_in, cookies, sender.is_secure);
    MOSTY_PROMISE(cookie.find(';') == std::string::npos);

    const auto target = http::parse_target({message->target().data(), message->target().size()});
    if (!target)
        return 0;
    MOSTY_PROMISE(target->path.starts_with('/') && is_utf8(target->path));
    MOSTY_PROMISE(target->path.find('\0') == std::string::npos);
    const http::Request request{
        .method = std::string{message->method_string()},
        .path = target->path,
        .query = target->query,
        .repeated = target->repeated,
        .is_upgrade = boost::beast::websocket::is_upgrade(*message),
        .address = sender.address,
        .is_secure = sender.is_secure,
        .host = header(*message, "Host"),
        .origin = header(*message, "Origin"),
        .authorization = header(*message, "Authorization"),
        .user_agent = header(*message, "User-Agent"),
        .accept = header(*message, "Accept"),
        .accept_encoding = header(*message, "Accept-Encoding"),
        .if_none_match = header(*message, "If-None-Match"),
        .last_event_id = header(*message, "Last-Event-ID"),
        .cookies = cookies,
        .cookie = cookie,
        .body = message->body(),
    };
    const auto refused = gate.refuse(request);
    if (refused)
        check_problem(*refused);
    // Another site makes a browser change nothing: only our pages may, or who holds a token and no cookie.
    const bool is_harmless = !request.is_upgrade && (request.method == "GET" || request.method == "HEAD");
    const bool is_for_anybody = request.path == "/healthz" || request.path == "/readyz";
    if (!is_harmless && !is_for_anybody && !refused)
        MOSTY_PROMISE(request.origin == "https://mosty.example" || !request.authorization.empty());
    const auto question = http::question_of(request);
    if (question && !*question)
        check_problem(question->error());
    if (question && *question && is_answered(**question))
        check_answer(**question);
    return 0;
}
