#pragma once

#include "storage/log_reader.hpp"
#include "storage/merkle/frontier.hpp"
#include "storage/merkle/hash.hpp"

#include <cstddef>
#include <map>
#include <string>
#include <utility>
#include <vector>

// The Merkle tree of a log (RFC 6962 §2.1), from the hashes that the log stores. Each tree is that of
// the log's first `size` entries; a size beyond the log's is an error that says so.
namespace mosty::storage::merkle {

// The roots of parts of one tree. Keeps the tiles it has read, so one object serves many questions about
// neighbours.
class Nodes {
public:
    Nodes(const LogReader& log, Size size) : log_(log), size_(size) {}

    // The root of the `count` > 0 leaves from `from` on. They must be what the tree's own splitting gives:
    // from % bit_ceil(count) = 0.
    Result<Hash, ReadError> root_of(Position from, Size count);

private:
    Result<Hash, ReadError> whole_subtree(unsigned height, std::uint64_t index);
    Result<const std::vector<Hash>*, ReadError> tile(unsigned level, std::uint64_t number);

    const LogReader& log_;
    const Size size_;
    std::map<std::pair<unsigned, std::uint64_t>, std::vector<Hash>> tiles_;
};

// What is needed to go on from a tree of that size.
Result<Frontier, ReadError> frontier_at(const LogReader& log, Size size);

Result<Hash, ReadError> root_at(const LogReader& log, Size size);

// Proofs for verify_inclusion() and verify_consistency() of proof.hpp: the index is below the size, the
// old size not above the new one.
Result<std::vector<Hash>, ReadError> inclusion_proof(const LogReader& log, Position index, Size size);
Result<std::vector<Hash>, ReadError> consistency_proof(const LogReader& log, Size old_size, Size new_size);

// How many hashes this tile has in a tree of that size: 0 to 256.
std::size_t tile_width(unsigned level, std::uint64_t number, Size size);

// The first `width` hashes of a tile, 32 bytes each: the body of /tile/<L>/<N>[.p/<W>].
Result<std::string, ReadError> tile(const LogReader& log, unsigned level, std::uint64_t number,
                                    std::size_t width);

// The first `width` entries of a level 0 tile, each after its length in two bytes, big-endian: the body
// of /tile/entries/<N>[.p/<W>]. Up to 16 MiB.
Result<std::string, ReadError> entry_bundle(const LogReader& log, std::uint64_t number, std::size_t width);

} // namespace mosty::storage::merkle
