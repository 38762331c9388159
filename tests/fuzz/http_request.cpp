// Only what reads requests is needed of Beast, not the parts that are compiled once beside the sockets.
#undef BOOST_BEAST_SEPARATE_COMPILATION

#include "domain/base/result.hpp"
#include "server/http/message.hpp"
#include "server/http/questions.hpp"
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

// The request that bytes begin with, which come in pieces of this length; nothing when they begin with none.
std::optional<Message> read(std::string_view bytes, std::size_t piece) {
    bhttp::request_parser<bhttp::string_body> parser;
    parser.header_limit(header_bytes_max);
    parser.body_limit(body_bytes_max);
    parser.eager(true);
    std::size_t from = 0;
    std::size_t to = 0;
    bool needs_more = true;
    while (!parser.is_done()) {
        if (needs_more || from == to) {
            if (to == bytes.size())
                return std::nullopt;
            to += std::min(piece, bytes.size() - to);
        }
        boost::beast::error_code error;
        from += parser.put(boost::asio::buffer(bytes.data() + from, to - from), error);
        needs_more = error == bhttp::error::need_more;
        if (error && !needs_more)
            return std::nullopt;
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

std::string header(const Message& message, bhttp::field field) {
    const auto value = message[field];
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
                          [](const core::ViewsHashQuestion&) { return true; },
                      },
                      question);
}

void check_problem(const realtime::Problem& problem) {
    MOSTY_PROMISE(!problem.code.empty());
    MOSTY_PROMISE(fuzz::is_json(realtime::to_json(problem)));
}

void check_answer(const core::Question& question) {
    static const fuzz::FoldedProgramme programme(fuzz::begun_programme());
    const auto answer = core::answer(programme.log, *programme.snapshot, question);
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
    if (size < header_bytes_max)
        MOSTY_PROMISE(is_same(message, read(bytes, 1 + size % 7)));
    if (!message)
        return 0;
    static_cast<void>(boost::beast::websocket::is_upgrade(*message));
    static_cast<void>(bhttp::token_list{(*message)[bhttp::field::sec_websocket_protocol]}.exists("mosty.v1"));
    const std::string cookie = http::cookie_value(header(*message, bhttp::field::cookie), "mosty_sign_in");
    MOSTY_PROMISE(cookie.find(';') == std::string::npos);

    const auto target = http::parse_target({message->target().data(), message->target().size()});
    if (!target)
        return 0;
    MOSTY_PROMISE(target->path.starts_with('/') && target->path.find('\0') == std::string::npos);
    http::Request request;
    request.method = std::string{message->method_string()};
    request.path = target->path;
    request.query = target->query;
    request.repeated = target->repeated;
    request.origin = header(*message, bhttp::field::origin);
    request.accept = header(*message, bhttp::field::accept);
    request.accept_encoding = header(*message, bhttp::field::accept_encoding);
    request.if_none_match = header(*message, bhttp::field::if_none_match);
    request.last_event_id = std::string{(*message)["Last-Event-ID"]};
    request.cookie = cookie;
    request.body = message->body();
    const auto question = http::question_of(request);
    if (question && !*question)
        check_problem(question->error());
    if (question && *question && is_answered(**question))
        check_answer(**question);
    return 0;
}
