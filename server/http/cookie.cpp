#include "server/http/cookie.hpp"

#include "server/http/message.hpp"

#include <fmt/format.h>

namespace mosty::http {

std::string_view cookie_name(Cookie cookie, bool is_secure) {
    constexpr std::string_view prefix = "__Host-";
    const std::string_view name = cookie == Cookie::sign_in  ? "__Host-mosty"
                                  : cookie == Cookie::device ? "__Host-mosty-device"
                                                             : "__Host-mosty-elsewhere";
    return is_secure ? name : name.substr(prefix.size());
}

std::string set_cookie(Cookie cookie, std::string_view value, std::chrono::seconds lasts, bool is_secure) {
    return fmt::format("{}={}; Path=/; HttpOnly; SameSite={}; Max-Age={}{}", cookie_name(cookie, is_secure),
                       value, cookie == Cookie::elsewhere ? "Lax" : "Strict", lasts.count(),
                       is_secure ? "; Secure" : "");
}

std::string forget_cookie(Cookie cookie, bool is_secure) {
    return set_cookie(cookie, {}, std::chrono::seconds{0}, is_secure);
}

std::string read_cookie(Cookie cookie, std::string_view header, bool is_secure) {
    return cookie_value(header, cookie_name(cookie, is_secure));
}

} // namespace mosty::http
