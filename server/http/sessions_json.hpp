#pragma once

#include "server/accounts/credentials.hpp"

#include <string>
#include <string_view>

namespace mosty::http {

// What is told of somebody's sessions in the export of all that is theirs: a JSON array of
// {"made","seen","browser"}, oldest first, without what names a session.
std::string sessions_json(accounts::Credentials::Keyed<accounts::Session> sessions);

// What people call the browser that says so of itself: "Firefox", "Chrome", "Edge", "Safari" or "other".
std::string_view browser_family(std::string_view agent);

} // namespace mosty::http
