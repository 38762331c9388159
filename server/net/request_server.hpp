#pragma once

#include "domain/base/result.hpp"
#include "server/http/message.hpp"
#include "server/net/types.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace mosty::net {

// A small HTTP server on one thread, for what is asked seldom: a function answers each request at once. No
// WebSockets, cookies or compression.
//
// Threads: the one that runs the context.
class RequestServer {
public:
    struct Limits {
        std::size_t connections_max = 256;
        std::size_t body_bytes_max = 256 * 1024;
        std::chrono::milliseconds idle_timeout{15'000};
    };
    using Answer = std::function<http::Response(const http::Request&)>;

    RequestServer(asio::io_context& context, Limits limits, Answer answer);
    ~RequestServer();

    // Binds and begins to accept; the port that the system gave when asked for 0.
    Result<std::uint16_t, std::string> open(const std::string& address, std::uint16_t port);

private:
    struct Implementation;
    std::shared_ptr<Implementation> implementation_;
};

} // namespace mosty::net
