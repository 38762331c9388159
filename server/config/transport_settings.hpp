#pragma once

#include "server/config/settings.hpp"

#include <toml++/toml.h>

#include <string>
#include <vector>

namespace mosty::config {

// Reads the tables of a settings file that say how others come here, and adds every mistake in them:
//
//   [tls]
//   certificate = "/etc/mosty/chain.pem"
//   key = "/etc/mosty/key.pem"
//   authorities = "/etc/mosty/authorities.pem"
//   [http]
//   trusted_proxies = ["127.0.0.1", "10.0.0.0/8"]
//   plain_beyond_loopback = false
void read_tls(const toml::table& table, Settings& settings, std::vector<std::string>& mistakes);
void read_http(const toml::table& table, Settings& settings, std::vector<std::string>& mistakes);

// Adds what forbids serving with these settings: above all that somebody on the way could read along.
void judge_transport(const Settings& settings, std::vector<std::string>& mistakes);

} // namespace mosty::config
