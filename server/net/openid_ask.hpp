#pragma once

#include "server/net/tls_context.hpp"
#include "server/openid/provider.hpp"

#include <boost/asio/io_context.hpp>

#include <memory>
#include <vector>

namespace mosty::net {

class HttpClient;

// Asks organisations' providers over HTTP, each time on a connection of its own: ten seconds with all that it
// takes, 256 KiB, no redirects.
//
// Threads: that of its context, unless it is said.
class OpenIdAsks {
public:
    explicit OpenIdAsks(boost::asio::io_context& context) : context_(context) {}

    // `tls`: whom to trust. The answer must not outlive this.
    openid::Ask through(TlsContext tls);

    // Any thread: what is being asked ends, and nothing more is asked.
    void stop();

private:
    boost::asio::awaitable<Result<openid::Reply, std::string>> ask(TlsContext tls, openid::Question question);

    boost::asio::io_context& context_;
    std::vector<std::weak_ptr<HttpClient>> asking_;
    bool is_stopped_ = false;
};

} // namespace mosty::net
