#include "server/http/security_headers.hpp"

#include <algorithm>
#include <string_view>

namespace mosty::http {
namespace {

// The dashboard's pages, and its workers, which are bound by what their own file came with.
constexpr std::string_view pages_policy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; "
    "connect-src 'self'; worker-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'";
// Everything else is data, also when somebody opens it as a page.
constexpr std::string_view data_policy = "default-src 'none'; base-uri 'none'; form-action 'none'; "
                                         "frame-ancestors 'none'; sandbox";
constexpr std::string_view permissions =
    "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), magnetometer=(), "
    "microphone=(), midi=(), payment=(), usb=(), clipboard-write=(self)";
constexpr std::string_view two_years = "max-age=63072000";

bool is_page_or_script(std::string_view content_type) {
    return content_type.starts_with("text/html") || content_type.starts_with("text/javascript");
}

} // namespace

void add_security_headers(Response& response, bool over_tls) {
    auto& headers = response.headers;
    const bool says_caching =
        std::ranges::any_of(headers, [](const auto& header) { return header.first == "Cache-Control"; });
    if (!says_caching)
        headers.emplace_back("Cache-Control", "no-store");
    headers.emplace_back("Content-Security-Policy",
                         is_page_or_script(response.content_type) ? pages_policy : data_policy);
    headers.emplace_back("X-Content-Type-Options", "nosniff");
    headers.emplace_back("X-Frame-Options", "DENY"); // for browsers older than frame-ancestors
    headers.emplace_back("Referrer-Policy", "same-origin");
    headers.emplace_back("Cross-Origin-Opener-Policy", "same-origin");
    headers.emplace_back("Cross-Origin-Resource-Policy", "same-origin");
    headers.emplace_back("Permissions-Policy", permissions);
    if (over_tls)
        headers.emplace_back("Strict-Transport-Security", two_years);
}

} // namespace mosty::http
