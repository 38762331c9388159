#pragma once

#include "domain/base/ids.hpp"

#include <string>

namespace mosty::access {

// As whom a request is made, and by what right: a browser's session or a script's token.
struct SignIn {
    ActorId actor;
    std::string key; // names the session or token, so that it can be ended; no secret
    bool is_session = false;
    bool reads = false;
    bool writes = false;
    bool takes_events = false;
    bool is_due = false; // its use is to be noted
};

} // namespace mosty::access
