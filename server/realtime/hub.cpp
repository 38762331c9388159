#include "server/realtime/hub.hpp"

#include "server/access/may_read.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace mosty::realtime {
namespace {

constexpr std::size_t patches_max = 256;

} // namespace

Hub::Hub(projections::Projector& projector, const access::Directory& directory, std::string log_id,
         Limits limits)
    : projector_(projector), directory_(directory), log_id_(std::move(log_id)), limits_(limits) {}

void Hub::open(ConnectionId id, ActorId actor, std::shared_ptr<OutboxMeter> meter) {
    const std::string welcome = welcome_frame(log_id_, projector_.size(), actor);
    connections_.emplace(id, Connection{std::move(actor), std::move(meter), {}});
    tell(id, welcome);
}

void Hub::close(ConnectionId id) {
    const auto found = connections_.find(id);
    if (found == connections_.end())
        return;
    for (const auto& [topic, subscription] : found->second.subscriptions) {
        auto& followers = followers_[topic];
        std::erase(followers, id);
        if (followers.empty())
            followers_.erase(topic);
    }
    subscription_count_ -= found->second.subscriptions.size();
    connections_.erase(found);
}

std::optional<Problem> Hub::refusal(const Connection& connection, const std::string& name) {
    const auto topic = parse_topic(name);
    if (!topic)
        return Problem{"unknown_topic", "There is no topic of that name.", "topic", {}};
    const person::State* person = directory_.find(connection.actor);
    if (!person)
        return Problem{"not_signed_in", "Sign in to read this.", {}, {}};

    std::optional<projections::Audience> audience;
    if (topic->kind == TopicKind::visit || topic->kind == TopicKind::proposal) {
        auto known = projector_.audience(name);
        if (known)
            audience = std::move(*known);
        else
            fault_ = known.error().reason;
    }
    const Actor reader{connection.actor, person->profile.organisation, person->profile.role};
    if (!access::may_read(reader, *topic, audience ? &*audience : nullptr))
        return Problem{"may_not_read", "Only those whom this concerns may read it.", "topic", {}};
    return std::nullopt;
}

void Hub::follow(ConnectionId id, const Follow& follow) {
    const auto found = connections_.find(id);
    if (found == connections_.end())
        return;
    Connection& connection = found->second;
    if (auto problem = refusal(connection, follow.topic))
        return tell(id, error_frame(follow.topic, *problem));
    if (!connection.subscriptions.contains(follow.topic)) {
        if (connection.subscriptions.size() >= limits_.subscriptions_max)
            return tell(
                id, error_frame(follow.topic,
                                {"too_many_subscriptions",
                                 fmt::format("A connection follows at most {} topics. Unfollow some first.",
                                             limits_.subscriptions_max),
                                 "topic",
                                 {}}));
        followers_[follow.topic].push_back(id);
        ++subscription_count_;
    }
    Subscription& subscription = connection.subscriptions[follow.topic];
    subscription = {follow.limit, {}};

    std::optional<Size> since;
    if (follow.cursor) {
        const bool same_history = follow.cursor->log == log_id_ && follow.cursor->format == view_format &&
                                  follow.cursor->after <= projector_.size();
        if (same_history)
            since = follow.cursor->after;
        else
            tell(id, history_changed_frame(log_id_, follow.topic));
    }
    subscription.missing = Missing{since};
    if (is_full(connection)) {
        hold_back(connection, subscription, since);
        look_again(id, connection);
    } else {
        send_missing(id, connection, follow.topic, subscription);
    }
}

void Hub::unfollow(ConnectionId id, const std::string& topic) {
    const auto found = connections_.find(id);
    if (found == connections_.end() || found->second.subscriptions.erase(topic) == 0)
        return;
    --subscription_count_;
    auto& followers = followers_[topic];
    std::erase(followers, id);
    if (followers.empty())
        followers_.erase(topic);
}

void Hub::check_rights() {
    for (auto& [id, connection] : connections_) {
        std::vector<std::pair<std::string, Problem>> ended;
        for (const auto& [topic, subscription] : connection.subscriptions)
            if (auto problem = refusal(connection, topic))
                ended.emplace_back(topic, std::move(*problem));
        for (const auto& [topic, problem] : ended) {
            unfollow(id, topic);
            tell(id, error_frame(topic, problem));
        }
    }
}

void Hub::tell(ConnectionId id, std::string frame) {
    if (const auto found = connections_.find(id); found != connections_.end())
        deliver(id, found->second, std::make_shared<const std::string>(std::move(frame)));
}

void Hub::tell_all(const std::string& frame) {
    const auto shared = std::make_shared<const std::string>(frame);
    for (auto& [id, connection] : connections_)
        deliver(id, connection, shared);
}

void Hub::deliver(ConnectionId id, Connection& connection, Frame frame) {
    connection.meter->bytes.fetch_add(frame->size(), std::memory_order_relaxed);
    deliveries_.push_back({id, std::move(frame)});
}

void Hub::hold_back(Connection& connection, Subscription& subscription, std::optional<Size> since) {
    subscription.missing = Missing{since};
    connection.meter->held_back = true;
}

// The connection may have drained between the look at its meter and held_back: then nobody else will say so.
void Hub::look_again(ConnectionId id, Connection& connection) {
    if (connection.meter->held_back && !is_full(connection))
        drained(id);
}

void Hub::send_missing(ConnectionId id, Connection& connection, const std::string& topic,
                       Subscription& subscription) {
    const std::optional<Size> since = subscription.missing->since;
    subscription.missing.reset();

    const bool of_rows = is_list(parse_topic(topic)->kind);
    std::string frames;
    bool patched = false;
    if (since) {
        const auto changes =
            projector_.changes_since(topic, *since, of_rows ? subscription.limit : patches_max);
        if (!changes) {
            fault_ = changes.error().reason;
            return;
        }
        if (*changes) {
            for (const auto& change : **changes)
                append_change_frame(frames, change);
            patched = true;
        }
    }
    if (!patched && of_rows) {
        const auto window = projector_.list(topic, subscription.limit);
        if (window)
            frames = list_snapshot_frame(topic, projector_.size(), *window);
        else
            fault_ = window.error().reason;
    } else if (!patched) {
        const auto value = projector_.view(topic);
        if (value)
            frames = view_snapshot_frame(topic, projector_.size(), *value);
        else
            fault_ = value.error().reason;
    }
    if (!frames.empty())
        frames += ',';
    frames += current_frame(topic, projector_.size());
    deliver(id, connection, std::make_shared<const std::string>(std::move(frames)));
}

void Hub::drained(ConnectionId id) {
    const auto found = connections_.find(id);
    if (found == connections_.end())
        return;
    Connection& connection = found->second;
    for (auto& [topic, subscription] : connection.subscriptions) {
        if (!subscription.missing)
            continue;
        if (is_full(connection)) {
            connection.meter->held_back = true;
            if (is_full(connection))
                return;
        }
        tell(id, resync_frame(topic));
        send_missing(id, connection, topic, subscription);
    }
}

void Hub::publish(std::span<const projections::Change> changes, Size before) {
    // Changes of one topic travel together, in order; topics nobody follows cost one look.
    std::unordered_map<std::string_view, std::string> frames;
    for (const auto& change : changes)
        if (followers_.contains(change.topic))
            append_change_frame(frames[change.topic], change);

    for (auto& [name, text] : frames) {
        const std::string topic{name};
        const auto frame = std::make_shared<const std::string>(std::move(text));
        for (const ConnectionId id : followers_.find(topic)->second) {
            Connection& connection = connections_.find(id)->second;
            Subscription& subscription = connection.subscriptions.find(topic)->second;
            if (subscription.missing)
                continue;
            if (is_full(connection)) {
                hold_back(connection, subscription, before);
                look_again(id, connection);
            } else {
                deliver(id, connection, frame);
            }
        }
    }
}

std::vector<Delivery> Hub::take_deliveries() {
    return std::exchange(deliveries_, {});
}

} // namespace mosty::realtime
