#pragma once

#include "domain/domain.hpp"
#include "server/access/sign_in.hpp"

#include <variant>

namespace mosty::access {

// Whether a command may be sent by this right. A token writes everything but accounts: who takes part, in
// which role, by whom somebody is represented or succeeded, and who leaves or is erased is said in a browser
// that has signed in.
inline bool may_send(const SignIn& by, const domain::Command& command) {
    return by.writes && (by.is_session || !std::holds_alternative<person::Command>(command));
}

} // namespace mosty::access
