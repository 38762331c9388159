#include "server/net/url.hpp"

#include "tests/fuzz/fuzz.hpp"

#include <string>

// The addresses of other servers: what is accepted names a host and a port that exist.
using namespace mosty;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text = fuzz::text_of(data, size);
    const auto url = net::parse_url(text);
    if (!url)
        return 0;
    MOSTY_PROMISE(!url->host.empty() && !url->authority.empty());
    MOSTY_PROMISE(!url->port.empty() && url->port.find_first_not_of("0123456789") == std::string::npos);
    MOSTY_PROMISE(!url->path.ends_with('/'));
    const std::string written = (url->is_tls ? "https://" : "http://") + url->authority + url->path;
    const auto again = net::parse_url(written);
    MOSTY_PROMISE(again && again->host == url->host && again->port == url->port && again->path == url->path);
    return 0;
}
