#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

// One-time passwords by the clock, RFC 6238: HMAC-SHA-1, six digits, steps of 30 seconds.
namespace mosty::accounts {

constexpr std::int64_t totp_step_ms = 30'000;

// The code of a step: "755224".
std::string totp_code(std::string_view secret, std::int64_t step);

// The step whose code this is: the present one, or the one before or after it, but none up to `last_step`,
// which was used. Nothing when it is none of them.
std::optional<std::int64_t> totp_step_of(std::string_view secret, std::string_view code, std::int64_t now_ms,
                                         std::int64_t last_step);

// Base 32 of RFC 4648 without padding, as authenticators take secrets.
std::string base32(std::string_view bytes);

// What the authenticator reads from the QR code: "otpauth://totp/Mosty:anna%40town.ua?secret=…".
std::string totp_uri(std::string_view secret, std::string_view issuer, std::string_view account);

} // namespace mosty::accounts
