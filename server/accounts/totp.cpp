#include "server/accounts/totp.hpp"

#include "server/accounts/secrets.hpp"

#include <fmt/format.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>

namespace mosty::accounts {
namespace {

constexpr std::uint32_t code_range = 1'000'000;

std::string percent_encoded(std::string_view text) {
    std::string encoded;
    for (const char c : text) {
        const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                           c == '-' || c == '.' || c == '_' || c == '~';
        encoded += plain ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
    return encoded;
}

} // namespace

std::string totp_code(std::string_view secret, std::int64_t step) {
    std::array<unsigned char, 8> counter{};
    for (std::size_t i = 0; i < counter.size(); ++i)
        counter[i] = static_cast<unsigned char>(static_cast<std::uint64_t>(step) >> (8 * (7 - i)));
    std::array<unsigned char, EVP_MAX_MD_SIZE> mac{};
    unsigned length = 0;
    HMAC(EVP_sha1(), secret.data(), static_cast<int>(secret.size()), counter.data(), counter.size(),
         mac.data(), &length);
    const std::size_t offset = mac[length - 1] & 15u;
    const std::uint32_t number = (std::uint32_t{mac[offset] & 0x7fu} << 24) |
                                 (std::uint32_t{mac[offset + 1]} << 16) |
                                 (std::uint32_t{mac[offset + 2]} << 8) | mac[offset + 3];
    return fmt::format("{:06}", number % code_range);
}

std::optional<std::int64_t> totp_step_of(std::string_view secret, std::string_view code, std::int64_t now_ms,
                                         std::int64_t last_step) {
    const std::int64_t now = now_ms / totp_step_ms;
    std::optional<std::int64_t> found;
    for (const std::int64_t step : {now - 1, now, now + 1})
        if (same_text(totp_code(secret, step), code) && step > last_step && !found)
            found = step;
    return found;
}

std::string base32(std::string_view bytes) {
    static constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    std::string text;
    unsigned held = 0;
    unsigned bits = 0;
    for (const char byte : bytes) {
        bits = ((bits << 8) | static_cast<unsigned char>(byte)) & 0xffffu;
        for (held += 8; held >= 5; held -= 5)
            text += alphabet[(bits >> (held - 5)) & 31u];
    }
    if (held > 0)
        text += alphabet[(bits << (5 - held)) & 31u];
    return text;
}

std::string totp_uri(std::string_view secret, std::string_view issuer, std::string_view account) {
    return fmt::format("otpauth://totp/{0}:{1}?secret={2}&issuer={0}&algorithm=SHA1&digits=6&period=30",
                       percent_encoded(issuer), percent_encoded(account), base32(secret));
}

} // namespace mosty::accounts
