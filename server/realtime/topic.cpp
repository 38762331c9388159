#include "server/realtime/topic.hpp"

#include "domain/sites/view.hpp"
#include "domain/text/section.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace mosty::realtime {
namespace {

using TopicKind::directory, TopicKind::towns, TopicKind::programme, TopicKind::municipalities;
using TopicKind::partnership, TopicKind::visit, TopicKind::proposal, TopicKind::partnerships;
using TopicKind::visits, TopicKind::proposals, TopicKind::feed, TopicKind::sites;

constexpr std::array<std::pair<std::string_view, TopicKind>, 4> plain_topics{{
    {"directory", directory},
    {"towns", towns},
    {"programme", programme},
    {"municipalities", municipalities},
}};

constexpr std::array<std::pair<std::string_view, TopicKind>, 8> scoped_topics{{
    {"partnership", partnership},
    {"visit", visit},
    {"proposal", proposal},
    {"partnerships", partnerships},
    {"visits", visits},
    {"proposals", proposals},
    {"feed", feed},
    {"sites", sites},
}};

bool is_id(std::string_view text) {
    return !text.empty() && text.size() <= 64 && std::ranges::all_of(text, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
               c == '-';
    });
}

TopicKind kind_of(sites::View view) {
    switch (view) {
    case sites::View::ua:
        return TopicKind::sites_of_ua;
    case sites::View::eu:
        return TopicKind::sites_of_eu;
    case sites::View::partners:
        break;
    }
    return TopicKind::sites_of_partners;
}

} // namespace

std::optional<Topic> parse_topic(std::string_view name) {
    for (const auto& [word, kind] : plain_topics)
        if (name == word)
            return Topic{kind, {}};

    if (const auto text = text::name_of_text(name)) {
        const std::string& owner = text->owner.text();
        return Topic{TopicKind::text, owner.substr(owner.find('/') + 1)};
    }
    if (const auto described = sites::view_named(name)) {
        const std::string& stream = described->sites.text();
        return Topic{kind_of(described->view), stream.substr(stream.find('/') + 1)};
    }
    const auto slash = name.find('/');
    if (slash == std::string_view::npos || !is_id(name.substr(slash + 1)))
        return std::nullopt;
    for (const auto& [word, kind] : scoped_topics)
        if (name.substr(0, slash) == word)
            return Topic{kind, std::string{name.substr(slash + 1)}};
    return std::nullopt;
}

std::string audience_stream(const Topic& topic) {
    switch (topic.kind) {
    case TopicKind::visit:
        return "visit/" + topic.scope;
    case TopicKind::proposal:
    case TopicKind::text:
    case TopicKind::sites:
    case TopicKind::sites_of_ua:
    case TopicKind::sites_of_eu:
    case TopicKind::sites_of_partners:
        return "proposal/" + topic.scope;
    default:
        return {};
    }
}

} // namespace mosty::realtime
