#pragma once

#include "domain/base/result.hpp"
#include "server/realtime/problem.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

// Passwords, hashed with argon2id. Each takes a tenth of a second and much memory, by intent: on a thread of
// its own, never on one that others wait for.
namespace mosty::accounts {

struct PasswordCost {
    std::size_t memory_mib = 64; // libsodium's "interactive", and more
    std::size_t passes = 2;
};

// Throws when there is not so much memory.
std::string hash_password(std::string_view password, PasswordCost cost);

// Whether this is the password of the hash.
bool is_password(std::string_view password, const std::string& hash);

// Whether the hash was made at another cost than passwords have today.
bool is_outdated(const std::string& hash, PasswordCost cost);

// Why this cannot be a password of somebody with that address; nothing when it can.
std::optional<realtime::Problem> refuse_password(std::string_view password, std::string_view email);

// An address as it is compared: trimmed, in lower case. Nothing for what can be none.
std::optional<std::string> plain_email(std::string_view email);

} // namespace mosty::accounts
