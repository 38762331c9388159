#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace mosty::realtime {

// What a client can follow. The name decides the kind: "proposal/p-7f3", "feed/HU_10719", "towns".
enum class TopicKind {
    directory,
    towns,
    programme,
    partnership,
    visit,
    proposal,
    text,
    sites,
    sites_of_ua,
    sites_of_eu,
    sites_of_partners,
    partnerships,
    visits,
    proposals,
    feed,
    municipalities,
};

struct Topic {
    TopicKind kind;
    // An entity's id, a municipality's id or "all"; of a text its owner's, of sites their proposal's; empty
    // where the kind has none.
    std::string scope;
};

// Nothing when the name is not one of a topic.
std::optional<Topic> parse_topic(std::string_view name);

// The stream whose audience a topic has; empty when everybody of a role has it.
std::string audience_stream(const Topic& topic);

constexpr bool is_list(TopicKind kind) {
    return kind >= TopicKind::partnerships;
}

} // namespace mosty::realtime
