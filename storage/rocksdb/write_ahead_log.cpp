#include "storage/rocksdb/write_ahead_log.hpp"

#include "storage/crc32c.hpp"
#include "storage/rocksdb/encrypted_env.hpp"
#include "storage/rocksdb/file_descriptor.hpp"
#include "storage/rocksdb/folder.hpp"

#include <fmt/format.h>
#include <rocksdb/env.h>

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

std::size_t end_of_block(std::string_view log, std::size_t offset) {
    return std::min(log.size(), (offset / block_bytes + 1) * block_bytes);
}

// A fragment as far as it can be read.
struct Piece {
    std::string payload;
    std::optional<char> type; // nothing: it cannot be told
    std::size_t end = 0;
    std::optional<Bit> turned_back; // with it the fragment is whole

    bool begins_record() const { return type == whole_record || type == first_fragment; }
    bool ends_record() const { return type == whole_record || type == last_fragment; }
};

// The bit of the file that makes a whole fragment of what stands at `offset`.
std::optional<Bit> find_flipped_bit_of_fragment(std::string_view log, std::size_t offset) {
    const std::size_t end = end_of_block(log, offset);
    if (end - offset < header_bytes)
        return std::nullopt;
    std::string bytes(log.substr(offset, end - offset));
    for (std::size_t byte = 0; byte < 6; ++byte) // checksum and length
        for (unsigned bit = 0; bit < 8; ++bit) {
            bytes[byte] = static_cast<char>(bytes[byte] ^ (1 << bit));
            if (fragment_at(bytes, 0))
                return Bit{offset + byte, bit};
            bytes[byte] = static_cast<char>(bytes[byte] ^ (1 << bit));
        }
    const std::size_t length = header_bytes + little_endian(log.substr(offset + 4, 2));
    if (length > end - offset)
        return std::nullopt;
    const auto found =
        find_flipped_bit(log.substr(offset + 6, length - 6), unmasked(little_endian(log.substr(offset, 4))));
    return found ? std::optional(Bit{offset + 6 + found->offset, found->bit}) : std::nullopt;
}

// What cannot be made whole ends where something whole stands again, or with its block.
Piece damaged_piece_at(std::string_view log, std::size_t offset) {
    Piece piece;
    const std::size_t block_end = end_of_block(log, offset);
    for (piece.end = offset + 1; piece.end < block_end; ++piece.end)
        if (fragment_at(log, piece.end))
            break;
    if (piece.end - offset <= header_bytes)
        return piece;
    // A length that fits tells the padding of a block's end apart.
    const std::size_t told = header_bytes + little_endian(log.substr(offset + 4, 2));
    const std::size_t most = piece.end - offset;
    const std::size_t length = told <= most && most - told < header_bytes ? told : most;
    piece.payload = log.substr(offset + header_bytes, length - header_bytes);
    return piece;
}

std::optional<std::string> copy_of(std::optional<std::string_view> bytes) {
    return bytes ? std::optional<std::string>(*bytes) : std::nullopt;
}

Piece piece_at(std::string_view log, std::size_t offset) {
    std::optional<std::string> fragment = copy_of(fragment_at(log, offset));
    const auto bit = fragment ? std::nullopt : find_flipped_bit_of_fragment(log, offset);
    if (bit) {
        std::string bytes(log.substr(offset, end_of_block(log, offset) - offset));
        char& flipped = bytes[bit->offset - offset];
        flipped = static_cast<char>(flipped ^ (1 << bit->bit));
        fragment = copy_of(fragment_at(bytes, 0));
    }
    if (!fragment)
        return damaged_piece_at(log, offset);
    return {fragment->substr(header_bytes), fragment->at(6), offset + fragment->size(), bit};
}

// Puts pieces together.
class Records {
public:
    explicit Records(const std::function<void(WriteAheadRecord)>& see) : see_(see) {}

    void take(std::size_t offset, const Piece& piece) {
        if (piece.begins_record() && record_) // its end is lost
            finish(offset);
        const bool is_rest = !piece.begins_record() && !record_; // of a record whose beginning is lost
        if (!record_)
            record_.emplace();
        if (is_rest || !piece.type || piece.turned_back)
            note_damage(offset);
        if (piece.turned_back)
            record_->turned_back.push_back(*piece.turned_back);
        record_->bytes += piece.payload;
        if (piece.ends_record())
            see_(std::move(*std::exchange(record_, std::nullopt)));
    }

    // Nothing more comes of the record under way.
    void finish(std::size_t offset) {
        if (!record_)
            return;
        note_damage(offset);
        see_(std::move(*std::exchange(record_, std::nullopt)));
    }

private:
    void note_damage(std::size_t offset) {
        if (!record_->damaged_at)
            record_->damaged_at = offset;
    }

    const std::function<void(WriteAheadRecord)>& see_;
    std::optional<WriteAheadRecord> record_; // begun, not ended
};

// Of a file that is deleted meanwhile: nothing, what it held is in a table.
std::optional<std::string> read_in_the_clear(const std::filesystem::path& path) {
    std::ifstream stream(path, std::ios::binary);
    std::string bytes{std::istreambuf_iterator<char>(stream), {}};
    return stream.bad() ? std::nullopt : std::optional(std::move(bytes));
}

std::optional<std::string> read_through(rocksdb::Env& files, const std::filesystem::path& path) {
    std::string bytes;
    const auto status = rocksdb::ReadFileToString(&files, path.string(), &bytes);
    if (status.IsPathNotFound() || status.IsNotFound())
        return "";
    return status.ok() ? std::optional(std::move(bytes)) : std::nullopt;
}

} // namespace

std::optional<std::uint64_t> find_inner_damage(std::string_view log) {
    const std::size_t damaged = end_of_whole_part(log);
    if (next_record(log, damaged + 1) < log.size())
        return damaged;
    return std::nullopt;
}

void for_each_record(std::string_view log, const std::function<void(WriteAheadRecord)>& see) {
    Records records(see);
    for (std::size_t offset = 0; offset < log.size();) {
        const std::size_t left_in_block = block_bytes - offset % block_bytes;
        if (left_in_block < header_bytes) {
            offset += left_in_block;
            continue;
        }
        const Piece piece = piece_at(log, offset);
        records.take(offset, piece);
        offset = piece.end;
    }
    records.finish(log.size());
}

Result<void, std::string> check_write_ahead_logs(const std::filesystem::path& database_folder,
                                                 rocksdb::Env* files) {
    for (const auto& file : std::filesystem::directory_iterator(database_folder)) {
        if (file.path().extension() != ".log")
            continue;
        const auto bytes = files ? read_through(*files, file.path()) : read_in_the_clear(file.path());
        if (!bytes)
            return std::unexpected(fmt::format("{} cannot be read", file.path().string()));
        if (const auto damaged = find_inner_damage(*bytes))
            return std::unexpected(fmt::format("{} is damaged at byte {}, before whole records",
                                               file.path().string(),
                                               *damaged + (files ? first_page_bytes : 0)));
    }
    return {};
}

std::uintmax_t write_ahead_log_bytes(const std::filesystem::path& database_folder) {
    std::uintmax_t bytes = 0;
    std::error_code error;
    for (const auto& file : std::filesystem::directory_iterator(database_folder, error)) {
        if (file.path().extension() != ".log")
            continue;
        const std::uintmax_t size = file.file_size(error);
        bytes += error ? 0 : size; // deleted meanwhile: what it held is in a table
    }
    return bytes;
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
