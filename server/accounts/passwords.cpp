#include "server/accounts/passwords.hpp"

#include "domain/base/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <sodium.h>
#include <stdexcept>

namespace mosty::accounts {
namespace {

constexpr std::size_t password_units_min = 12;
constexpr std::size_t password_bytes_max = 512;
constexpr std::size_t email_bytes_max = 254;

std::size_t memory_bytes(PasswordCost cost) {
    return cost.memory_mib << 20;
}

std::string in_lower_case(std::string_view text) {
    std::string lower{text};
    for (char& c : lower)
        if (c >= 'A' && c <= 'Z')
            c = static_cast<char>(c - 'A' + 'a');
    return lower;
}

// What many would try first: few different characters, or what the address says already.
bool is_easily_guessed(std::string_view password, std::string_view email) {
    std::array<bool, 256> seen{};
    for (const char c : password)
        seen[static_cast<unsigned char>(c)] = true;
    if (std::ranges::count(seen, true) < 5)
        return true;
    const std::string lower = in_lower_case(password);
    const auto local = email.substr(0, email.find('@'));
    if (local.size() >= 4 && lower.find(local) != std::string::npos && password.size() < local.size() + 8)
        return true;
    static constexpr std::array common{"123456789012",
                                       "1234567890123",
                                       "qwertyuiop",
                                       "password1234",
                                       "passwordpassword",
                                       "йцукенгшщзхї",
                                       "correcthorsebatterystaple"};
    return std::ranges::any_of(common, [&](std::string_view one) {
        return lower.starts_with(one) && password.size() < one.size() + 4;
    });
}

} // namespace

std::string hash_password(std::string_view password, PasswordCost cost) {
    std::string hash(crypto_pwhash_STRBYTES, '\0');
    if (sodium_init() < 0 || crypto_pwhash_str_alg(hash.data(), password.data(), password.size(), cost.passes,
                                                   memory_bytes(cost), crypto_pwhash_ALG_ARGON2ID13) != 0)
        throw std::runtime_error("there is not enough memory to hash a password");
    hash.resize(hash.find('\0'));
    return hash;
}

bool is_password(std::string_view password, const std::string& hash) {
    return sodium_init() >= 0 &&
           crypto_pwhash_str_verify(hash.c_str(), password.data(), password.size()) == 0;
}

bool is_outdated(const std::string& hash, PasswordCost cost) {
    return crypto_pwhash_str_needs_rehash(hash.c_str(), cost.passes, memory_bytes(cost)) != 0;
}

std::optional<realtime::Problem> refuse_password(std::string_view password, std::string_view email) {
    const auto refuse = [](std::string code, std::string sentence, std::string max = {}) {
        realtime::Problem problem{std::move(code), std::move(sentence), "password", {}};
        if (!max.empty())
            problem.params.emplace_back("min", std::move(max));
        return problem;
    };
    if (!is_utf8(password) || password.find('\0') != std::string_view::npos)
        return refuse("invalid_field", "password: use letters, digits and signs.");
    if (password.size() > password_bytes_max)
        return refuse("too_long", "password: this is longer than 512 bytes.");
    if (utf16_length(password) < password_units_min)
        return refuse("weak_password",
                      fmt::format("password: take at least {} characters, such as a short sentence.",
                                  password_units_min),
                      std::to_string(password_units_min));
    if (is_easily_guessed(password, email))
        return refuse("weak_password", "password: this is easily guessed. Take a short sentence of your own.",
                      std::to_string(password_units_min));
    return std::nullopt;
}

std::optional<std::string> plain_email(std::string_view email) {
    std::string plain = in_lower_case(trimmed(email));
    const auto at = plain.find('@');
    const bool is_one = at != std::string::npos && at > 0 && plain.find('@', at + 1) == std::string::npos;
    if (!is_one || plain.size() > email_bytes_max || plain.find('.', at) == std::string::npos ||
        plain.back() == '.' || find_text_fault(plain))
        return std::nullopt;
    if (plain.find_first_of(" \t\n,;<>\"()") != std::string::npos)
        return std::nullopt;
    return plain;
}

} // namespace mosty::accounts
