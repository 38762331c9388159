#pragma once

#include "server/realtime/problem.hpp"

// What is answered when a question or a command cannot be taken.
namespace mosty::core {

inline const realtime::Problem overloaded{
    "overloaded", "The server has too much to do just now. Send the same again in a moment.", {}, {}};
inline const realtime::Problem stopping{
    "unavailable", "The server is restarting. Send the same again in a moment.", {}, {}};
inline const realtime::Problem not_signed_in{"not_signed_in", "Sign in to read this.", {}, {}};

} // namespace mosty::core
