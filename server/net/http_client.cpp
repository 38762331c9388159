#include "server/net/http_client.hpp"

#include "server/net/message_feed.hpp"

#include <boost/asio/connect.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>
#include <openssl/ssl.h>

#include <utility>

namespace mosty::net {
namespace bhttp = beast::http;
namespace {

using Request = bhttp::request<bhttp::string_body>;
using Parser = bhttp::response_parser<bhttp::string_body>;

constexpr std::size_t read_at_once = 4 * 1024;

std::string sentence_of(const beast::error_code& error) {
    if (error == beast::error::timeout)
        return "it did not answer in time";
    if (error == bhttp::error::body_limit)
        return "its answer is too long";
    return error.message();
}

template <class AnyStream>
Awaitable<beast::error_code> exchange(AnyStream& stream, const Request& request, beast::flat_buffer& buffer,
                                      Parser& parser) {
    const auto [write_error, written] = co_await bhttp::async_write(stream, request, as_result);
    if (write_error)
        co_return write_error;
    MessageFeed feed(parser);
    for (;;) {
        const auto fault = feed.take(buffer);
        if (fault != bhttp::error::need_more)
            co_return fault;
        const auto [read_error, read] =
            co_await stream.async_read_some(buffer.prepare(read_at_once), as_result);
        if (read_error && (read_error != asio::error::eof || !parser.got_some()))
            co_return read_error;
        buffer.commit(read);
        if (read_error) {
            // What has no length ends with its connection.
            beast::error_code end;
            parser.put_eof(end);
            co_return end;
        }
    }
}

} // namespace

HttpClient::HttpClient(asio::io_context& context, Url url, TlsContext tls, Limits limits)
    : executor_(context.get_executor()), url_(std::move(url)), limits_(limits), tls_context_(std::move(tls)) {
}

// A system that finds no name may take long to say so, and cannot be told to stop: it is not waited for.
struct HttpClient::Lookup {
    explicit Lookup(const Executor& executor) : resolver(executor), timer(executor) {}

    asio::ip::basic_resolver<asio::ip::tcp, Executor> resolver;
    Timer timer;
    beast::error_code error = beast::error::timeout;
    Endpoints found;
};

void HttpClient::disconnect() {
    plain_.reset();
    tls_.reset();
}

void HttpClient::cancel() {
    is_cancelled_ = true;
    if (lookup_)
        lookup_->timer.cancel();
    if (is_connected())
        stream().close();
}

Awaitable<Result<HttpClient::Endpoints, std::string>> HttpClient::look_up(Time deadline) {
    const auto lookup = std::make_shared<Lookup>(executor_);
    lookup_ = lookup;
    lookup->timer.expires_at(deadline);
    lookup->resolver.async_resolve(url_.host, url_.port, [lookup](beast::error_code error, Endpoints found) {
        lookup->error = error;
        lookup->found = std::move(found);
        lookup->timer.cancel();
    });
    co_await lookup->timer.async_wait(as_result);
    lookup_.reset();
    if (lookup->error)
        co_return std::unexpected(sentence_of(lookup->error));
    co_return lookup->found;
}

Awaitable<std::optional<std::string>> HttpClient::connect(Time deadline) {
    const auto endpoints = co_await look_up(deadline);
    if (!endpoints)
        co_return endpoints.error();
    buffer_.clear();
    if (url_.is_tls)
        tls_.emplace(TcpStream(executor_), *tls_context_);
    else
        plain_.emplace(executor_);
    stream().expires_at(deadline);
    const auto [connect_error, endpoint] = co_await stream().async_connect(*endpoints, as_result);
    beast::error_code error = connect_error;
    if (!error && tls_) {
        tls_->set_verify_callback(asio::ssl::host_name_verification(url_.host), error);
        beast::error_code is_name;
        asio::ip::make_address(url_.host, is_name); // an address is never named to a server that has many
        if (is_name)
            SSL_set_tlsext_host_name(tls_->native_handle(), url_.host.c_str());
        if (!error) {
            const auto [handshake_error] =
                co_await tls_->async_handshake(asio::ssl::stream_base::client, as_result);
            error = handshake_error;
        }
    }
    if (!error)
        co_return std::nullopt;
    disconnect();
    co_return sentence_of(error);
}

Awaitable<Result<HttpAnswer, std::string>> HttpClient::ask(HttpQuestion question) {
    const bool is_post = !question.content_type.empty();
    Request request{is_post ? bhttp::verb::post : bhttp::verb::get, url_.path + question.target, 11};
    request.set(bhttp::field::host, url_.authority);
    request.set(bhttp::field::user_agent, "mosty");
    if (!question.accept.empty())
        request.set(bhttp::field::accept, question.accept);
    if (!question.authorization.empty())
        request.set(bhttp::field::authorization, question.authorization);
    if (is_post) {
        request.set(bhttp::field::content_type, question.content_type);
        request.body() = std::move(question.body);
        request.prepare_payload();
    }

    const Time deadline = std::chrono::steady_clock::now() + limits_.timeout;
    // A connection that was kept may have been closed by the other side meanwhile: then once more.
    for (bool was_kept = is_connected(); !is_cancelled_; was_kept = false) {
        if (!is_connected())
            if (auto failure = co_await connect(deadline))
                co_return std::unexpected(std::move(*failure));
        stream().expires_at(deadline);
        Parser parser;
        parser.body_limit(limits_.body_bytes_max);
        beast::error_code error;
        if (tls_)
            error = co_await exchange(*tls_, request, buffer_, parser);
        else
            error = co_await exchange(*plain_, request, buffer_, parser);
        if (error) {
            disconnect();
            if (was_kept && error != beast::error::timeout && error != bhttp::error::body_limit)
                continue;
            co_return std::unexpected(sentence_of(error));
        }
        const auto response = parser.release();
        if (!response.keep_alive())
            disconnect();
        const auto type = response[bhttp::field::content_type];
        co_return HttpAnswer{
            static_cast<int>(response.result_int()), {type.data(), type.size()}, response.body()};
    }
    co_return std::unexpected("the server stops");
}

} // namespace mosty::net
