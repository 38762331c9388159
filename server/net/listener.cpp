#include "server/net/listener.hpp"

#include "server/limits/addresses.hpp"
#include "server/net/http_session.hpp"
#include "server/net/stream.hpp"
#include "server/net/types.hpp"
#include "server/net/websocket_session.hpp"

#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <exception>
#include <optional>
#include <utility>

namespace mosty::net {
namespace {

using limits::Limit;

limits::AddressKey key_of(const asio::ip::address& address) {
    if (address.is_v4())
        return {address.to_v4().to_uint(), true};
    const auto v6 = address.to_v6();
    if (v6.is_v4_mapped())
        return {asio::ip::make_address_v4(asio::ip::v4_mapped, v6).to_uint(), true};
    const auto bytes = v6.to_bytes();
    std::uint64_t network = 0;
    for (std::size_t i = 0; i < sizeof network; ++i)
        network = network << 8U | bytes[i];
    return {network, false};
}

} // namespace

struct Listener::Implementation : std::enable_shared_from_this<Implementation> {
    Implementation(core::Core::Threads t, const Settings& s, core::Core& c, core::Metrics& m, http::Site& h)
        : threads(std::move(t)), settings(s), core(c), metrics(m), site(h), acceptor(*threads.io.front()),
          addresses(s.address_connections_max) {}

    Awaitable<void> accept_loop(std::shared_ptr<Implementation> self) {
        for (std::size_t next = 0; self->acceptor.is_open(); next = (next + 1) % threads.io.size()) {
            Socket socket(*threads.io[next]);
            const auto [error] = co_await acceptor.async_accept(socket, as_result);
            if (error == asio::error::operation_aborted)
                co_return;
            if (error) {
                // No file descriptors left, most likely: others will be closed soon.
                spdlog::warn("accept failed: {}", error.message());
                Timer pause(*threads.io.front(), std::chrono::milliseconds{100});
                co_await pause.async_wait(as_result);
                continue;
            }
            if (open_connections.load() >= settings.connections_max) {
                metrics.reached(Limit::connections);
                continue; // closes it
            }
            beast::error_code gone;
            const auto peer = socket.remote_endpoint(gone);
            if (gone)
                continue;
            const auto visitor_key = key_of(peer.address());
            // A trusted proxy brings many people: it is left to it to count them.
            const bool is_proxy = site.gate().trusted_proxies().contains(peer.address());
            auto visitor = is_proxy ? std::make_shared<limits::Visitor>()
                                    : addresses.enter(visitor_key, std::chrono::steady_clock::now());
            if (!visitor) {
                metrics.reached(Limit::address_connections);
                continue; // closes it
            }
            ++open_connections;
            TcpStream tcp(std::move(socket));
            Stream stream = tls ? Stream(std::move(tcp), tls) : Stream(std::move(tcp));
            // What reading requests took is gone before the WebSocket, which may stay for days.
            asio::co_spawn(
                *threads.io[next],
                serve_http(std::move(stream), peer.address(), std::move(visitor), settings, metrics, site),
                [self, visitor_key, is_proxy, next](std::exception_ptr failure,
                                                    std::optional<Upgrade> upgrade) {
                    auto leave = [self, visitor_key, is_proxy] { self->leave(visitor_key, is_proxy); };
                    if (upgrade)
                        return self->serve_websocket(std::move(*upgrade), next, std::move(leave));
                    leave();
                    try {
                        if (failure)
                            std::rethrow_exception(failure);
                    } catch (const std::exception& exception) {
                        spdlog::error("a connection failed: {}", exception.what());
                    }
                });
        }
    }

    void serve_websocket(Upgrade upgrade, std::size_t io_thread, AtEnd at_end) {
        const Budgets budgets{own_rates, site.allowance_of(upgrade.sign_in.actor)};
        net::serve_websocket(std::move(upgrade), io_thread, settings, core, metrics, site.client_ids(),
                             budgets, std::move(at_end));
    }

    // Called on any I/O thread.
    void leave(limits::AddressKey address, bool is_proxy) {
        --open_connections;
        if (is_proxy)
            return;
        asio::post(*threads.io.front(), [self = shared_from_this(), address] {
            self->addresses.leave(address, std::chrono::steady_clock::now());
        });
    }

    const core::Core::Threads threads;
    const Settings& settings;
    const limits::Allowance::Rates own_rates = limits::Allowance::of_connection(settings);
    core::Core& core;
    core::Metrics& metrics;
    http::Site& site;
    asio::basic_socket_acceptor<asio::ip::tcp, Executor> acceptor;
    TlsContext tls; // of connections to come; none: they are plain
    std::atomic<std::size_t> open_connections = 0;
    limits::Addresses addresses; // touched by the accepting thread alone
};

Listener::Listener(core::Core::Threads threads, const Settings& settings, core::Core& core,
                   core::Metrics& metrics, http::Site& site)
    : implementation_(std::make_shared<Implementation>(std::move(threads), settings, core, metrics, site)) {}

Listener::~Listener() = default;

Result<std::uint16_t, std::string> Listener::open() {
    auto& acceptor = implementation_->acceptor;
    const Settings& settings = implementation_->settings;
    beast::error_code error;
    const auto address = asio::ip::make_address(settings.listen_address, error);
    if (error)
        return std::unexpected(fmt::format("“{}” is no address to listen on", settings.listen_address));
    const asio::ip::tcp::endpoint endpoint{address, settings.listen_port};
    acceptor.open(endpoint.protocol(), error);
    if (!error)
        acceptor.set_option(asio::socket_base::reuse_address(true), error);
    if (!error)
        acceptor.bind(endpoint, error);
    if (!error)
        acceptor.listen(asio::socket_base::max_listen_connections, error);
    if (error)
        return std::unexpected(fmt::format("cannot listen on {}:{}: {}", settings.listen_address,
                                           settings.listen_port, error.message()));
    return acceptor.local_endpoint().port();
}

void Listener::use(TlsContext tls) {
    asio::post(*implementation_->threads.io.front(),
               [implementation = implementation_, tls = std::move(tls)]() mutable {
                   implementation->tls = std::move(tls);
               });
}

void Listener::start() {
    asio::co_spawn(*implementation_->threads.io.front(), implementation_->accept_loop(implementation_),
                   asio::detached);
}

void Listener::stop() {
    asio::post(*implementation_->threads.io.front(), [implementation = implementation_] {
        beast::error_code ignored;
        implementation->acceptor.close(ignored);
    });
}

} // namespace mosty::net
