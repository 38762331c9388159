#pragma once

#include "domain/base/result.hpp"
#include "server/net/tls_context.hpp"
#include "server/net/types.hpp"
#include "server/net/url.hpp"

#include <boost/asio/ip/basic_resolver_results.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/beast/core/flat_buffer.hpp>

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>

namespace mosty::net {

struct HttpQuestion {
    std::string target;        // path and query, below the address
    std::string body;          // is posted
    std::string content_type;  // of the body; empty: there is none, and it is a GET
    std::string accept;        // empty: anything
    std::string authorization; // empty: none
};

struct HttpAnswer {
    int status = 0;
    std::string content_type;
    std::string body;
};

// Asks one other server, one request at a time, and keeps the connection between them. Over TLS only one
// whose certificate is for its name and issued by somebody whom the context trusts. An answer that leads
// elsewhere is an answer like any other: nobody is followed.
//
// Threads: that of its context.
class HttpClient {
public:
    struct Limits {
        std::chrono::milliseconds timeout{2'000}; // of a request, with finding the server and connecting
        std::size_t body_bytes_max = 64 * 1024;
    };

    HttpClient(asio::io_context& context, Url url, TlsContext tls, Limits limits);

    // An error is a sentence: nobody there, too late, too much.
    Awaitable<Result<HttpAnswer, std::string>> ask(HttpQuestion question);

    // What is being asked ends with an error, and so does all that is asked later.
    void cancel();

private:
    using TlsStream = asio::ssl::stream<TcpStream>;

    struct Lookup;
    using Time = std::chrono::steady_clock::time_point;
    using Endpoints = asio::ip::basic_resolver_results<asio::ip::tcp>;

    Awaitable<Result<Endpoints, std::string>> look_up(Time deadline);
    Awaitable<std::optional<std::string>> connect(Time deadline);
    bool is_connected() const { return plain_ || tls_; }
    void disconnect();
    TcpStream& stream() { return tls_ ? tls_->next_layer() : *plain_; }

    const Executor executor_;
    const Url url_;
    const Limits limits_;
    const TlsContext tls_context_;
    std::optional<TcpStream> plain_;
    std::optional<TlsStream> tls_; // one of the two, while connected
    beast::flat_buffer buffer_;
    std::shared_ptr<Lookup> lookup_; // that is under way
    bool is_cancelled_ = false;
};

} // namespace mosty::net
