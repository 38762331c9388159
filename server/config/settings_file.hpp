#pragma once

#include "server/config/settings.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mosty::config {

// Reads a TOML file into the settings and returns every mistake in it, each as a sentence:
//
//   data = "/var/lib/mosty"
//   listen = "127.0.0.1:8080"
//   origins = ["https://mosty.example"]
//   [limits]
//   connections = 15000
//   [tls]
//   certificate = "/etc/mosty/chain.pem"
//   key = "/etc/mosty/key.pem"
//   [http]
//   trusted_proxies = ["127.0.0.1"]
//   [log]
//   origin = "mosty.example/log"
//   quorum = 1
//   [[log.witness]]
//   url = "https://witness.example"
//   key = "witness.example/w1+5a1e9c70+BK…"
std::vector<std::string> read_settings_file(const std::filesystem::path& path, Settings& settings);

// Takes "ADDRESS:PORT" apart; the sentence says why it cannot be.
std::optional<std::string> set_listen(Settings& settings, std::string_view listen);

// Everything that forbids starting with these settings.
std::vector<std::string> mistakes_in(const Settings& settings);

} // namespace mosty::config
