#include "server/config/transport_settings.hpp"

#include "server/http/networks.hpp"
#include "server/net/url.hpp"

#include <boost/asio/ip/address.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>

namespace mosty::config {
namespace {

std::optional<MetricsFor> metrics_for(const toml::node& node) {
    const auto word = node.value<std::string>();
    return word == "off"        ? std::optional(MetricsFor::nobody)
           : word == "loopback" ? std::optional(MetricsFor::loopback)
           : word == "all"      ? std::optional(MetricsFor::all)
                                : std::nullopt;
}

} // namespace

void read_tls(const toml::table& table, Settings& settings, std::vector<std::string>& mistakes) {
    for (const auto& [name, node] : table) {
        std::filesystem::path* file = name == "certificate"   ? &settings.tls_certificate
                                      : name == "key"         ? &settings.tls_key
                                      : name == "authorities" ? &settings.tls_authorities
                                                              : nullptr;
        if (!file)
            mistakes.push_back(fmt::format("tls.{} is not a setting", name.str()));
        else if (const auto text = node.value<std::string>())
            *file = *text;
        else
            mistakes.push_back(fmt::format("tls.{} must be a text", name.str()));
    }
}

void read_http(const toml::table& table, Settings& settings, std::vector<std::string>& mistakes) {
    for (const auto& [name, node] : table) {
        const auto* list = node.as_array();
        if (name == "trusted_proxies" && list && (list->empty() || list->is_homogeneous<std::string>())) {
            for (const auto& range : *list)
                settings.trusted_proxies.push_back(*range.value<std::string>());
        } else if (name == "plain_beyond_loopback" && node.is_boolean()) {
            settings.plain_beyond_loopback = *node.value<bool>();
        } else if (name == "metrics" && metrics_for(node)) {
            settings.metrics = *metrics_for(node);
        } else if (name == "metrics") {
            mistakes.emplace_back("http.metrics must be \"loopback\", \"off\" or \"all\"");
        } else if (name == "trusted_proxies" || name == "plain_beyond_loopback") {
            mistakes.push_back(fmt::format("http.{} must be {}", name.str(),
                                           name == "trusted_proxies" ? "a list of texts" : "true or false"));
        } else {
            mistakes.push_back(fmt::format("http.{} is not a setting", name.str()));
        }
    }
}

void judge_transport(const Settings& settings, std::vector<std::string>& mistakes) {
    const bool has_tls = !settings.tls_certificate.empty() && !settings.tls_key.empty();
    const bool is_proxied = !settings.trusted_proxies.empty();
    if (settings.tls_certificate.empty() != settings.tls_key.empty())
        mistakes.emplace_back("TLS needs both a certificate and its key: --certificate and --key");
    if (const auto networks = http::Networks::parse(settings.trusted_proxies); !networks)
        mistakes.push_back("trusted proxies: " + networks.error());
    if (!boost::asio::ip::make_address(settings.listen_address).is_loopback() && !has_tls && !is_proxied &&
        !settings.plain_beyond_loopback)
        mistakes.push_back(fmt::format(
            "without TLS everybody on the way to {} could read along and act for others: give a certificate, "
            "or "
            "name the proxy that has one (trusted_proxies), or listen on loopback; who knows better says "
            "plain_beyond_loopback",
            settings.listen_address));
    for (const std::string& origin : settings.origins) {
        const auto url = net::parse_url(origin);
        if (!url || !url->path.empty() || origin.ends_with('/') ||
            std::ranges::any_of(origin, [](char c) { return c >= 'A' && c <= 'Z'; }))
            mistakes.push_back(
                fmt::format("“{}” is no origin, such as https://mosty.example: a scheme and a host, in small "
                            "letters, without a path",
                            origin));
        else if (url->is_tls && !has_tls && !is_proxied)
            mistakes.push_back(fmt::format("pages at {} need TLS: give a certificate, or name the proxy that "
                                           "has one (trusted_proxies)",
                                           origin));
    }
}

} // namespace mosty::config
