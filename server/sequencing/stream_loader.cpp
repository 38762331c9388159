#include "server/sequencing/stream_loader.hpp"

#include "domain/base/invariant.hpp"
#include "domain/codec/entry.hpp"
#include "domain/codec/index_keys.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace mosty::sequencing {
namespace {

constexpr std::size_t keys_at_once = 1'024;

std::string revision_bytes(Revision revision) {
    std::string bytes(8, '\0');
    for (int i = 7; i >= 0; --i, revision >>= 8)
        bytes[static_cast<std::size_t>(i)] = static_cast<char>(revision & 255);
    return bytes;
}

} // namespace

Result<std::optional<domain::State>, std::string>
load_stream(const storage::LogReader& log, const StreamId& stream, std::size_t events_max) {
    domain::State state = domain::initial_state(stream);
    // Most new streams are asked for once: one cheap look tells that there is nothing.
    const auto first = log.find(codec::stream_key(stream, 1));
    if (!first)
        return std::unexpected(first.error().reason);
    if (!*first)
        return state;

    const std::string prefix = codec::stream_prefix(stream);
    for (Revision next = 1;;) {
        // One more than may be folded tells that there are too many.
        const std::size_t left = events_max - (next - 1);
        const std::size_t wanted = left < keys_at_once ? left + 1 : keys_at_once;
        const auto keys = log.scan(prefix, revision_bytes(next), wanted);
        if (!keys)
            return std::unexpected(keys.error().reason);
        if (keys->empty())
            return state;
        if (next - 1 + keys->size() > events_max)
            return std::optional<domain::State>{};

        for (const auto& [key, position] : *keys) {
            const auto entries = log.read(position, 1);
            if (!entries)
                return std::unexpected(entries.error().reason);
            if (entries->empty())
                return std::unexpected(
                    fmt::format("the index names position {}, which the log does not have", position));
            const auto decoded = codec::decode_entry(entries->front().bytes);
            if (!decoded)
                return std::unexpected(
                    fmt::format("the entry at {} cannot be read: {}", position, decoded.error().what));
            domain::apply(state, decoded->event, decoded->envelope.recorded());
        }
        next += keys->size();
    }
}

} // namespace mosty::sequencing
