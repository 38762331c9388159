#pragma once

#include <chrono>
#include <string>
#include <string_view>

namespace mosty::http {

// The cookies that a browser keeps for us. All are HttpOnly and belong to this very host. Over TLS their name
// begins with __Host-, so that no neighbouring host and nobody on a plain connection can set them; plain
// names are for loopback.
enum class Cookie {
    sign_in,   // SameSite=Strict: never sent along with what another site asks
    device,    // SameSite=Strict: that of a browser in which somebody has signed in before
    elsewhere, // SameSite=Lax: while one signs in at another provider, whose page leads back here
};

// "__Host-mosty" or "mosty".
std::string_view cookie_name(Cookie cookie, bool is_secure);

// The value of a Set-Cookie header.
std::string set_cookie(Cookie cookie, std::string_view value, std::chrono::seconds lasts, bool is_secure);

// The same for a cookie that the browser shall forget.
std::string forget_cookie(Cookie cookie, bool is_secure);

// What a Cookie header says of it; empty when nothing.
std::string read_cookie(Cookie cookie, std::string_view header, bool is_secure);

} // namespace mosty::http
