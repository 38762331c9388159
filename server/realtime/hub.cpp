#include "server/realtime/hub.hpp"

#include "server/access/may_read.hpp"
#include "server/sequencing/day.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

namespace mosty::realtime {
namespace {

constexpr std::size_t patches_max = 256;
constexpr std::size_t whole_texts_max = 8;
constexpr Revision whole_text_behind_max = 200; // a remembered text so far behind is read again

struct Told {
    std::string frames;
    std::optional<Revision> held_before; // of a text: what its followers hold
};

// The frames of each topic's changes, in order; a text's events travel in one.
void append_told(Told& told, const projections::Change& change) {
    if (change.kind != projections::Change::Kind::event)
        return append_change_frame(told.frames, change);
    if (!told.held_before)
        told.held_before = change.total - 1;
    else
        told.frames += ',';
    told.frames += *change.json;
}

} // namespace

Hub::Hub(projections::Projector& projector, const access::Directory& directory, std::string log_id,
         Limits limits, int format)
    : projector_(projector), directory_(directory), log_id_(std::move(log_id)), limits_(limits),
      format_(format) {}

void Hub::open(ConnectionId id, ActorId actor, std::shared_ptr<OutboxMeter> meter) {
    const std::string welcome = welcome_frame(log_id_, format_, projector_.size(), actor, id);
    Reader& reader = readers_[actor];
    if (reader.connections.empty())
        reader.acting = acting(actor);
    reader.connections.push_back(id);
    connections_.emplace(id, Connection{std::move(actor), std::move(meter), {}});
    tell(id, welcome);
}

void Hub::close(ConnectionId id) {
    const auto found = connections_.find(id);
    if (found == connections_.end())
        return;
    for (const auto& [topic, subscription] : found->second.subscriptions)
        drop_follower(topic, id);
    forget_subscriptions(found->second.actor, found->second.subscriptions.size());
    const auto reader = readers_.find(found->second.actor);
    std::erase(reader->second.connections, id);
    if (reader->second.connections.empty())
        readers_.erase(reader);
    connections_.erase(found);
}

void Hub::drop_follower(const std::string& topic, ConnectionId id) {
    presences_.leave(topic, id);
    auto& followers = followers_[topic];
    std::erase(followers, id);
    if (!followers.empty())
        return;
    followers_.erase(topic);
    text_heads_.erase(topic);
    // Nobody says any more how far it falls behind.
    std::erase_if(whole_texts_, [&](const WholeText& text) { return text.topic == topic; });
}

std::optional<Actor> Hub::acting(const ActorId& actor) const {
    return directory_.acting(actor, sequencing::today());
}

std::optional<Problem> Hub::refusal(const std::optional<Actor>& reader, const std::string& name) {
    const auto topic = parse_topic(name);
    if (!topic)
        return Problem{"unknown_topic", "There is no topic of that name.", "topic", {}};
    if (!reader)
        return Problem{"not_signed_in", "Sign in to read this.", {}, {}};

    std::optional<projections::Audience> audience;
    if (const std::string stream = audience_stream(*topic); !stream.empty()) {
        auto known = projector_.audience(stream);
        if (known)
            audience = std::move(*known);
        else
            fault_ = known.error().reason;
    }
    if (!access::may_read(*reader, *topic, audience ? &*audience : nullptr))
        return Problem{"may_not_read", "Only those whom this concerns may read it.", "topic", {}};
    return std::nullopt;
}

std::optional<limits::Limit> Hub::full_of_subscriptions(const Connection& connection) const {
    if (connection.subscriptions.size() >= limits_.subscriptions_max)
        return limits::Limit::subscriptions;
    if (readers_.find(connection.actor)->second.subscriptions >= limits_.account_subscriptions_max)
        return limits::Limit::account_subscriptions;
    return std::nullopt;
}

void Hub::forget_subscriptions(const ActorId& actor, std::size_t count) {
    subscription_count_ -= count;
    readers_.find(actor)->second.subscriptions -= count;
}

std::optional<limits::Limit> Hub::follow(ConnectionId id, const Follow& follow) {
    const auto found = connections_.find(id);
    if (found == connections_.end())
        return std::nullopt;
    Connection& connection = found->second;
    if (auto problem = refusal(acting(connection.actor), follow.topic)) {
        tell(id, error_frame(follow.topic, *problem));
        return std::nullopt;
    }
    if (!connection.subscriptions.contains(follow.topic)) {
        if (const auto limit = full_of_subscriptions(connection)) {
            const bool of_one = *limit == limits::Limit::subscriptions;
            const auto sentence =
                fmt::format("{} at most {} topics. Unfollow some first.",
                            of_one ? "A connection follows" : "All connections of a person together follow",
                            of_one ? limits_.subscriptions_max : limits_.account_subscriptions_max);
            tell(id, error_frame(follow.topic, {"too_many_subscriptions", sentence, "topic", {}}));
            return limit;
        }
        followers_[follow.topic].push_back(id);
        ++subscription_count_;
        ++readers_.find(connection.actor)->second.subscriptions;
    }
    Subscription& subscription = connection.subscriptions[follow.topic];
    subscription = {follow.limit, parse_topic(follow.topic)->kind == TopicKind::text, {}, 0, 0};

    std::optional<Size> since;
    if (follow.cursor) {
        const bool same_history = follow.cursor->log == log_id_ && follow.cursor->format == format_ &&
                                  (subscription.of_text || follow.cursor->after <= projector_.size());
        if (same_history)
            since = follow.cursor->after;
        else
            tell(id, history_changed_frame(log_id_, follow.topic));
    }
    subscription.missing = Missing{since, true};
    if (is_full(connection)) {
        hold_back(connection, subscription, *subscription.missing);
        look_again(id, connection);
    } else if (!is_turn_full(id, subscription)) {
        send_missing(id, connection, follow.topic, subscription);
    }
    return std::nullopt;
}

void Hub::unfollow(ConnectionId id, const std::string& topic) {
    const auto found = connections_.find(id);
    if (found == connections_.end() || found->second.subscriptions.erase(topic) == 0)
        return;
    forget_subscriptions(found->second.actor, 1);
    drop_follower(topic, id);
}

void Hub::check_rights(const access::RightsChange& change) {
    if (change.of_people)
        check_readers();
    for (const StreamId& entity : change.of_what)
        check_followers(entity);
}

// Those whose role or organisation is another than before.
void Hub::check_readers() {
    for (auto& [actor, reader] : readers_) {
        auto now = acting(actor);
        if (now == reader.acting)
            continue;
        reader.acting = std::move(now);
        for (const ConnectionId id : reader.connections)
            end_unreadable(id);
    }
}

// Those who follow it or its texts.
void Hub::check_followers(const StreamId& entity) {
    std::set<ConnectionId> following;
    for (const auto& [name, followers] : followers_)
        if (const auto topic = parse_topic(name); topic && audience_stream(*topic) == entity.text())
            following.insert(followers.begin(), followers.end());
    for (const ConnectionId id : following)
        end_unreadable(id);
}

void Hub::end_unreadable(ConnectionId id) {
    const Connection& connection = connections_.find(id)->second;
    const auto reader = acting(connection.actor);
    std::vector<std::pair<std::string, Problem>> ended;
    for (const auto& [topic, subscription] : connection.subscriptions)
        if (auto problem = refusal(reader, topic))
            ended.emplace_back(topic, std::move(*problem));
    for (const auto& [topic, problem] : ended) {
        unfollow(id, topic);
        tell(id, error_frame(topic, problem));
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

void Hub::hold_back(Connection& connection, Subscription& subscription, Missing missing) {
    subscription.missing = missing;
    connection.meter->held_back = true;
}

// The connection may have drained between the look at its meter and held_back: then nobody else will say so.
void Hub::look_again(ConnectionId id, Connection& connection) {
    if (connection.meter->held_back && !is_full(connection))
        drained(id);
}

// Texts are read elsewhere, piece by piece.
bool Hub::is_turn_full(ConnectionId id, const Subscription& subscription) {
    if (subscription.of_text || answered_bytes_ < limits_.turn_bytes_max)
        return false;
    if (unfinished_.empty() || unfinished_.back() != id)
        unfinished_.push_back(id);
    return true;
}

void Hub::send_missing(ConnectionId id, Connection& connection, const std::string& topic,
                       Subscription& subscription) {
    if (subscription.of_text)
        return send_missing_text(id, connection, topic, subscription);
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
    answered_bytes_ += frames.size();
    deliver(id, connection, std::make_shared<const std::string>(std::move(frames)));
}

const Hub::WholeText* Hub::remembered(const std::string& topic) const {
    const auto found = std::ranges::find(whole_texts_, topic, &WholeText::topic);
    if (found == whole_texts_.end())
        return nullptr;
    const auto head = text_heads_.find(topic);
    const bool is_fresh =
        head == text_heads_.end() || head->second <= found->revision + whole_text_behind_max;
    return is_fresh ? &*found : nullptr;
}

void Hub::remember(const std::string& topic, Frame frames, Revision revision) {
    std::erase_if(whole_texts_, [&](const WholeText& text) { return text.topic == topic; });
    whole_texts_.push_back({topic, std::move(frames), revision});
    if (whole_texts_.size() > whole_texts_max)
        whole_texts_.pop_front();
}

// Asks for the next piece. What is published meanwhile is in the log, and the next piece has it.
void Hub::send_missing_text(ConnectionId id, Connection& connection, const std::string& topic,
                            Subscription& subscription) {
    Missing& missing = *subscription.missing;
    if (!missing.since)
        if (const WholeText* text = remembered(topic)) {
            deliver(id, connection, text->frames);
            missing.since = text->revision;
        }
    subscription.read = next_read_++;
    text_reads_.push_back({id, topic, missing.since, subscription.read});
}

std::vector<Hub::TextRead> Hub::take_text_reads() {
    return std::exchange(text_reads_, {});
}

void Hub::text_piece(const TextRead& read, texts::Piece piece) {
    const auto found = connections_.find(read.to);
    if (found == connections_.end())
        return;
    Connection& connection = found->second;
    const auto subscribed = connection.subscriptions.find(read.topic);
    if (subscribed == connection.subscriptions.end() || subscribed->second.read != read.number)
        return; // left meanwhile, or followed anew
    Subscription& subscription = subscribed->second;
    subscription.read = 0;
    if (piece.history_changed)
        tell(read.to, history_changed_frame(log_id_, read.topic));
    if (!piece.frames.empty()) {
        const auto frames = std::make_shared<const std::string>(std::move(piece.frames));
        deliver(read.to, connection, frames);
        if (!read.after)
            remember(read.topic, frames, piece.revision);
    }
    const auto head = text_heads_.find(read.topic);
    if (piece.complete && (head == text_heads_.end() || head->second <= piece.revision)) {
        subscription.missing.reset();
        subscription.held = piece.revision;
        tell(read.to, current_frame(read.topic, projector_.size(), piece.revision));
        if (auto present = presences_.frame_of(read.topic))
            tell(read.to, std::move(*present));
        return;
    }
    subscription.missing->since = piece.revision;
    if (!is_full(connection))
        return send_missing_text(read.to, connection, read.topic, subscription);
    hold_back(connection, subscription, *subscription.missing);
    look_again(read.to, connection);
}

void Hub::present(ConnectionId id, const Presence& presence, Presences::Time now) {
    const auto found = connections_.find(id);
    if (found == connections_.end())
        return;
    const auto subscribed = found->second.subscriptions.find(presence.topic);
    if (subscribed == found->second.subscriptions.end() || !subscribed->second.of_text)
        return tell(id,
                    error_frame(presence.topic, {"unknown_topic", "Follow the text first.", "topic", {}}));
    presences_.say(presence.topic,
                   {id, found->second.actor, presence.revision, presence.range.value_or(text::Range{})},
                   presence.range.has_value(), now);
}

void Hub::tell_presences(Presences::Time now) {
    for (auto& change : presences_.take_changes(now)) {
        const auto followers = followers_.find(change.topic);
        if (followers == followers_.end())
            continue;
        const auto frame = std::make_shared<const std::string>(std::move(change.frame));
        for (const ConnectionId id : followers->second) {
            Connection& connection = connections_.find(id)->second;
            // Who is behind hears of it with the next change; it is not worth waiting for.
            if (!connection.subscriptions.find(change.topic)->second.missing && !is_full(connection))
                deliver(id, connection, frame);
        }
    }
}

void Hub::drained(ConnectionId id) {
    const auto found = connections_.find(id);
    if (found == connections_.end())
        return;
    Connection& connection = found->second;
    for (auto& [topic, subscription] : connection.subscriptions) {
        if (!subscription.missing || subscription.read != 0)
            continue;
        if (is_turn_full(id, subscription))
            return;
        if (is_full(connection)) {
            connection.meter->held_back = true;
            if (is_full(connection))
                return;
        }
        if (!std::exchange(subscription.missing->answers_follow, true))
            tell(id, resync_frame(topic));
        send_missing(id, connection, topic, subscription);
    }
}

void Hub::publish(std::span<const projections::Change> changes, Size before) {
    // Changes of one topic travel together, in order; topics nobody follows cost one look.
    struct Topic {
        Told told;
        const projections::Change* last = nullptr;
    };
    std::unordered_map<std::string_view, Topic> topics;
    for (const auto& change : changes)
        if (followers_.contains(change.topic)) {
            Topic& topic = topics[change.topic];
            append_told(topic.told, change);
            topic.last = &change;
        }

    for (auto& [name, changed] : topics) {
        const std::string topic{name};
        auto& [told, last] = changed;
        if (told.held_before) {
            text_heads_[topic] = last->total;
            told.frames = events_frame(topic, last->size, last->total, told.frames);
        }
        const Missing missed{told.held_before ? *told.held_before : before, false};
        const auto frame = std::make_shared<const std::string>(std::move(told.frames));
        for (const ConnectionId id : followers_.find(topic)->second) {
            Connection& connection = connections_.find(id)->second;
            Subscription& subscription = connection.subscriptions.find(topic)->second;
            if (subscription.missing)
                continue;
            // A reader on a worker may have been ahead of what is told only now.
            if (told.held_before && subscription.held > *told.held_before) {
                if (subscription.held >= last->total)
                    continue;
                subscription.missing = Missing{subscription.held, true};
                send_missing_text(id, connection, topic, subscription);
            } else if (is_full(connection)) {
                hold_back(connection, subscription, missed);
                look_again(id, connection);
            } else {
                deliver(id, connection, frame);
            }
        }
    }
}

std::vector<Delivery> Hub::take_deliveries() {
    answered_bytes_ = 0;
    return std::exchange(deliveries_, {});
}

} // namespace mosty::realtime
