#include "server/http/gate.hpp"

#include <boost/asio/ip/address.hpp>
#include <fmt/format.h>

namespace mosty::http {
namespace {

using realtime::Problem;

// Says nothing about anybody, and is asked by machines that know no name of ours.
bool is_for_anybody(const Request& request) {
    return request.path == "/healthz" || request.path == "/readyz";
}

bool may_change_something(const Request& request) {
    return request.is_upgrade || (request.method != "GET" && request.method != "HEAD");
}

// A browser sends its cookies, and credentials of other kinds, along with what another site makes it ask; a
// bearer token never.
bool shows_only_a_token(const Request& request) {
    return request.cookies.empty() && request.authorization.starts_with("Bearer ");
}

std::string_view without_scheme(std::string_view origin) {
    const auto end = origin.find("://");
    return end == std::string_view::npos ? origin : origin.substr(end + 3);
}

// "https://mosty.example:443" and "https://mosty.example" are one host; so for http and 80.
std::string_view without_usual_port(std::string_view host) {
    for (const std::string_view port : {":443", ":80"})
        if (host.ends_with(port))
            host.remove_suffix(port.size());
    return host;
}

// No name that somebody else's DNS could lead here; through a tunnel it comes with any port.
bool names_loopback(std::string_view host) {
    host = host.substr(0, host.find(':', host.starts_with('[') ? host.find(']') : 0));
    return host == "localhost" || host == "127.0.0.1" || host == "[::1]";
}

std::string in_brackets(const std::string& address) {
    return address.find(':') == std::string::npos ? address : "[" + address + "]";
}

} // namespace

std::string address_of(const Settings& settings, std::uint16_t port) {
    return fmt::format("{}://{}:{}", settings.tls_certificate.empty() ? "http" : "https",
                       in_brackets(settings.listen_address), port);
}

Gate::Gate(const Settings& settings, std::uint16_t port)
    : origins_(settings.origins.begin(), settings.origins.end()),
      trusted_proxies_(Networks::parse(settings.trusted_proxies).value()), // the settings were judged
      plain_beyond_loopback_(settings.plain_beyond_loopback), is_demo_(settings.demo),
      metrics_(settings.metrics) {
    const auto address = boost::asio::ip::make_address(settings.listen_address);
    const std::string own = address_of(settings, port);
    const std::string localhost = own.substr(0, own.find("://")) + fmt::format("://localhost:{}", port);
    // Behind a proxy nobody's browser comes here directly: pages are at the proxy's name alone.
    if (settings.trusted_proxies.empty() && !address.is_unspecified())
        origins_.insert(own);
    if (settings.trusted_proxies.empty() && address.is_loopback())
        origins_.insert(localhost);
    for (const std::string& origin : origins_)
        hosts_.emplace(without_usual_port(without_scheme(origin)));
    hosts_.emplace(without_scheme(own));
}

bool Gate::is_known_host(std::string_view host) const {
    return hosts_.contains(host) || hosts_.contains(without_usual_port(host)) || names_loopback(host);
}

std::optional<Problem> Gate::refuse(const Request& request) const {
    if (is_for_anybody(request))
        return std::nullopt;
    if (!is_known_host(request.host))
        return Problem{"unknown_host", "This server is not the host that the request asks for.", {}, {}};
    if (is_demo_ && !request.address.is_loopback())
        return Problem{"not_allowed",
                       "A demo lets anybody sign in as anybody, so it answers this machine alone.",
                       {},
                       {}};
    if (!request.is_secure && !request.address.is_loopback() && !plain_beyond_loopback_)
        return Problem{"not_secure", "Come over https.", {}, {}};
    if (may_change_something(request) && !shows_only_a_token(request) && !origins_.contains(request.origin))
        return Problem{"bad_origin", "This request came from another site.", {}, {}};
    return request.path == "/metrics" ? refuse_metrics(request) : std::nullopt;
}

// What the server counts about itself is for those who run it.
std::optional<Problem> Gate::refuse_metrics(const Request& request) const {
    if (metrics_ == MetricsFor::nobody)
        return Problem{"not_found", "There is nothing here.", {}, {}};
    if (metrics_ == MetricsFor::loopback && !request.address.is_loopback())
        return Problem{"not_allowed", "Metrics are for this machine alone.", {}, {}};
    return std::nullopt;
}

} // namespace mosty::http
