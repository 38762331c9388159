#include "server/projections/past.hpp"

#include "domain/base/invariant.hpp"
#include "server/projections/document.hpp"
#include "server/projections/feed.hpp"
#include "server/projections/row_list.hpp"
#include "server/projections/topic_kind.hpp"

namespace mosty::projections {

using Snapshot = storage::ViewStore::Snapshot;
using storage::ReadError;

namespace {

bool is_feed(std::string_view topic) {
    return topic.starts_with("feed/");
}

Result<Size, ReadError> total_of(const Snapshot& snapshot, std::string_view topic) {
    if (is_feed(topic)) {
        const auto feed = read_feed(snapshot, topic);
        if (!feed)
            return std::unexpected(feed.error());
        return feed->total();
    }
    const auto list = read_row_list(snapshot, topic);
    if (!list)
        return std::unexpected(list.error());
    return list->total;
}

} // namespace

Result<PastView, ReadError> view_as_of(const Snapshot& snapshot, std::string_view topic, Size at) {
    MOSTY_INVARIANT(at <= snapshot.applied(), "nobody asks for the future");
    if (kind_of(topic) != TopicKind::view)
        return PastView{};
    const auto document = read_document(snapshot, topic, at);
    if (!document)
        return std::unexpected(document.error());
    return PastView{shown(*document), document->size};
}

Result<ListPage, ReadError> list_page(const Snapshot& snapshot, std::string_view topic,
                                      std::string_view before, std::size_t limit) {
    if (kind_of(topic) != TopicKind::list)
        return ListPage{};
    const auto total = total_of(snapshot, topic);
    if (!total)
        return std::unexpected(total.error());
    auto window = is_feed(topic) ? read_feed_rows(snapshot, topic, before, limit)
                                 : read_rows(snapshot, topic, before, limit);
    if (!window)
        return std::unexpected(window.error());
    return ListPage{*total, std::move(window->rows), std::move(window->next)};
}

} // namespace mosty::projections
