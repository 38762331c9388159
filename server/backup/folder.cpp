#include "server/backup/folder.hpp"

#include "storage/big_endian.hpp"
#include "storage/merkle/frontier.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

namespace mosty::backup {

using storage::merkle::Hash;
using storage::merkle::tile_width_max;
using storage::merkle::TilePath;

namespace {

constexpr std::string_view first_line = "mosty.backup.v1";
constexpr std::size_t manifest_bytes_max = 4'096;
constexpr std::size_t length_bytes = 2;
constexpr std::size_t entry_bytes_max = 65'535;
constexpr std::size_t bundle_bytes_max = tile_width_max * (length_bytes + entry_bytes_max);

// What follows `name` and a space on the next line; nothing when that is another line.
std::optional<std::string_view> take_line(std::string_view& text, std::string_view name) {
    const std::size_t end = text.find('\n');
    if (end == text.npos)
        return std::nullopt;
    std::string_view line = text.substr(0, end);
    if (!line.starts_with(name) || line.substr(name.size()).substr(0, 1) != " ")
        return std::nullopt;
    text.remove_prefix(end + 1);
    return line.substr(name.size() + 1);
}

std::optional<Hash> hash_of_hex(std::string_view hex) {
    Hash hash{};
    if (hex.size() != 2 * hash.size())
        return std::nullopt;
    for (std::size_t i = 0; i < hash.size(); ++i) {
        const char* digits = hex.data() + 2 * i;
        const auto [end, error] = std::from_chars(digits, digits + 2, hash[i], 16);
        if (error != std::errc{} || end != digits + 2)
            return std::nullopt;
    }
    return hash;
}

} // namespace

std::string to_hex(const Hash& hash) {
    std::string hex;
    for (const std::uint8_t byte : hash)
        hex += fmt::format("{:02x}", byte);
    return hex;
}

std::string format(const Manifest& manifest) {
    std::string text = fmt::format("{}\nlog {}\nsize {}\nroot {}\ntime {}\nkey {}\ncheckpoints {}\n",
                                   first_line, manifest.log_id, manifest.size, to_hex(manifest.root),
                                   manifest.time, manifest.key, manifest.checkpoints);
    return text + "sha256 " + to_hex(storage::sha256(text)) + '\n';
}

Result<Manifest, std::string> parse_manifest(std::string_view text) {
    const std::string_view whole = text;
    if (!text.starts_with(std::string(first_line) + '\n'))
        return std::unexpected(fmt::format("its first line is not {}", first_line));
    text.remove_prefix(first_line.size() + 1);

    std::array<std::string_view, 6> values;
    constexpr std::array<std::string_view, 6> names{"log", "size", "root", "time", "key", "checkpoints"};
    for (std::size_t i = 0; i < names.size(); ++i) {
        const auto value = take_line(text, names[i]);
        if (!value)
            return std::unexpected(fmt::format("it lacks the line {:?}", names[i]));
        values[i] = *value;
    }
    const std::string_view summed = whole.substr(0, whole.size() - text.size());
    if (take_line(text, "sha256") != to_hex(storage::sha256(summed)) || !text.empty())
        return std::unexpected("it is damaged: its lines do not have the hash that its last line tells");

    Manifest manifest{std::string(values[0]), 0, {}, std::string(values[3]), std::string(values[4]),
                      std::string(values[5])};
    const auto [end, error] =
        std::from_chars(values[1].data(), values[1].data() + values[1].size(), manifest.size);
    const auto root = hash_of_hex(values[2]);
    if (error != std::errc{} || end != values[1].data() + values[1].size() || !root)
        return std::unexpected("it does not tell a size and a root");
    manifest.root = *root;
    return manifest;
}

std::string checkpoints_name(std::string_view sha256) {
    return fmt::format("checkpoints-{}", sha256.substr(0, 16));
}

Result<std::optional<Manifest>, std::string> read_manifest(const std::filesystem::path& folder) {
    const auto path = folder / manifest_name;
    const auto text = read_file(path, manifest_bytes_max);
    if (!text && text.error().is_missing)
        return std::nullopt;
    if (!text)
        return std::unexpected(text.error().sentence);
    auto manifest = parse_manifest(*text);
    if (!manifest)
        return std::unexpected(fmt::format("{}: {}", path.string(), manifest.error()));
    return std::move(*manifest);
}

void append_entry(std::string& bundle, std::string_view entry) {
    char length[length_bytes];
    storage::put_big_endian(length, static_cast<std::uint16_t>(entry.size()));
    bundle.append(length, length_bytes).append(entry);
}

Split split_entries(std::string_view bundle, std::size_t count) {
    Split split;
    for (std::string_view rest = bundle; !rest.empty();) {
        const bool has_length = rest.size() >= length_bytes && split.entries.size() < count;
        const std::size_t length = has_length ? storage::get_big_endian<std::uint16_t>(rest.data()) : 0;
        if (!has_length || rest.size() < length_bytes + length) {
            split.fault = fmt::format("after {} entries it goes on with what is none", split.entries.size());
            return split;
        }
        split.entries.push_back(rest.substr(length_bytes, length));
        rest.remove_prefix(length_bytes + length);
    }
    if (split.entries.size() != count)
        split.fault = fmt::format("it holds {} entries, not {}", split.entries.size(), count);
    return split;
}

Result<std::vector<Hash>, std::string> read_hash_tile(const std::filesystem::path& folder, unsigned level,
                                                      std::uint64_t number, std::size_t width) {
    const auto path = folder / format(TilePath{level, number, width});
    const auto bytes = read_file(path, tile_width_max * sizeof(Hash));
    if (!bytes)
        return std::unexpected(bytes.error().sentence);
    if (bytes->size() != width * sizeof(Hash))
        return std::unexpected(
            fmt::format("{} has {} bytes, not {}", path.string(), bytes->size(), width * sizeof(Hash)));
    std::vector<Hash> hashes(width);
    for (std::size_t i = 0; i < width; ++i)
        std::copy_n(bytes->begin() + static_cast<std::ptrdiff_t>(i * sizeof(Hash)), sizeof(Hash),
                    hashes[i].begin());
    return hashes;
}

Result<std::string, ReadFailure> read_bundle(const std::filesystem::path& folder, std::uint64_t number,
                                             std::size_t width) {
    return read_file(folder / format(TilePath{std::nullopt, number, width}), bundle_bytes_max);
}

} // namespace mosty::backup
