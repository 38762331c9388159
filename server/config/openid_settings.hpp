#pragma once

#include "server/config/settings.hpp"

#include <toml++/toml.h>

#include <string>
#include <vector>

// Organisations' own providers of sign-ins: the tables [[openid]].
namespace mosty::config {

void read_openid(const toml::node& node, Settings& settings, std::vector<std::string>& mistakes);

// What forbids signing in by them.
void judge_openid(const Settings& settings, std::vector<std::string>& mistakes);

} // namespace mosty::config
