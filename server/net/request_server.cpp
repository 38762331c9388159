#include "server/net/request_server.hpp"

#include "server/net/http_request.hpp"
#include "server/net/stream.hpp"
#include "server/realtime/problem.hpp"

#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/serializer.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>
#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <exception>
#include <optional>
#include <utility>
#include <variant>

namespace mosty::net {
namespace bhttp = beast::http;
namespace {

using Message = bhttp::response<bhttp::string_body>;

http::Response refusal(int status, std::string sentence) {
    return {status, "text/plain; charset=utf-8", std::move(sentence), {}};
}

std::optional<http::Request> request_of(const RequestMessage& message) {
    const auto target = http::parse_target({message.target().data(), message.target().size()});
    if (!target)
        return std::nullopt;
    http::Request request;
    request.method = std::string{message.method_string()};
    request.path = target->path;
    request.query = target->query;
    request.body = message.body();
    return request;
}

Message write_response(http::Response response, unsigned http_version, bool keep_alive, bool head_only) {
    Message message{static_cast<bhttp::status>(response.status), http_version};
    message.set(bhttp::field::content_type, response.content_type);
    message.set("X-Content-Type-Options", "nosniff");
    for (const auto& [name, value] : response.headers)
        message.insert(name, value);
    message.keep_alive(keep_alive);
    message.content_length(response.body.size());
    if (!head_only)
        message.body() = std::move(response.body);
    return message;
}

} // namespace

struct RequestServer::Implementation : std::enable_shared_from_this<Implementation> {
    Implementation(asio::io_context& c, Limits l, Answer a)
        : context(c), limits(l), answer(std::move(a)), acceptor(c) {}

    Awaitable<void> serve(Stream stream, std::shared_ptr<Implementation> self) {
        const RequestLimits request_limits{.body_bytes_max = self->limits.body_bytes_max,
                                           .idle_timeout = self->limits.idle_timeout,
                                           .head_timeout = self->limits.idle_timeout};
        beast::flat_buffer buffer;
        stream.expires_after(self->limits.idle_timeout);
        for (bool is_first = true, keep_alive = true; keep_alive; is_first = false) {
            auto read = co_await read_request(stream, buffer, request_limits, is_first);
            if (std::holds_alternative<Gone>(read))
                break;
            std::optional<http::Response> response;
            unsigned http_version = 11;
            bool head_only = false;
            if (const auto* bad = std::get_if<BadRequest>(&read)) {
                response = refusal(realtime::status_of(bad->code), bad->code + ": " + bad->detail + '\n');
                keep_alive = false;
            } else {
                const auto& message = std::get<RequestMessage>(read);
                http_version = message.version();
                head_only = message.method() == bhttp::verb::head;
                const auto request = request_of(message);
                keep_alive = request && message.keep_alive();
                response =
                    request ? self->answer(*request) : refusal(400, "malformed: the request is ill-formed\n");
            }
            stream.expires_after(self->limits.idle_timeout);
            const auto message = write_response(std::move(*response), http_version, keep_alive, head_only);
            bhttp::serializer<false, bhttp::string_body> serializer{message};
            const auto [write_error, written] =
                head_only ? co_await bhttp::async_write_header(stream, serializer, as_result)
                          : co_await bhttp::async_write(stream, serializer, as_result);
            if (write_error)
                break;
        }
        beast::error_code ignored;
        stream.socket().shutdown(asio::ip::tcp::socket::shutdown_send, ignored);
    }

    Awaitable<void> accept_loop(std::shared_ptr<Implementation> self) {
        while (self->acceptor.is_open()) {
            Socket socket(self->context);
            const auto [error] = co_await self->acceptor.async_accept(socket, as_result);
            if (error == asio::error::operation_aborted)
                co_return;
            if (error) {
                spdlog::warn("accept failed: {}", error.message());
                Timer pause(self->context, std::chrono::milliseconds{100});
                co_await pause.async_wait(as_result);
                continue;
            }
            if (self->connections >= self->limits.connections_max)
                continue; // closes it
            ++self->connections;
            asio::co_spawn(self->context, serve(Stream(TcpStream(std::move(socket))), self),
                           [self](std::exception_ptr failure) {
                               --self->connections;
                               try {
                                   if (failure)
                                       std::rethrow_exception(failure);
                               } catch (const std::exception& exception) {
                                   spdlog::error("a connection failed: {}", exception.what());
                               }
                           });
        }
    }

    asio::io_context& context;
    const Limits limits;
    const Answer answer;
    asio::basic_socket_acceptor<asio::ip::tcp, Executor> acceptor;
    std::size_t connections = 0;
};

RequestServer::RequestServer(asio::io_context& context, Limits limits, Answer answer)
    : implementation_(std::make_shared<Implementation>(context, limits, std::move(answer))) {}

RequestServer::~RequestServer() = default;

Result<std::uint16_t, std::string> RequestServer::open(const std::string& address, std::uint16_t port) {
    auto& acceptor = implementation_->acceptor;
    beast::error_code error;
    const asio::ip::tcp::endpoint endpoint{asio::ip::make_address(address, error), port};
    if (!error)
        acceptor.open(endpoint.protocol(), error);
    if (!error)
        acceptor.set_option(asio::socket_base::reuse_address(true), error);
    if (!error)
        acceptor.bind(endpoint, error);
    if (!error)
        acceptor.listen(asio::socket_base::max_listen_connections, error);
    if (error)
        return std::unexpected(fmt::format("cannot listen on {}:{}: {}", address, port, error.message()));
    asio::co_spawn(implementation_->context, implementation_->accept_loop(implementation_), asio::detached);
    return acceptor.local_endpoint().port();
}

} // namespace mosty::net
