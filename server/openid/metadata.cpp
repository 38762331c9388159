#include "server/openid/metadata.hpp"

#include "server/openid/json_object.hpp"
#include "server/openid/keys.hpp"

#include <fmt/format.h>

#include <optional>

namespace mosty::openid {
namespace {

// Whether the list, when there is one, has a word for which `fits` holds.
template <class Fits>
bool may_be(const JsonObject& document, std::string_view name, Fits fits) {
    simdjson::dom::array list;
    if (document.value()[name].get(list) != simdjson::SUCCESS)
        return !document.has(name);
    for (const simdjson::dom::element one : list) {
        std::string_view word;
        if (one.get(word) == simdjson::SUCCESS && fits(word))
            return true;
    }
    return false;
}

std::optional<Endpoint> endpoint_in(const JsonObject& document, std::string_view name,
                                    std::string_view issuer) {
    auto endpoint = parse_endpoint(document.text(name).value_or(""));
    // A provider with TLS sends nobody to a place without.
    if (endpoint && !endpoint->server.is_tls && issuer.starts_with("https://"))
        return std::nullopt;
    return endpoint;
}

} // namespace

Result<Metadata, std::string> parse_metadata(std::string_view json, std::string_view issuer) {
    JsonObject document;
    if (!document.parse(json))
        return std::unexpected("its discovery document is no JSON object");
    if (document.text("issuer") != issuer)
        return std::unexpected("its discovery document is another issuer's");
    const auto ours = [](std::string_view word) { return algorithm_of(word).has_value(); };
    if (!may_be(document, "id_token_signing_alg_values_supported", ours))
        return std::unexpected("it signs by none of RS256, ES256 and EdDSA");
    if (!may_be(document, "response_types_supported", [](std::string_view word) { return word == "code"; }))
        return std::unexpected("it knows no authorization code");
    Metadata metadata;
    for (const auto& [name, into] :
         {std::pair{"authorization_endpoint", &metadata.authorization},
          std::pair{"token_endpoint", &metadata.token}, std::pair{"jwks_uri", &metadata.keys}}) {
        auto endpoint = endpoint_in(document, name, issuer);
        if (!endpoint)
            return std::unexpected(fmt::format("its {} is no https address", name));
        *into = std::move(*endpoint);
    }
    metadata.names_itself = document.is_true("authorization_response_iss_parameter_supported");
    return metadata;
}

} // namespace mosty::openid
