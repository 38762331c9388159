// What the core does when sessions and tokens end.
#include "server/core/core.hpp"
#include "server/core/post_core.hpp"

#include <boost/asio/post.hpp>

#include <algorithm>
#include <utility>

namespace mosty::core {
namespace {

constexpr unsigned short close_signed_out = 4001;

const realtime::Problem token_over{"not_signed_in", "The token was revoked or has run out.", {}, {}};

bool is_session(const std::string& key) {
    return key.starts_with("s/");
}

} // namespace

void Core::end_credentials(std::vector<std::string> keys, access::Ending ending) {
    post_core([this, keys = std::move(keys), ending] {
        const auto is_ended = [&](const std::string& key) {
            return std::ranges::find(keys, key) != keys.end();
        };
        std::vector<realtime::ConnectionId> ids;
        for (const auto& [id, connection] : connections_)
            if (is_ended(connection.credential))
                ids.push_back(id);
        sign_out(std::move(ids), ending);
        event_streams_.end_credentials(
            [&](const std::string& key) { return is_session(key) && is_ended(key); },
            realtime::problem_of(ending));
        event_streams_.end_credentials(is_ended, token_over);
        metrics_.event_streams.Set(static_cast<double>(event_streams_.size()));
        advance();
    });
}

// They hear the farewell and nothing after it, and nothing that they say counts any more.
void Core::sign_out(std::vector<realtime::ConnectionId> ids, access::Ending ending) {
    for (const auto id : ids)
        hub_.tell(id, realtime::bye_frame(access::to_string(ending), 0));
    flush_deliveries();
    for (const auto id : ids) {
        const auto gone = connections_.extract(id);
        hub_.close(id);
        const auto& peer = gone.mapped().peer;
        boost::asio::post(*threads_.io[peer->io_thread()], [peer] { peer->finish(close_signed_out); });
    }
    metrics_.connections.Set(static_cast<double>(connections_.size()));
    metrics_.subscriptions.Set(static_cast<double>(hub_.subscriptions()));
}

void Core::credentials_in_use(CredentialsCallback callback) {
    post_core([this, callback = std::move(callback)]() mutable {
        std::vector<std::pair<std::string, std::int64_t>> used;
        for (const auto& [id, connection] : connections_)
            used.emplace_back(connection.credential, connection.used_ms);
        callback(std::move(used));
    });
}

} // namespace mosty::core
