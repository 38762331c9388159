#include "server/projections/topic_kind.hpp"

#include <algorithm>
#include <array>

namespace mosty::projections {
namespace {

using namespace std::string_view_literals;

constexpr std::array single_views{"directory"sv, "towns"sv, "programme"sv};
constexpr std::array entity_views{"partnership"sv, "visit"sv, "proposal"sv, "sites"sv};
constexpr std::array scoped_lists{"partnerships"sv, "visits"sv, "proposals"sv, "feed"sv};

bool holds(const auto& names, std::string_view name) {
    return std::ranges::find(names, name) != names.end();
}

// What may stand after the slash: 1 to 64 of A–Z a–z 0–9 _ -.
bool is_scope(std::string_view text) {
    return !text.empty() && text.size() <= 64 && std::ranges::all_of(text, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
               c == '-';
    });
}

} // namespace

std::optional<TopicKind> kind_of(std::string_view topic) {
    if (topic == "municipalities")
        return TopicKind::list;
    if (holds(single_views, topic))
        return TopicKind::view;

    const auto slash = topic.find('/');
    if (slash == std::string_view::npos || !is_scope(topic.substr(slash + 1)))
        return std::nullopt;
    const std::string_view name = topic.substr(0, slash);
    if (holds(entity_views, name))
        return TopicKind::view;
    if (holds(scoped_lists, name))
        return TopicKind::list;
    return std::nullopt;
}

} // namespace mosty::projections
