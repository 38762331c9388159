#include "server/events/affiliations.hpp"

#include "domain/codec/entry.hpp"
#include "domain/person/evolve.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace mosty::events {
namespace {

constexpr std::string_view person_keys = "s/person/";
constexpr std::size_t at_once = 512;

// Every entry has its type in the clear, before anything that people wrote.
bool may_be_of_a_person(std::string_view entry) {
    return entry.find("\"type\":\"person.") != std::string_view::npos;
}

} // namespace

Result<Affiliations, std::string> Affiliations::load(const storage::LogReader& log, Size size) {
    Affiliations affiliations;
    for (std::string from;;) {
        const auto keys = log.scan(person_keys, from, at_once);
        if (!keys)
            return std::unexpected(keys.error().reason);
        for (const auto& [key, position] : *keys) {
            if (position >= size)
                continue;
            const auto entries = log.read(position, 1);
            if (!entries)
                return std::unexpected(entries.error().reason);
            if (entries->empty())
                return std::unexpected(fmt::format("the log has no position {}", position));
            if (auto taken = affiliations.take(entries->front()); !taken)
                return std::unexpected(std::move(taken.error()));
        }
        if (keys->size() < at_once)
            break;
        from = keys->back().key.substr(person_keys.size()) + '\0';
    }
    affiliations.size_ = size;
    return affiliations;
}

Result<void, std::string> Affiliations::follow(const storage::LogReader& log, Size size) {
    while (size_ < size) {
        const auto entries = log.read(size_, std::min<Size>(at_once, size - size_));
        if (!entries)
            return std::unexpected(entries.error().reason);
        if (entries->empty())
            return std::unexpected(fmt::format("the log has no position {}", size_));
        for (const auto& entry : *entries)
            if (may_be_of_a_person(entry.bytes))
                if (auto taken = take(entry); !taken)
                    return taken;
        size_ += entries->size();
    }
    return {};
}

Result<void, std::string> Affiliations::take(const storage::Entry& entry) {
    const auto decoded = codec::decode_entry(entry.bytes);
    if (!decoded)
        return std::unexpected(
            fmt::format("the entry at {} cannot be read: {}", entry.position, decoded.error().what));
    const auto* event = std::get_if<person::Event>(&decoded->event);
    if (!event)
        return {};
    Member& member = members_[ActorId{std::string{domain::local_id(decoded->envelope.stream)}}];
    person::apply(member.state, *event, decoded->envelope.recorded());
    const std::string& organisation = member.state.profile.organisation.text();
    if (member.since.empty() || member.since.back().second != organisation)
        member.since.emplace_back(entry.position, organisation);
    return {};
}

bool Affiliations::has_members(const std::string& organisation) const {
    return std::ranges::any_of(members_, [&](const auto& each) {
        return std::ranges::find(each.second.since, organisation,
                                 &std::pair<Position, std::string>::second) != each.second.since.end();
    });
}

bool Affiliations::belonged(const ActorId& actor, Position position, const std::string& organisation) const {
    const auto member = members_.find(actor);
    if (member == members_.end())
        return false;
    const auto& since = member->second.since;
    const auto after =
        std::ranges::lower_bound(since, position, {}, &std::pair<Position, std::string>::first);
    return after != since.begin() && std::prev(after)->second == organisation;
}

} // namespace mosty::events
