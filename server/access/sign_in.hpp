#pragma once

#include "domain/base/ids.hpp"
#include "server/access/life.hpp"

#include <memory>
#include <string>
#include <string_view>

namespace mosty::access {

// How a session has ended, which its browser must be told: what was kept there of its person goes, or stays
// until the person is back.
enum class Ending {
    signed_out,   // by somebody: here or elsewhere, with the account, or with its password
    session_over, // it ran out, or made room for a newer one
};

// "signed_out" or "session_over": the reason of a farewell, and the code of a refusal.
constexpr std::string_view to_string(Ending ending) {
    return ending == Ending::signed_out ? "signed_out" : "session_over";
}

// As whom a request is made, and by what right: a browser's session or a script's token.
struct SignIn {
    ActorId actor;
    std::string key; // names the session or token, so that it can be ended; no secret
    bool is_session = false;
    bool reads = false;
    bool writes = false;
    bool takes_events = false;
    std::shared_ptr<Life> life = {};
};

} // namespace mosty::access
