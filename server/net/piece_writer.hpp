#pragma once

#include "server/config/settings.hpp"
#include "server/core/piece_source.hpp"
#include "server/net/stream.hpp"
#include "server/net/types.hpp"

#include <boost/beast/http/message.hpp>

#include <memory>

namespace mosty::net {

// Sends an answer that comes in pieces, and then ends the connection: in chunks to whoever speaks HTTP/1.1,
// up to the connection's end to others. One piece is in memory at a time; a reader that takes nothing for
// `settings.event_stall` is left. Stops the source.
Awaitable<void> write_pieces(Stream stream, beast::http::response_header<> header,
                             std::shared_ptr<core::PieceSource> source, const Settings& settings);

} // namespace mosty::net
