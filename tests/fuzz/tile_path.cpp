#include "storage/merkle/tile_path.hpp"

#include "tests/fuzz/fuzz.hpp"

// The names of tiles: what is accepted has one spelling.
using namespace mosty;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text = fuzz::text_of(data, size);
    const auto path = storage::merkle::parse_tile_path(text);
    if (!path)
        return 0;
    MOSTY_PROMISE(path->width >= 1 && path->width <= 256);
    MOSTY_PROMISE(path->level.value_or(0) <= 63);
    MOSTY_PROMISE(storage::merkle::format(*path) == text);
    return 0;
}
