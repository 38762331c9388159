#pragma once

#include "server/audit/publisher.hpp"
#include "server/config/settings.hpp"
#include "server/net/tls_context.hpp"

#include <boost/asio/io_context.hpp>

#include <vector>

namespace mosty::net {

// Posts over HTTP to the witnesses of the settings, whose addresses are sound. One connection each, kept.
audit::PostToWitness post_to_witnesses(boost::asio::io_context& context,
                                       const std::vector<WitnessSetting>& witnesses, const TlsContext& tls);

} // namespace mosty::net
