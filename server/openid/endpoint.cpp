#include "server/openid/endpoint.hpp"

#include "domain/base/invariant.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace mosty::openid {
namespace {

constexpr std::size_t endpoint_length_max = 2'048;

bool is_loopback(std::string_view host) {
    return host == "localhost" || host == "127.0.0.1" || host == "::1";
}

// What may stand in a header or a first line as it is.
bool is_address_character(char c) {
    return c > ' ' && c <= '~' && c != '"' && c != '<' && c != '>' && c != '\\' && c != '^' && c != '`' &&
           c != '{' && c != '|' && c != '}' && c != '#' && c != '@';
}

} // namespace

std::optional<Endpoint> parse_endpoint(std::string_view text) {
    if (text.size() > endpoint_length_max || !std::ranges::all_of(text, is_address_character))
        return std::nullopt;
    const auto scheme = text.find("://");
    if (scheme == std::string_view::npos)
        return std::nullopt;
    const auto target = std::min(text.find_first_of("/?", scheme + 3), text.size());
    auto server = net::parse_url(text.substr(0, target));
    if (!server || !(server->is_tls || is_loopback(server->host)))
        return std::nullopt;
    Endpoint endpoint{std::string(text), std::move(*server), std::string(text.substr(target))};
    if (!endpoint.target.starts_with('/'))
        endpoint.target.insert(0, 1, '/');
    return endpoint;
}

bool is_issuer(std::string_view text) {
    return text.find('?') == std::string_view::npos && parse_endpoint(text).has_value();
}

Endpoint discovery_of(std::string_view issuer) {
    if (issuer.ends_with('/'))
        issuer.remove_suffix(1);
    auto endpoint = parse_endpoint(std::string(issuer) + "/.well-known/openid-configuration");
    MOSTY_INVARIANT(endpoint.has_value(), "the settings were judged");
    return std::move(*endpoint);
}

std::string percent_encoded(std::string_view text) {
    std::string encoded;
    for (const char c : text) {
        const bool is_plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                              c == '-' || c == '.' || c == '_' || c == '~';
        if (is_plain)
            encoded += c;
        else
            encoded += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
    return encoded;
}

} // namespace mosty::openid
