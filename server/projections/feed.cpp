#include "server/projections/feed.hpp"

#include "domain/base/invariant.hpp"
#include "server/projections/keys.hpp"

#include <charconv>
#include <limits>
#include <ranges>

namespace mosty::projections {
namespace {

struct Run {
    Size before = 0;
    std::vector<Position> positions;
};

Run decode_run(std::string_view text) {
    Run run{keys::number_at(text, 0), {}};
    for (std::size_t at = 8; at < text.size(); at += 8)
        run.positions.push_back(keys::number_at(text, at));
    return run;
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

std::string encode_run(Size before, const std::vector<Position>& run) {
    std::string text;
    text.reserve(8 * (1 + run.size()));
    keys::append_number(text, before);
    for (const Position position : run)
        keys::append_number(text, position);
    return text;
}

Result<Feed, storage::ReadError> read_feed(const storage::ViewStore::Snapshot& snapshot,
                                           std::string_view topic) {
    Feed feed{.topic = std::string(topic)};
    const auto newest = run_at(snapshot, topic, std::numeric_limits<Position>::max());
    if (!newest)
        return std::unexpected(newest.error());
    if (newest->empty())
        return feed;
    Run run = decode_run(newest->front().value);
    feed.before = run.before;
    if (run.positions.size() < Feed::run_max)
        feed.run = std::move(run.positions);
    else
        feed.before += run.positions.size();
    return feed;
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
        const Run run = decode_run(found->front().value);
        for (const Position position : run.positions | std::views::reverse) {
            if (position >= below)
                continue;
            if (window.rows.size() == limit) {
                if (limit > 0)
                    window.next = order_of(below);
                return window;
            }
            auto row = snapshot.get(keys::feed_row(position));
            if (!row)
                return std::unexpected(row.error());
            MOSTY_INVARIANT(row->has_value(), "every position in a feed has its row");
            window.rows.push_back(std::move(**row));
            below = position;
        }
        below = std::min(below, run.positions.front());
    }
    return window;
}

} // namespace mosty::projections
