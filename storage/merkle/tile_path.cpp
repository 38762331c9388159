#include "storage/merkle/tile_path.hpp"

#include "domain/base/invariant.hpp"

#include <fmt/format.h>

#include <charconv>

namespace mosty::storage::merkle {

namespace {

constexpr unsigned level_max = 63;
constexpr std::size_t width_full = 256;

template <class Number>
std::optional<Number> parse_decimal(std::string_view text) {
    Number number{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || end != text.data() + text.size())
        return std::nullopt;
    return number;
}

// "x001/x234/067" → 1234067
std::optional<std::uint64_t> parse_number(std::string_view text) {
    std::string digits;
    for (const char each : text)
        if (each != 'x' && each != '/')
            digits.push_back(each);
    return parse_decimal<std::uint64_t>(digits);
}

// What precedes the first `separator`, which is taken away with it; the whole when there is none.
std::string_view take_until(std::string_view& text, std::string_view separator) {
    const std::size_t at = text.find(separator);
    const std::string_view taken = text.substr(0, at);
    text.remove_prefix(at == text.npos ? text.size() : at + separator.size());
    return taken;
}

} // namespace

std::string format(const TilePath& path) {
    MOSTY_INVARIANT(path.level.value_or(0) <= level_max && path.width >= 1 && path.width <= width_full,
                    "a tile has a level and a width");
    std::string number = fmt::format("{:03}", path.number % 1'000);
    for (std::uint64_t rest = path.number / 1'000; rest > 0; rest /= 1'000)
        number = fmt::format("x{:03}/{}", rest % 1'000, number);
    const std::string level = path.level ? std::to_string(*path.level) : "entries";
    const std::string part = path.width == width_full ? "" : fmt::format(".p/{}", path.width);
    return fmt::format("tile/{}/{}{}", level, number, part);
}

std::optional<TilePath> parse_tile_path(std::string_view path) {
    std::string_view rest = path;
    if (take_until(rest, "/") != "tile")
        return std::nullopt;
    TilePath parsed;
    if (const std::string_view level = take_until(rest, "/"); level != "entries") {
        parsed.level = parse_decimal<unsigned>(level);
        if (!parsed.level || *parsed.level > level_max)
            return std::nullopt;
    }
    const auto number = parse_number(take_until(rest, ".p/"));
    if (!number)
        return std::nullopt;
    parsed.number = *number;
    if (!rest.empty()) {
        const auto width = parse_decimal<std::size_t>(rest);
        if (!width || *width < 1 || *width > width_full)
            return std::nullopt;
        parsed.width = *width;
    }
    // One spelling only: no missing or extra zeros, elements or "x", no ".p/" without or with all.
    return format(parsed) == path ? std::optional(parsed) : std::nullopt;
}

} // namespace mosty::storage::merkle
