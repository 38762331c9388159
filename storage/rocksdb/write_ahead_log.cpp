#include "storage/rocksdb/write_ahead_log.hpp"

#include "storage/crc32c.hpp"
#include "storage/rocksdb/file_descriptor.hpp"
#include "storage/rocksdb/folder.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <fcntl.h>
#include <fstream>
#include <iterator>
#include <utility>

namespace mosty::storage {

namespace {

// RocksDB 7.8's format without recycling and compression (db/log_format.h there): blocks of 32 KiB, in
// them fragments of a masked CRC-32C (4 bytes), a length (2), a type (1), all little-endian, and the
// payload. The checksum covers type and payload. Fewer than seven bytes at a block's end are padding.
constexpr std::size_t block_bytes = 32'768;
constexpr std::size_t header_bytes = 7;
constexpr char whole_record = 1;
constexpr char first_fragment = 2;
constexpr char last_fragment = 4;

std::uint32_t little_endian(std::string_view bytes) {
    std::uint32_t value = 0;
    for (std::size_t i = bytes.size(); i-- > 0;)
        value = (value << 8) | static_cast<unsigned char>(bytes[i]);
    return value;
}

std::uint32_t unmasked(std::uint32_t crc) {
    const std::uint32_t rotated = crc - 0xa282ead8u;
    return (rotated >> 17) | (rotated << 15);
}

// The whole fragment at `offset`, with its header; nothing when none is there.
std::optional<std::string_view> fragment_at(std::string_view log, std::size_t offset) {
    const std::size_t end = std::min(log.size(), (offset / block_bytes + 1) * block_bytes);
    if (end - offset < header_bytes)
        return std::nullopt;
    const std::size_t length = header_bytes + little_endian(log.substr(offset + 4, 2));
    const char type = log[offset + 6];
    if (length > end - offset || type < whole_record || type > last_fragment)
        return std::nullopt;
    const std::uint32_t crc = unmasked(little_endian(log.substr(offset, 4)));
    if (crc32c(log.substr(offset + 6, length - 6)) != crc)
        return std::nullopt;
    return log.substr(offset, length);
}

// Where the whole fragments that begin the log end.
std::size_t end_of_whole_part(std::string_view log) {
    std::size_t offset = 0;
    while (offset < log.size()) {
        const std::size_t left_in_block = block_bytes - offset % block_bytes;
        if (left_in_block < header_bytes) {
            offset += left_in_block;
            continue;
        }
        const auto fragment = fragment_at(log, offset);
        if (!fragment)
            return offset;
        offset += fragment->size();
    }
    return log.size();
}

bool begins_record(std::string_view log, std::size_t offset) {
    const char type = log[offset + 6];
    return (type == whole_record || type == first_fragment) && fragment_at(log, offset);
}

// Where the next whole record, or its first fragment, begins, at `offset` or after; the end when none does.
std::size_t next_record(std::string_view log, std::size_t offset) {
    for (; offset + header_bytes <= log.size(); ++offset)
        if (begins_record(log, offset))
            return offset;
    return log.size();
}

} // namespace

std::optional<std::uint64_t> find_inner_damage(std::string_view log) {
    const std::size_t damaged = end_of_whole_part(log);
    if (next_record(log, damaged + 1) < log.size())
        return damaged;
    return std::nullopt;
}

std::size_t for_each_whole_record(std::string_view log, const std::function<void(std::string)>& see) {
    std::size_t damages = 0, offset = 0;
    std::optional<std::string> record; // begun, not ended
    while (offset < log.size()) {
        const std::size_t left_in_block = block_bytes - offset % block_bytes;
        if (left_in_block < header_bytes) {
            offset += left_in_block;
            continue;
        }
        const auto fragment = fragment_at(log, offset);
        const bool begins =
            fragment && (fragment->at(6) == whole_record || fragment->at(6) == first_fragment);
        if (!fragment || begins == record.has_value()) {
            ++damages;
            record.reset();
            if (!begins) // the rest of a record that did not begin whole is of no use
                offset = next_record(log, offset + 1);
            continue;
        }
        if (begins)
            record.emplace();
        record->append(fragment->substr(header_bytes));
        if (fragment->at(6) == whole_record || fragment->at(6) == last_fragment)
            see(std::move(*std::exchange(record, std::nullopt)));
        offset += fragment->size();
    }
    return record ? damages + 1 : damages;
}

Result<void, std::string> check_write_ahead_logs(const std::filesystem::path& database_folder) {
    for (const auto& file : std::filesystem::directory_iterator(database_folder)) {
        if (file.path().extension() != ".log")
            continue;
        std::ifstream stream(file.path(), std::ios::binary);
        const std::string bytes{std::istreambuf_iterator<char>(stream), {}};
        if (stream.bad())
            return std::unexpected(fmt::format("{} cannot be read", file.path().string()));
        if (const auto damaged = find_inner_damage(bytes))
            return std::unexpected(fmt::format("{} is damaged at byte {}, before whole records",
                                               file.path().string(), *damaged));
    }
    return {};
}

Result<void, std::string> sync_write_ahead_logs(const std::filesystem::path& database_folder) {
    std::error_code error;
    for (const auto& file : std::filesystem::directory_iterator(database_folder, error)) {
        if (file.path().extension() != ".log")
            continue;
        const FileDescriptor log(::open(file.path().c_str(), O_RDONLY | O_CLOEXEC));
        if (!log.is_open() && errno == ENOENT)
            continue; // deleted meanwhile: what it held is in a synced table
        if (!log.is_open() || ::fdatasync(log.number()) != 0)
            return std::unexpected(system_failure("sync", file.path()));
    }
    if (error)
        return std::unexpected(fmt::format("cannot read {}: {}", database_folder.string(), error.message()));
    if (auto failure = sync_folder(database_folder))
        return std::unexpected(std::move(*failure));
    return {};
}

} // namespace mosty::storage
