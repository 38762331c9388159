#pragma once

#include "server/access/directory.hpp"
#include "server/access/rights_change.hpp"
#include "server/limits/limit.hpp"
#include "server/projections/projector.hpp"
#include "server/realtime/client_message.hpp"
#include "server/realtime/frames.hpp"
#include "server/realtime/outbox_meter.hpp"
#include "server/realtime/presences.hpp"
#include "server/texts/pieces.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace mosty::realtime {

struct Delivery {
    ConnectionId to = 0;
    Frame frame;
};

// Who follows what, and what each has to be told. Each change is encoded once for all its followers.
//
// A reader whose outbox is full is held back: it gets no changes until it has drained, then `resync` and,
// topic by topic, what it missed. So memory is bounded and nothing is lost.
//
// Threads: the core thread's. Knows no sockets; take_deliveries() says what goes where.
class Hub {
public:
    struct Limits {
        std::size_t subscriptions_max = 200; // of one connection
        std::size_t account_subscriptions_max = 2'000;
        std::size_t outbox_bytes_max = 1024 * 1024; // of one connection
        std::size_t turn_bytes_max =
            64 * 1024; // of views and lists that one turn answers with, or one of them
    };

    Hub(projections::Projector& projector, const access::Directory& directory, std::string log_id,
        Limits limits, int format = view_format);

    void open(ConnectionId connection, ActorId actor, std::shared_ptr<OutboxMeter> meter);
    void close(ConnectionId connection);

    // Answers the limit that forbids it, when one does; the follower has been told.
    std::optional<limits::Limit> follow(ConnectionId connection, const Follow& follow);
    void unfollow(ConnectionId connection, const std::string& topic);

    // Ends the subscriptions of those who may no longer read what they follow, and tells them so: each gets
    // an error with the topic. To be called before the changes of the same entries are published: of these,
    // too, they get nothing.
    void check_rights(const access::RightsChange& change);

    // What followers of texts wait for: each is to be read on a worker, with texts::read_piece, and brought
    // back once with text_piece().
    struct TextRead {
        ConnectionId to = 0;
        std::string topic;
        std::optional<Revision> after;
        std::uint64_t number = 0;
    };
    std::vector<TextRead> take_text_reads();
    void text_piece(const TextRead& read, texts::Piece piece);

    // Where somebody stands in a text that they follow; and what changed of that, told to all who have it
    // open.
    void present(ConnectionId connection, const Presence& presence, Presences::Time now);
    void tell_presences(Presences::Time now);
    bool has_presences() const { return !presences_.empty(); }

    // Tells one connection something that is not a change: an answer, an error, a pong.
    void tell(ConnectionId connection, std::string frame);
    void tell_all(const std::string& frame);

    // The connection has sent what it had: brings it up to date, as far as its outbox and the turn take it.
    void drained(ConnectionId connection);

    // Who is to be told more than a turn answers with: each waits for a drained() in a turn of its own, so
    // that whoever asks for much keeps nobody else waiting.
    std::vector<ConnectionId> take_unfinished() { return std::exchange(unfinished_, {}); }

    // Passes on what the entries from `before` up to the projector's size changed.
    void publish(std::span<const projections::Change> changes, Size before);

    // Ends a turn.
    std::vector<Delivery> take_deliveries();

    std::size_t connections() const { return connections_.size(); }
    std::size_t subscriptions() const { return subscription_count_; }

    // Set when the views could not be read: the process must stop.
    const std::optional<std::string>& fault() const { return fault_; }

private:
    // What a follower held back still has to get: everything after `since` (of a text: its revision), or all
    // when there is none.
    struct Missing {
        std::optional<Size> since;
        bool answers_follow = false; // the follower has not been told that it is current yet
    };

    struct Subscription {
        std::size_t limit = 0;
        bool of_text = false;
        std::optional<Missing> missing;
        std::uint64_t read = 0; // of a text: the number of the read under way; 0 for none
        Revision held = 0;      // of a text: what the last read brought, maybe more than was published
    };

    // The last whole text that was read for somebody, for the next who comes.
    struct WholeText {
        std::string topic;
        Frame frames;
        Revision revision = 0;
    };

    // Somebody with connections, and as whom they acted when their rights were last looked at.
    struct Reader {
        std::optional<Actor> acting;
        std::vector<ConnectionId> connections;
        std::size_t subscriptions = 0; // of all of them
    };

    struct Connection {
        ActorId actor;
        std::shared_ptr<OutboxMeter> meter;
        std::map<std::string, Subscription> subscriptions;
    };

    void deliver(ConnectionId id, Connection& connection, Frame frame);
    void send_missing(ConnectionId id, Connection& connection, const std::string& topic,
                      Subscription& subscription);
    void send_missing_text(ConnectionId id, Connection& connection, const std::string& topic,
                           Subscription& subscription);
    void remember(const std::string& topic, Frame frames, Revision revision);
    const WholeText* remembered(const std::string& topic) const;
    void hold_back(Connection& connection, Subscription& subscription, Missing missing);
    bool is_turn_full(ConnectionId id, const Subscription& subscription);
    void drop_follower(const std::string& topic, ConnectionId id);
    std::optional<limits::Limit> full_of_subscriptions(const Connection& connection) const;
    void forget_subscriptions(const ActorId& actor, std::size_t count);
    void check_readers();
    void check_followers(const StreamId& entity);
    void end_unreadable(ConnectionId id);
    std::optional<Actor> acting(const ActorId& actor) const;
    void look_again(ConnectionId id, Connection& connection);
    bool is_full(const Connection& connection) const {
        return connection.meter->bytes >= limits_.outbox_bytes_max;
    }
    std::optional<Problem> refusal(const std::optional<Actor>& reader, const std::string& topic);

    projections::Projector& projector_;
    const access::Directory& directory_;
    const std::string log_id_;
    const Limits limits_;
    const int format_;

    std::unordered_map<ConnectionId, Connection> connections_;
    std::unordered_map<ActorId, Reader> readers_;
    std::unordered_map<std::string, std::vector<ConnectionId>> followers_;
    std::size_t subscription_count_ = 0;
    std::unordered_map<std::string, Revision> text_heads_; // of followed texts: the last revision published
    std::vector<TextRead> text_reads_;
    std::uint64_t next_read_ = 1;
    std::deque<WholeText> whole_texts_;
    Presences presences_;
    std::vector<Delivery> deliveries_;
    std::size_t answered_bytes_ = 0; // in this turn
    std::vector<ConnectionId> unfinished_;
    std::optional<std::string> fault_;
};

} // namespace mosty::realtime
