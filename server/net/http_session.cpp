#include "server/net/http_session.hpp"

#include "server/net/handshake.hpp"
#include "server/net/piece_writer.hpp"
#include "server/net/websocket_session.hpp"

#include <boost/asio/async_result.hpp>
#include <boost/asio/post.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/rfc7230.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>
#include <boost/beast/websocket/rfc6455.hpp>

#include <optional>
#include <utility>

namespace mosty::net {
namespace bhttp = beast::http;
namespace {

using limits::Limit;

constexpr std::uint64_t upgrade_commands = 5; // what opening a connection costs its account
constexpr std::size_t taken_before_close_max = 8 * 1024 * 1024;
constexpr std::string_view content_security_policy =
    "default-src 'self'; img-src 'self' data:; style-src 'self'; script-src 'self'; connect-src 'self'; "
    "object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'";

template <class Name>
std::string text_of(const bhttp::fields& fields, Name name) {
    const auto value = fields[name];
    return {value.data(), value.size()};
}

std::optional<http::Request> read_request(const bhttp::request<bhttp::string_body>& message) {
    const auto target = http::parse_target({message.target().data(), message.target().size()});
    if (!target)
        return std::nullopt;
    return http::Request{
        .method = std::string{message.method_string()},
        .path = target->first,
        .query = target->second,
        .origin = text_of(message, bhttp::field::origin),
        .accept = text_of(message, bhttp::field::accept),
        .accept_encoding = text_of(message, bhttp::field::accept_encoding),
        .if_none_match = text_of(message, bhttp::field::if_none_match),
        .last_event_id = text_of(message, "Last-Event-ID"),
        .cookie = http::cookie_value(text_of(message, bhttp::field::cookie), "mosty_sign_in"),
        .body = message.body(),
    };
}

// What every response says of itself.
bhttp::response_header<> header_of(const http::Response& response, unsigned http_version) {
    bhttp::response_header<> message;
    message.result(static_cast<bhttp::status>(response.status));
    message.version(http_version);
    message.set(bhttp::field::content_type, response.content_type);
    message.set("Content-Security-Policy", content_security_policy);
    message.set("X-Content-Type-Options", "nosniff");
    message.set("Referrer-Policy", "same-origin");
    message.set("Cross-Origin-Opener-Policy", "same-origin");
    for (const auto& [name, value] : response.headers)
        message.insert(name, value);
    return message;
}

bhttp::response<bhttp::string_body> write_response(http::Response response, unsigned http_version,
                                                   bool keep_alive, bool head_only) {
    bhttp::response<bhttp::string_body> message{header_of(response, http_version)};
    message.keep_alive(keep_alive);
    if (head_only) {
        message.content_length(response.body.size());
    } else {
        message.body() = std::move(response.body);
        message.prepare_payload();
    }
    return message;
}

// Hands the request to the site and waits for its reply, which may come on any thread.
Awaitable<http::Response> answer(http::Site& site, http::Request request, Executor executor) {
    co_return co_await asio::async_initiate<const UseAwaitable, void(http::Response)>(
        [&site, executor](auto handler, http::Request asked) {
            site.handle(
                std::move(asked), [handler = std::move(handler), executor](http::Response response) mutable {
                    asio::post(executor,
                               [handler = std::move(handler), response = std::move(response)]() mutable {
                                   std::move(handler)(std::move(response));
                               });
                });
        },
        UseAwaitable{}, std::move(request));
}

// Why the upgrade is refused; nothing when it may go on as `actor`.
std::optional<http::Response> refuse_upgrade(const http::Request& request,
                                             const bhttp::request<bhttp::string_body>& message,
                                             bool more_came, http::Site& site,
                                             std::optional<ActorId>& actor) {
    const auto refuse = [](std::string code, std::string detail) {
        return http::problem_response({std::move(code), std::move(detail), {}, {}});
    };
    if (request.path != "/v1/live")
        return refuse("not_found", "WebSockets are served at /v1/live.");
    if (!bhttp::token_list{message[bhttp::field::sec_websocket_protocol]}.exists("mosty.v1"))
        return refuse("malformed", "Ask for the subprotocol mosty.v1.");
    if (!site.is_allowed_origin(request.origin))
        return refuse("bad_origin", "This request came from another site.");
    if (auto refusal = refuse_handshake(message))
        return refusal;
    if (more_came)
        return refuse("malformed", "Wait for the answer to the handshake.");
    actor = site.signed_in(request.cookie);
    if (!actor)
        return refuse("not_signed_in", "Sign in first.");
    return site.refuse_too_fast(*actor, {.commands = upgrade_commands});
}

// Whether nobody is there to be told what went wrong: closed, reset, or silent for too long.
bool is_gone(const beast::error_code& error) {
    return error == bhttp::error::end_of_stream || error == beast::error::timeout ||
           error == asio::error::eof || (error && error.category() == asio::error::get_system_category());
}

// Whoever asks faster than an address may waits before it is answered, and so before it asks again.
Awaitable<void> pause_for(limits::Visitor& visitor, const Settings& settings, Executor executor,
                          core::Metrics& metrics) {
    const auto pause = visitor.requests.take(1, {settings.address_requests_per_s, settings.saved_up},
                                             std::chrono::steady_clock::now());
    if (pause.count() == 0)
        co_return;
    metrics.reached(Limit::address_requests);
    Timer timer(executor, pause);
    co_await timer.async_wait(as_result);
}

// Ends a connection so that the last answer arrives: closing while the peer still sends takes it back.
Awaitable<void> close(Stream& stream, beast::flat_buffer& buffer, const Settings& settings) {
    beast::error_code ignored;
    stream.socket().shutdown(asio::ip::tcp::socket::shutdown_send, ignored);
    stream.expires_after(settings.close_timeout);
    for (std::size_t taken = 0; taken < taken_before_close_max;) {
        buffer.consume(buffer.size());
        const auto [error, bytes] = co_await stream.async_read_some(buffer.prepare(16 * 1024), as_result);
        if (error)
            co_return;
        taken += bytes;
    }
}

} // namespace

Awaitable<void> serve_http(Stream stream, std::shared_ptr<limits::Visitor> visitor, std::size_t io_thread,
                           const Settings& settings, core::Core& core, core::Metrics& metrics,
                           http::Site& site) {
    beast::flat_buffer buffer;
    for (bool first = true;; first = false) {
        bhttp::request_parser<bhttp::string_body> parser;
        parser.header_limit(static_cast<std::uint32_t>(settings.header_bytes_max));
        parser.body_limit(settings.message_bytes_max);
        stream.expires_after(first ? settings.handshake_timeout : settings.idle_timeout);
        const auto [read_error, read_bytes] = co_await bhttp::async_read(stream, buffer, parser, as_result);

        std::optional<http::Response> response;
        bool keep_alive = false;
        bool head_only = false;
        unsigned http_version = 11;
        if (read_error == bhttp::error::body_limit || read_error == bhttp::error::header_limit) {
            metrics.reached(read_error == bhttp::error::body_limit ? Limit::body_bytes : Limit::header_bytes);
            response = http::problem_response({"too_big", "The request is too big.", {}, {}});
        } else if (is_gone(read_error)) {
            if (read_error == beast::error::timeout && parser.got_some())
                metrics.reached(Limit::header_time);
            break;
        } else if (read_error) {
            response = http::problem_response({"malformed", "This is not an HTTP request.", {}, {}});
        } else {
            auto message = parser.release();
            http_version = message.version();
            keep_alive = message.keep_alive();
            head_only = message.method() == bhttp::verb::head;
            auto request = read_request(message);
            // Both together are how requests are smuggled past a proxy.
            const bool ambiguous = message.find(bhttp::field::transfer_encoding) != message.end() &&
                                   message.find(bhttp::field::content_length) != message.end();
            if (!request || ambiguous) {
                keep_alive = false;
                response = http::problem_response({"malformed", "The request is ill-formed.", {}, {}});
            } else if (beast::websocket::is_upgrade(message)) {
                std::optional<ActorId> actor;
                response = refuse_upgrade(*request, message, buffer.size() > 0, site, actor);
                if (!response) {
                    buffer = {};
                    limits::Allowance& account = site.allowance_of(*actor);
                    co_return co_await serve_websocket(std::move(stream), accept_handshake(message),
                                                       std::move(*actor), io_thread, settings, core, metrics,
                                                       site.client_ids(), account);
                }
                keep_alive = false;
            } else {
                stream.expires_never();
                co_await pause_for(*visitor, settings, stream.get_executor(), metrics);
                response = co_await answer(site, std::move(*request), stream.get_executor());
            }
        }

        if (response->pieces && !head_only)
            co_return co_await write_pieces(std::move(stream), header_of(*response, http_version),
                                            response->pieces, settings);
        if (response->pieces)
            response->pieces->stop();
        auto message = write_response(std::move(*response), http_version, keep_alive, head_only);
        stream.expires_after(settings.idle_timeout);
        if (head_only) {
            bhttp::response_serializer<bhttp::string_body> serializer{message};
            const auto [error, bytes] = co_await bhttp::async_write_header(stream, serializer, as_result);
            if (error)
                break;
        } else {
            const auto [error, bytes] = co_await bhttp::async_write(stream, message, as_result);
            if (error)
                break;
        }
        if (!keep_alive)
            break;
    }
    co_await close(stream, buffer, settings);
}

} // namespace mosty::net
