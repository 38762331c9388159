#include "server/projections/topics.hpp"

#include "server/projections/keys.hpp"
#include "server/projections/topic_kind.hpp"

#include <algorithm>
#include <optional>
#include <string_view>

namespace mosty::projections {
namespace {

using storage::ReadError;
using Snapshot = storage::ViewStore::Snapshot;

constexpr std::size_t rows_at_once = 1'024;
constexpr std::size_t slash_and_number = 9;

// Names under which there are rows by number: looks at the first row of each and goes on behind its last.
std::optional<ReadError> append_numbered(const Snapshot& snapshot, std::string_view prefix,
                                         std::vector<std::string>& names) {
    for (std::string from;;) {
        const auto found = snapshot.scan(prefix, from, 1);
        if (!found)
            return found.error();
        if (found->empty())
            return std::nullopt;
        const std::string_view rest = std::string_view(found->front().key).substr(prefix.size());
        const std::string_view name = rest.substr(0, rest.size() - slash_and_number);
        names.emplace_back(name);
        from.assign(name).append(1, '/').append(8, '\xff');
    }
}

std::optional<ReadError> append_plain(const Snapshot& snapshot, std::string_view prefix,
                                      std::vector<std::string>& names) {
    for (std::string from;;) {
        const auto found = snapshot.scan(prefix, from, rows_at_once);
        if (!found)
            return found.error();
        for (const auto& [key, value] : *found)
            names.push_back(key.substr(prefix.size()));
        if (found->size() < rows_at_once)
            return std::nullopt;
        from = names.back() + '\0';
    }
}

} // namespace

Result<std::vector<std::string>, ReadError> recorded_topics(const Snapshot& snapshot) {
    std::vector<std::string> names;
    if (auto failed = append_numbered(snapshot, keys::records(), names))
        return std::unexpected(std::move(*failed));
    // Events leave rows for feeds under streams that are no view.
    std::erase_if(names, [](const std::string& name) { return kind_of(name) != TopicKind::view; });
    for (const std::string_view prefix : {keys::totals(), keys::feed_runs()})
        if (auto failed = append_numbered(snapshot, prefix, names))
            return std::unexpected(std::move(*failed));
    if (auto failed = append_plain(snapshot, keys::text_traces(), names))
        return std::unexpected(std::move(*failed));
    std::ranges::sort(names);
    return names;
}

} // namespace mosty::projections
