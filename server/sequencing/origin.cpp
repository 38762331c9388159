#include "server/sequencing/origin.hpp"

#include "domain/codec/index_keys.hpp"

#include <fmt/format.h>

#include <utility>

namespace mosty::sequencing {

Result<codec::Envelope, std::string> read_origin(const storage::LogReader& log, const StreamId& stream,
                                                 Revision revision) {
    const auto position = log.find(codec::stream_key(stream, revision));
    if (!position)
        return std::unexpected(position.error().reason);
    if (!*position)
        return std::unexpected(
            fmt::format("the index does not have revision {} of {}", revision, stream.text()));
    const auto entries = log.read(**position, 1);
    if (!entries)
        return std::unexpected(entries.error().reason);
    if (entries->empty())
        return std::unexpected(
            fmt::format("the index names position {}, which the log does not have", **position));
    auto envelope = codec::decode_envelope(entries->front().bytes);
    if (!envelope)
        return std::unexpected(
            fmt::format("the entry at {} cannot be read: {}", **position, envelope.error().what));
    return std::move(*envelope);
}

} // namespace mosty::sequencing
