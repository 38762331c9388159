#pragma once

#include "domain/base/result.hpp"
#include "server/net/tls_context.hpp"
#include "server/net/types.hpp"
#include "server/net/url.hpp"

#include <boost/asio/ssl/stream.hpp>
#include <boost/beast/core/flat_buffer.hpp>

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>

namespace mosty::net {

struct HttpAnswer {
    int status = 0;
    std::string content_type;
    std::string body;
};

// Asks one other server, one request at a time, and keeps the connection between them. Over TLS only one
// whose certificate is for its name and issued by somebody whom the context trusts.
//
// Threads: that of its context.
class HttpClient {
public:
    struct Limits {
        std::chrono::milliseconds timeout{2'000}; // of connecting, and of a request
        std::size_t body_bytes_max = 64 * 1024;
    };

    HttpClient(asio::io_context& context, Url url, TlsContext tls, Limits limits);

    // Posts to a path below the address. An error is a sentence: nobody there, too late, too much.
    Awaitable<Result<HttpAnswer, std::string>> post(std::string path, std::string body,
                                                    std::string content_type);

private:
    using TlsStream = asio::ssl::stream<TcpStream>;

    Awaitable<std::optional<std::string>> connect();
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
};

} // namespace mosty::net
