#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace mosty::storage::merkle {

// Names a tile as C2SP tlog-tiles v0.1.0 does, without the log's prefix:
//
//   {0, 1'234'067, 256}        tile/0/x001/x234/067
//   {1, 5, 17}                 tile/1/005.p/17
//   {nothing, 3, 256}          tile/entries/003
struct TilePath {
    std::optional<unsigned> level; // 0 to 63; nothing: the entries of the level 0 tile of that number
    std::uint64_t number = 0;
    std::size_t width = 256; // 1 to 256; 256: a full tile, 255 and less: a partial one

    friend bool operator==(const TilePath&, const TilePath&) = default;
};

std::string format(const TilePath& path);

// Nothing when it is no tile's path, or not spelled as format() does.
std::optional<TilePath> parse_tile_path(std::string_view path);

} // namespace mosty::storage::merkle
