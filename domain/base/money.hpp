#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace mosty {

inline constexpr std::int64_t amount_max = 10'000'000'000'000;

// A currency of ISO 4217: three upper-case letters, "EUR" until another is given.
class Currency {
public:
    Currency() = default;

    std::string_view code() const { return {letters_, 3}; }

    friend auto operator<=>(const Currency&, const Currency&) = default;

    friend std::optional<Currency> parse_currency(std::string_view text);

private:
    char letters_[3] = {'E', 'U', 'R'};
};

// Reads a code of the list of currencies in use.
std::optional<Currency> parse_currency(std::string_view text);

} // namespace mosty
