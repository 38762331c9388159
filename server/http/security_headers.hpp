#pragma once

#include "server/http/message.hpp"

namespace mosty::http {

// Adds what every response tells a browser: to run and load nothing but our own files, to frame us nowhere,
// to guess no type, to give our answers to no other site, and, unless the answer says otherwise, not to keep
// it. `over_tls`: and to come back over TLS only.
void add_security_headers(Response& response, bool over_tls);

} // namespace mosty::http
