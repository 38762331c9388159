#include "server/access/directory.hpp"

#include "domain/codec/index_keys.hpp"

#include <fmt/format.h>

namespace mosty::access {
namespace {

constexpr std::string_view person_prefix = "s/person/";
constexpr std::size_t keys_at_once = 1'024;

} // namespace

Result<Directory, std::string> Directory::load(const storage::LogReader& log) {
    Directory directory;
    std::string from;
    while (true) {
        const auto keys = log.scan(person_prefix, from, keys_at_once);
        if (!keys)
            return std::unexpected(keys.error().reason);
        for (const auto& [key, position] : *keys) {
            const auto entries = log.read(position, 1);
            if (!entries)
                return std::unexpected(entries.error().reason);
            if (entries->empty())
                return std::unexpected(fmt::format("the log has no position {}", position));
            const auto decoded = codec::decode_entry(entries->front().bytes);
            if (!decoded)
                return std::unexpected(
                    fmt::format("the entry at {} cannot be read: {}", position, decoded.error().what));
            directory.fold(*decoded);
        }
        if (keys->size() < keys_at_once)
            return directory;
        // The key just after the last one read.
        from = keys->back().key.substr(person_prefix.size()) + '\0';
    }
}

void Directory::fold(const codec::DecodedEntry& entry) {
    const auto* event = std::get_if<person::Event>(&entry.event);
    if (!event)
        return;
    const ActorId actor{std::string{domain::local_id(entry.envelope.stream)}};
    person::apply(people_[actor], *event, entry.envelope.recorded());
    principals_.note(actor, *event);
}

const person::State* Directory::find(const ActorId& actor) const {
    const auto found = people_.find(actor);
    return found == people_.end() ? nullptr : &found->second;
}

std::optional<Actor> Directory::acting(const ActorId& actor, PartialDate today) const {
    const person::State* own = find(actor);
    if (!own || !own->acts())
        return std::nullopt;
    std::vector<const person::State*> principals;
    for (const ActorId& principal : principals_.of(actor))
        if (const person::State* known = find(principal))
            principals.push_back(known);
    return Actor{actor, own->profile.organisation, person::acting_role(actor, *own, today, principals)};
}

std::vector<ActorId> Directory::everybody() const {
    std::vector<ActorId> actors;
    actors.reserve(people_.size());
    for (const auto& [actor, person] : people_)
        actors.push_back(actor);
    return actors;
}

} // namespace mosty::access
