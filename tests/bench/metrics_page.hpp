#pragma once

#include "tests/bench/measure.hpp"
#include "tests/bench/websocket_client.hpp"

#include <cstdlib>
#include <string>
#include <string_view>

namespace mosty::bench {

// The server's own counters at one moment.
class MetricsPage {
public:
    explicit MetricsPage(std::uint16_t port) : text_("\n" + ask(port, "GET", "/metrics").body) {}

    double value(std::string_view name) const {
        const std::size_t at = text_.find("\n" + std::string{name} + " ");
        if (at == std::string::npos)
            give_up("the server has no metric {}", name);
        return std::strtod(text_.c_str() + at + name.size() + 2, nullptr);
    }

private:
    std::string text_;
};

} // namespace mosty::bench
