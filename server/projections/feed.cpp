#include "server/projections/feed.hpp"

#include "domain/base/invariant.hpp"
#include "server/projections/keys.hpp"
#include "server/projections/record.hpp"

#include <algorithm>
#include <charconv>
#include <limits>
#include <ranges>
#include <utility>

namespace mosty::projections {
namespace {

constexpr std::size_t number_bytes = 8;

struct Place {
    Position position = 0;
    std::string_view stream;
};

// Where the rows of a run are, in order. The text outlives them.
std::vector<Place> places_in(std::string_view run) {
    std::vector<Place> places;
    for (std::size_t at = number_bytes; at < run.size();) {
        const Position position = keys::number_at(run, at);
        const std::size_t length = static_cast<unsigned char>(run[at + number_bytes]);
        places.push_back({position, run.substr(at + number_bytes + 1, length)});
        at += number_bytes + 1 + length;
    }
    return places;
}

// The newest run that begins at or before the position.
Result<std::vector<storage::KeyValue>, storage::ReadError>
run_at(const storage::ViewStore::Snapshot& snapshot, std::string_view topic, Position position) {
    return snapshot.scan(keys::feed_runs(topic), keys::at_size({}, position), 1, storage::Order::descending);
}

// The position that an order stands for; the greatest when there is none.
Position position_of(std::string_view order) {
    Position position = std::numeric_limits<Position>::max();
    if (!order.empty())
        std::from_chars(order.data(), order.data() + order.size(), position);
    return position;
}

} // namespace

std::optional<storage::KeyValue> append_row(Feed& feed, Position position, std::string_view stream) {
    MOSTY_INVARIANT(stream.size() < 256, "a stream's name fits the byte of its length");
    if (feed.count == 0) {
        feed.first = position;
        feed.run.clear();
        keys::append_number(feed.run, feed.before);
    }
    keys::append_number(feed.run, position);
    feed.run += static_cast<char>(stream.size());
    feed.run += stream;
    if (++feed.count < Feed::run_max)
        return std::nullopt;
    feed.before += feed.count;
    feed.count = 0;
    return storage::KeyValue{keys::feed_run(feed.topic, feed.first), feed.run};
}

Result<Feed, storage::ReadError> read_feed(const storage::ViewStore::Snapshot& snapshot,
                                           std::string_view topic) {
    Feed feed;
    feed.topic = topic;
    auto newest = run_at(snapshot, topic, std::numeric_limits<Position>::max());
    if (!newest)
        return std::unexpected(newest.error());
    if (newest->empty())
        return feed;
    std::string& run = newest->front().value;
    const auto places = places_in(run);
    feed.before = keys::number_at(run, 0);
    if (places.size() == Feed::run_max) {
        feed.before += places.size();
        return feed;
    }
    feed.count = places.size();
    feed.first = places.front().position;
    feed.run = std::move(run);
    return feed;
}

Result<Size, storage::ReadError> feed_total(const storage::ViewStore::Snapshot& snapshot,
                                            std::string_view topic, Size at) {
    if (at == 0)
        return 0;
    const auto found = run_at(snapshot, topic, at - 1);
    if (!found)
        return std::unexpected(found.error());
    if (found->empty())
        return 0;
    const std::string& run = found->front().value;
    const auto until_then = [&](const Place& place) { return place.position < at; };
    return keys::number_at(run, 0) + static_cast<Size>(std::ranges::count_if(places_in(run), until_then));
}

Result<RowWindow, storage::ReadError> read_feed_rows(const storage::ViewStore::Snapshot& snapshot,
                                                     std::string_view topic, std::string_view before,
                                                     std::size_t limit) {
    RowWindow window;
    Position below = position_of(before);
    while (below > 0) {
        const auto found = run_at(snapshot, topic, below - 1);
        if (!found)
            return std::unexpected(found.error());
        if (found->empty())
            break;
        const auto places = places_in(found->front().value);
        for (const auto& [position, stream] : places | std::views::reverse) {
            if (position >= below)
                continue;
            if (window.rows.size() == limit) {
                if (limit > 0)
                    window.next = order_of(below);
                return window;
            }
            const auto record = snapshot.get(keys::record(stream, position + 1));
            if (!record)
                return std::unexpected(record.error());
            MOSTY_INVARIANT(record->has_value(), "every row in a feed has its record");
            window.rows.emplace_back(feed_row_in(**record));
            below = position;
        }
        below = std::min(below, places.front().position);
    }
    return window;
}

} // namespace mosty::projections
