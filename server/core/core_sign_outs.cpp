// What the core does when sessions and tokens end.
#include "server/core/core.hpp"
#include "server/core/post_core.hpp"

#include <boost/asio/post.hpp>

#include <algorithm>
#include <chrono>
#include <optional>
#include <utility>

namespace mosty::core {
namespace {

constexpr unsigned short close_signed_out = 4001;
constexpr std::chrono::milliseconds ends_pause_max{30'000}; // the clock may be set meanwhile

const realtime::Problem token_over{"not_signed_in", "The token was revoked or has run out.", {}, {}};

realtime::Problem farewell_to(const access::SignIn& reader, access::Ending ending) {
    return reader.is_session ? realtime::problem_of(ending) : token_over;
}

std::int64_t system_now_ms() {
    using namespace std::chrono;
    return duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count();
}

} // namespace

void Core::end_credentials(std::vector<std::string> keys, access::Ending ending) {
    post_core([this, keys = std::move(keys), ending] {
        const auto is_ended = [&](const access::SignIn& one) {
            return std::ranges::find(keys, one.key) != keys.end();
        };
        std::vector<realtime::ConnectionId> ids;
        for (const auto& [id, connection] : connections_)
            if (is_ended(connection.sign_in))
                ids.push_back(id);
        sign_out(std::move(ids), ending);
        event_streams_.end([&](const access::SignIn& reader, const EventsQuestion&) {
            return is_ended(reader) ? std::optional(farewell_to(reader, ending)) : std::nullopt;
        });
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
        ends_.erase({gone.mapped().due_ms, id});
        hub_.close(id);
        const auto& peer = gone.mapped().peer;
        boost::asio::post(*threads_.io[peer->io_thread()], [peer] { peer->finish(close_signed_out); });
    }
    metrics_.connections.Set(static_cast<double>(connections_.size()));
    metrics_.subscriptions.Set(static_cast<double>(hub_.subscriptions()));
}

// When the session of a connection is to be looked at: not before it can be over.
void Core::file_end(realtime::ConnectionId id, Connection& connection) {
    ends_.erase({connection.due_ms, id});
    connection.due_ms = connection.sign_in.life->end_ms();
    ends_.emplace(connection.due_ms, id);
    await_ends();
}

// Asked before anything new is told, so that nobody hears of what came after their end.
void Core::end_what_is_over() {
    const std::int64_t now = system_now_ms();
    std::vector<realtime::ConnectionId> ids;
    std::vector<realtime::ConnectionId> used;
    for (const auto& [due_ms, id] : ends_) {
        if (due_ms > now)
            break;
        (connections_.at(id).sign_in.life->is_over(now) ? ids : used).push_back(id);
    }
    for (const auto id : used)
        file_end(id, connections_.at(id));
    if (!ids.empty())
        sign_out(std::move(ids), access::Ending::session_over);
    event_streams_.end([now](const access::SignIn& reader, const EventsQuestion&) {
        return reader.life->is_over(now) ? std::optional(farewell_to(reader, access::Ending::session_over))
                                         : std::nullopt;
    });
    metrics_.event_streams.Set(static_cast<double>(event_streams_.size()));
}

void Core::await_ends() {
    if (phase_ == Phase::stopped || phase_ == Phase::failed)
        return;
    const std::int64_t first = std::min(ends_.empty() ? access::Life::without_end : ends_.begin()->first,
                                        event_streams_.first_end_ms());
    if (first >= awaited_end_ms_)
        return;
    awaited_end_ms_ = first;
    ends_timer_.expires_after(std::clamp(std::chrono::milliseconds(first - system_now_ms()),
                                         std::chrono::milliseconds(0), ends_pause_max));
    ends_timer_.async_wait([this](boost::system::error_code error) {
        if (error)
            return;
        awaited_end_ms_ = access::Life::without_end;
        end_what_is_over();
        advance();
        await_ends();
    });
}

} // namespace mosty::core
