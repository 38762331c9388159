#include "server/http/message.hpp"

#include "domain/base/text.hpp"

#include <algorithm>
#include <charconv>

namespace mosty::http {
namespace {

std::optional<std::string> decode(std::string_view text, bool plus_is_space) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '+' && plus_is_space) {
            out += ' ';
        } else if (text[i] != '%') {
            out += text[i];
        } else {
            unsigned value = 0;
            if (i + 2 >= text.size())
                return std::nullopt;
            const auto [end, error] = std::from_chars(text.data() + i + 1, text.data() + i + 3, value, 16);
            if (error != std::errc{} || end != text.data() + i + 3 || value == 0)
                return std::nullopt;
            out += static_cast<char>(value);
            i += 2;
        }
    }
    return out;
}

} // namespace

std::optional<Target> parse_target(std::string_view target) {
    if (!target.starts_with('/'))
        return std::nullopt;
    const auto question = target.find('?');
    auto path = decode(target.substr(0, question), false);
    if (!path || !is_utf8(*path))
        return std::nullopt;

    Target parsed{.path = std::move(*path), .query = {}, .repeated = {}};
    std::string_view rest =
        question == std::string_view::npos ? std::string_view{} : target.substr(question + 1);
    while (!rest.empty()) {
        const auto pair = rest.substr(0, rest.find('&'));
        rest.remove_prefix(std::min(rest.size(), pair.size() + 1));
        if (pair.empty())
            continue;
        const auto equals = pair.find('=');
        auto name = decode(pair.substr(0, equals), true);
        auto value =
            decode(equals == std::string_view::npos ? std::string_view{} : pair.substr(equals + 1), true);
        if (!name || !value || !is_utf8(*name) || !is_utf8(*value))
            return std::nullopt;
        if (!parsed.query.insert_or_assign(*name, std::move(*value)).second)
            parsed.repeated = *name;
    }
    return parsed;
}

std::string cookie_value(std::string_view header, std::string_view name) {
    while (!header.empty()) {
        auto pair = header.substr(0, header.find(';'));
        header.remove_prefix(std::min(header.size(), pair.size() + 1));
        while (pair.starts_with(' '))
            pair.remove_prefix(1);
        const auto equals = pair.find('=');
        if (equals != std::string_view::npos && pair.substr(0, equals) == name)
            return std::string{pair.substr(equals + 1)};
    }
    return {};
}

} // namespace mosty::http
