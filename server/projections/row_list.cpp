#include "server/projections/row_list.hpp"

#include "domain/base/invariant.hpp"
#include "server/projections/keys.hpp"

#include <fmt/format.h>

#include <charconv>

namespace mosty::projections {
namespace {

constexpr std::string_view row_begin = "{\"size\":";

void decode_total(RowList& list, std::string_view text) {
    const char* const end = text.data() + text.size();
    const auto total = std::from_chars(text.data(), end, list.total);
    MOSTY_INVARIANT(total.ec == std::errc() && total.ptr != end, "a list's numbers are two");
    const auto removed = std::from_chars(total.ptr + 1, end, list.removed_at);
    MOSTY_INVARIANT(removed.ec == std::errc() && removed.ptr == end, "a list's numbers are two");
}

} // namespace

std::string encode_total(const RowList& list) {
    return fmt::format("{} {}", list.total, list.removed_at);
}

Result<RowList, storage::ReadError> read_row_list(const storage::ViewStore::Snapshot& snapshot,
                                                  std::string_view topic, Size at) {
    RowList list;
    list.topic = topic;
    const auto newest =
        snapshot.scan(keys::totals(topic), keys::at_size({}, at), 1, storage::Order::descending);
    if (!newest)
        return std::unexpected(newest.error());
    if (!newest->empty())
        decode_total(list, newest->front().value);
    return list;
}

std::string order_of(Position position) {
    std::string order(16, '0');
    for (auto digit = order.rbegin(); position != 0; ++digit, position /= 10)
        *digit = static_cast<char>('0' + position % 10);
    return order;
}

Size size_of_row(std::string_view row) {
    MOSTY_INVARIANT(row.starts_with(row_begin), "a row begins with its size");
    Size size = 0;
    std::from_chars(row.data() + row_begin.size(), row.data() + row.size(), size);
    return size;
}

Result<RowWindow, storage::ReadError> read_rows(const storage::ViewStore::Snapshot& snapshot,
                                                std::string_view list_topic, std::string_view before,
                                                std::size_t limit) {
    // One more to leave out the row that stands at `before`, one more to see whether any follow.
    const auto members =
        snapshot.scan(keys::members(list_topic), before, limit + 2, storage::Order::descending);
    if (!members)
        return std::unexpected(members.error());

    const std::string_view list = list_topic.substr(0, list_topic.find('/'));
    const std::size_t order_at = keys::members(list_topic).size();
    RowWindow window;
    std::string last;
    for (const auto& [key, id] : *members) {
        const std::string_view order = std::string_view(key).substr(order_at);
        if (!before.empty() && order >= before)
            continue;
        if (window.rows.size() == limit) {
            window.next = last;
            break;
        }
        auto row = snapshot.get(keys::row(list, id));
        if (!row)
            return std::unexpected(row.error());
        MOSTY_INVARIANT(row->has_value(), "every member of a list has its row");
        window.rows.push_back(std::move(**row));
        last = order;
    }
    return window;
}

} // namespace mosty::projections
