#include "server/access/sign_in.hpp"

#include "server/access/key_file.hpp"

#include <fmt/format.h>

#include <charconv>

namespace mosty::access {
Result<SignIns, std::string> SignIns::open(const std::filesystem::path& path) {
    auto key = open_key(path);
    if (!key)
        return std::unexpected(key.error());
    return SignIns(std::move(*key));
}

std::string SignIns::seal(std::string_view payload) const {
    std::string hex;
    for (const char byte : seal_of(key_, payload))
        hex += fmt::format("{:02x}", static_cast<unsigned char>(byte));
    return hex;
}

std::string SignIns::issue(const ActorId& actor, std::int64_t until_ms) const {
    const std::string payload = fmt::format("{}.{}", actor.text(), until_ms);
    return payload + "." + seal(payload);
}

std::optional<ActorId> SignIns::check(std::string_view token, std::int64_t now_ms) const {
    const auto mac_dot = token.rfind('.');
    if (mac_dot == std::string_view::npos || token.size() > 256)
        return std::nullopt;
    const auto payload = token.substr(0, mac_dot);
    const auto expected = seal(payload);
    const auto given = token.substr(mac_dot + 1);
    if (!same_seal(given, expected))
        return std::nullopt;

    const auto until_dot = payload.rfind('.');
    if (until_dot == std::string_view::npos)
        return std::nullopt;
    const auto until = payload.substr(until_dot + 1);
    std::int64_t until_ms = 0;
    const auto [end, error] = std::from_chars(until.data(), until.data() + until.size(), until_ms);
    if (error != std::errc{} || end != until.data() + until.size() || now_ms >= until_ms)
        return std::nullopt;
    return ActorId{std::string{payload.substr(0, until_dot)}};
}

} // namespace mosty::access
