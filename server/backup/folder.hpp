#pragma once

#include "domain/base/ids.hpp"
#include "domain/base/result.hpp"
#include "server/backup/files.hpp"
#include "storage/merkle/hash.hpp"
#include "storage/merkle/tile_path.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// What is in a backup:
//
//   TO/backup                          what follows holds so much of that log; written last, at once
//   TO/tile/entries/<N>[.p/<W>]        the entries, each after its length, as C2SP tlog-tiles has them
//   TO/tile/<L>/<N>[.p/<W>]            the hashes of their Merkle tree, likewise
//   TO/checkpoints-<hash>              what the log signed of them, as in a data folder's checkpoints
//   TO/lock                            empty; held by the one process that writes here
//
// Files are never changed: a tile that grew is another file, and the old one goes when TO/backup no longer
// needs it. So a backup that was cut short leaves the one before as it was.
namespace mosty::backup {

// The text of TO/backup; its last line is the SHA-256 of the lines above.
struct Manifest {
    std::string log_id;
    Size size = 0;
    storage::merkle::Hash root{}; // of the tree over the `size` entries
    std::string time;             // when it was made, RFC 3339 in UTC
    // The vkey of the newest of the checkpoints, and the SHA-256 of all of them; empty when there are none.
    std::string key;
    std::string checkpoints;

    friend bool operator==(const Manifest&, const Manifest&) = default;
};

std::string format(const Manifest& manifest);

// The error says what is wrong with the text.
Result<Manifest, std::string> parse_manifest(std::string_view text);

inline constexpr std::string_view manifest_name = "backup";

// What TO/backup says; nothing when there is none.
Result<std::optional<Manifest>, std::string> read_manifest(const std::filesystem::path& folder);

// The name of the file with the checkpoints of that SHA-256.
std::string checkpoints_name(std::string_view sha256);

// The entries of a tile as they stand in its file, and back. An entry is at most 65,535 bytes.
void append_entry(std::string& bundle, std::string_view entry);
struct Split {
    std::vector<std::string_view> entries; // the whole ones that it begins with; they look into the bundle
    std::string fault;                     // why these are not exactly `count`; empty when they are
};
Split split_entries(std::string_view bundle, std::size_t count);

// The hashes of a tile's file, exactly `width`; the error says what is wrong.
Result<std::vector<storage::merkle::Hash>, std::string>
read_hash_tile(const std::filesystem::path& folder, unsigned level, std::uint64_t number, std::size_t width);

Result<std::string, ReadFailure> read_bundle(const std::filesystem::path& folder, std::uint64_t number,
                                             std::size_t width);

std::string to_hex(const storage::merkle::Hash& hash);

} // namespace mosty::backup
