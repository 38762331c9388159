#pragma once

#include "domain/base/invariant.hpp"

#include <simdjson.h>

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string_view>

// A promise of the code under test. Where it does not hold the process aborts, and libFuzzer keeps the input.
#define MOSTY_PROMISE(condition) MOSTY_INVARIANT(condition, "a promise to whoever sends this input")

namespace mosty::fuzz {

inline std::string_view text_of(const std::uint8_t* data, std::size_t size) {
    return {reinterpret_cast<const char*>(data), size};
}

// Whether the text is one JSON value in UTF-8.
inline bool is_json(std::string_view text) {
    static simdjson::dom::parser parser;
    return parser.parse(text.data(), text.size()).error() == simdjson::SUCCESS;
}

// Takes an input apart line by line, without the line breaks.
inline std::string_view take_line(std::string_view& rest) {
    const std::string_view line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(line.size() < rest.size() ? line.size() + 1 : line.size());
    return line;
}

// A source of chances for tests/domain/random_delta.hpp: a byte of the input each, zeros at its end.
class Chances {
public:
    using result_type = std::uint64_t;
    explicit Chances(std::string_view bytes) : rest_(bytes) {}

    static constexpr result_type min() { return 0; }
    static constexpr result_type max() { return std::numeric_limits<std::uint8_t>::max(); }

    result_type operator()() {
        if (rest_.empty())
            return 0;
        const auto byte = static_cast<std::uint8_t>(rest_.front());
        rest_.remove_prefix(1);
        return byte;
    }

    bool at_end() const { return rest_.empty(); }

private:
    std::string_view rest_;
};

} // namespace mosty::fuzz
