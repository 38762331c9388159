#include "server/events/known_names.hpp"

#include "domain/codec/index_keys.hpp"
#include "server/events/affiliations.hpp"

#include <fmt/format.h>

namespace mosty::events {
namespace {

using Known = Result<bool, std::string>;

Known has_stream(const storage::LogReader& log, Size size, const std::string& stream) {
    const auto first = log.find(codec::stream_key(StreamId{stream}, 1));
    if (!first)
        return std::unexpected(first.error().reason);
    return *first && **first < size;
}

// Services act without having been registered.
Known has_acted(const storage::LogReader& log, Size size, const std::string& actor) {
    const auto first = log.scan(fmt::format("c/{}/", actor), {}, 1);
    if (!first)
        return std::unexpected(first.error().reason);
    return !first->empty() && first->front().position < size;
}

Known is_actor(const storage::LogReader& log, Size size, const std::string& actor) {
    auto registered = has_stream(log, size, "person/" + actor);
    return registered && !*registered ? has_acted(log, size, actor) : registered;
}

Known is_organisation(const storage::LogReader& opened, Size size, const std::string& organisation) {
    if (auto town = has_stream(opened, size, "municipality/" + organisation); !town || *town)
        return town;
    const auto affiliations = Affiliations::load(opened, size);
    if (!affiliations)
        return std::unexpected(affiliations.error());
    return affiliations->has_members(organisation);
}

} // namespace

Result<std::optional<Mistake>, std::string> unknown_name_in(const storage::LogReader& opened, Size size,
                                                            const Filter& filter) {
    if (!filter.actor.empty()) {
        const auto known = is_actor(opened, size, filter.actor);
        if (!known)
            return std::unexpected(known.error());
        if (!*known)
            return Mistake{"actor", fmt::format("There is nobody with the id “{}”.", filter.actor),
                           "unknown_actor"};
    }
    if (!filter.organisation.empty()) {
        const auto known = is_organisation(opened, size, filter.organisation);
        if (!known)
            return std::unexpected(known.error());
        if (!*known)
            return Mistake{"organisation",
                           fmt::format("There is no organisation with the id “{}”: no municipality of the "
                                       "register has it, and nobody ever belonged to it.",
                                       filter.organisation),
                           "unknown_organisation"};
    }
    return std::optional<Mistake>{};
}

} // namespace mosty::events
