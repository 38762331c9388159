#include "server/net/http_session.hpp"

#include "server/http/security_headers.hpp"
#include "server/net/handshake.hpp"
#include "server/net/http_request.hpp"
#include "server/net/piece_writer.hpp"

#include <boost/asio/async_result.hpp>
#include <boost/asio/post.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/rfc7230.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>

#include <optional>
#include <utility>
#include <variant>

namespace mosty::net {
namespace bhttp = beast::http;
namespace {

using limits::Limit;

constexpr std::uint64_t upgrade_commands = 5;    // what opening a connection costs its account
constexpr std::uint64_t handshake_requests = 20; // what a handshake of TLS costs its address, in requests
constexpr std::size_t taken_before_close_max = 8 * 1024 * 1024;

bhttp::response_header<> header_of(const http::Response& response, unsigned http_version) {
    bhttp::response_header<> message;
    message.result(static_cast<bhttp::status>(response.status));
    message.version(http_version);
    message.set(bhttp::field::content_type, response.content_type);
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

// Why the upgrade is refused; nothing when it may go on with `sign_in`.
std::optional<http::Response> refuse_upgrade(const http::Request& request, const RequestMessage& message,
                                             bool more_came, http::Site& site,
                                             std::optional<access::SignIn>& sign_in) {
    const auto refuse = [](std::string code, std::string detail) {
        return http::problem_response({std::move(code), std::move(detail), {}, {}});
    };
    if (const auto problem = site.gate().refuse(request))
        return http::problem_response(*problem);
    if (request.path != "/v1/live")
        return refuse("not_found", "WebSockets are served at /v1/live.");
    if (!bhttp::token_list{message[bhttp::field::sec_websocket_protocol]}.exists("mosty.v1"))
        return refuse("malformed", "Ask for the subprotocol mosty.v1.");
    if (auto refusal = refuse_handshake(message))
        return refusal;
    if (more_came)
        return refuse("malformed", "Wait for the answer to the handshake.");
    sign_in = site.signed_in(request);
    if (!sign_in)
        return http::problem_response(site.not_signed_in(request, "Sign in first."));
    if (!sign_in->is_session)
        return refuse("token_scope", "A token is for single requests and for /v1/events.");
    return site.refuse_too_fast(sign_in->actor, {.commands = upgrade_commands});
}

// Whoever asks faster than an address may waits before it is answered, and so before it asks again.
Awaitable<void> pause_for(limits::Visitor& visitor, std::uint64_t requests, const Settings& settings,
                          Executor executor, core::Metrics& metrics) {
    const auto pause = visitor.requests.take(requests, {settings.address_requests_per_s, settings.saved_up},
                                             std::chrono::steady_clock::now());
    if (pause.count() == 0)
        co_return;
    metrics.reached(Limit::address_requests);
    Timer timer(executor, pause);
    co_await timer.async_wait(as_result);
}

// Ends a connection so that the last answer arrives: closing while the peer still sends takes it back.
Awaitable<void> close(Stream& stream, beast::flat_buffer& buffer, const Settings& settings) {
    stream.expires_after(settings.close_timeout);
    co_await stream.say_goodbye();
    TcpStream& tcp = stream.next_layer();
    for (std::size_t taken = 0; taken < taken_before_close_max;) {
        buffer.consume(buffer.size());
        const auto [error, bytes] = co_await tcp.async_read_some(buffer.prepare(16 * 1024), as_result);
        if (error)
            co_return;
        taken += bytes;
    }
}

} // namespace

Awaitable<std::optional<Upgrade>> serve_http(Stream stream, asio::ip::address peer,
                                             std::shared_ptr<limits::Visitor> visitor,
                                             const Settings& settings, core::Metrics& metrics,
                                             http::Site& site) {
    const RequestLimits limits{.head_bytes_max = settings.header_bytes_max,
                               .body_bytes_max = settings.message_bytes_max,
                               .idle_timeout = settings.idle_timeout,
                               .head_timeout = settings.handshake_timeout};
    if (stream.is_tls())
        co_await pause_for(*visitor, handshake_requests, settings, stream.get_executor(), metrics);
    // One deadline for TLS and for the first request's head.
    stream.expires_after(settings.handshake_timeout);
    if (co_await stream.shake_hands())
        co_return std::nullopt;
    beast::flat_buffer buffer;
    for (bool is_first = true;; is_first = false) {
        auto read = co_await read_request(stream, buffer, limits, is_first);
        if (const auto* gone = std::get_if<Gone>(&read)) {
            if (gone->was_late)
                metrics.reached(Limit::header_time);
            break;
        }
        std::optional<http::Response> response;
        bool keep_alive = false;
        bool head_only = false;
        bool over_tls = stream.is_tls();
        unsigned http_version = 11;
        if (auto* bad = std::get_if<BadRequest>(&read)) {
            if (bad->code == "too_big")
                metrics.reached(Limit::body_bytes);
            else if (bad->code == "header_too_big")
                metrics.reached(Limit::header_bytes);
            response = http::problem_response({std::move(bad->code), std::move(bad->detail), {}, {}});
        } else {
            auto& message = std::get<RequestMessage>(read);
            http_version = message.version();
            head_only = message.method() == bhttp::verb::head;
            auto request = site_request(message, peer, stream.is_tls(), site.gate().trusted_proxies());
            // A browser told so of localhost would find none of its other servers there.
            over_tls = request && request->is_secure && !request->host.starts_with("localhost");
            if (!request) {
                response = http::problem_response({"malformed", "The request is ill-formed.", {}, {}});
            } else if (request->is_upgrade) {
                std::optional<access::SignIn> sign_in;
                response = refuse_upgrade(*request, message, buffer.size() > 0, site, sign_in);
                if (!response)
                    co_return Upgrade{std::move(stream), accept_handshake(message), std::move(*sign_in)};
            } else {
                keep_alive = message.keep_alive();
                stream.expires_never();
                co_await pause_for(*visitor, 1, settings, stream.get_executor(), metrics);
                response = co_await answer(site, std::move(*request), stream.get_executor());
            }
        }
        http::add_security_headers(*response, over_tls);

        if (response->pieces && !head_only) {
            co_await write_pieces(std::move(stream), header_of(*response, http_version), response->pieces,
                                  settings);
            co_return std::nullopt;
        }
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
    co_return std::nullopt;
}

} // namespace mosty::net
