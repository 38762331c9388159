#include "server/realtime/topic.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace mosty::realtime {
namespace {

using enum TopicKind;

constexpr std::array<std::pair<std::string_view, TopicKind>, 4> plain_topics{{
    {"directory", directory},
    {"towns", towns},
    {"programme", programme},
    {"municipalities", municipalities},
}};

constexpr std::array<std::pair<std::string_view, TopicKind>, 7> scoped_topics{{
    {"partnership", partnership},
    {"visit", visit},
    {"proposal", proposal},
    {"partnerships", partnerships},
    {"visits", visits},
    {"proposals", proposals},
    {"feed", feed},
}};

bool is_id(std::string_view text) {
    return !text.empty() && text.size() <= 64 && std::ranges::all_of(text, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
               c == '-';
    });
}

} // namespace

std::optional<Topic> parse_topic(std::string_view name) {
    for (const auto& [word, kind] : plain_topics)
        if (name == word)
            return Topic{kind, {}};

    const auto slash = name.find('/');
    if (slash == std::string_view::npos || !is_id(name.substr(slash + 1)))
        return std::nullopt;
    for (const auto& [word, kind] : scoped_topics)
        if (name.substr(0, slash) == word)
            return Topic{kind, std::string{name.substr(slash + 1)}};
    return std::nullopt;
}

} // namespace mosty::realtime
