#include "storage/rocksdb/durable_mark.hpp"

#include "domain/base/invariant.hpp"
#include "storage/big_endian.hpp"
#include "storage/crc32c.hpp"
#include "storage/rocksdb/folder.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <string_view>
#include <sys/stat.h>

namespace mosty::storage {

namespace {

// One block of the device each, so that writing one slot cannot tear the other.
constexpr std::size_t slot_bytes = 4'096;
constexpr std::string_view magic = "mostymrk";
constexpr std::uint32_t format_version = 2;
constexpr std::uint32_t format_version_without_root = 1;
constexpr std::size_t log_id_bytes = 32;

// Where the fields of a slot begin.
constexpr std::size_t version_at = 8;
constexpr std::size_t log_id_at = 16;
constexpr std::size_t sequence_at = 48;
constexpr std::size_t size_at = 56;
constexpr std::size_t hash_at = 64;
constexpr std::size_t root_at = 96;
constexpr std::size_t crc_at = slot_bytes - 4;

using SlotBytes = std::array<char, slot_bytes>;

std::string_view checked_part(const SlotBytes& bytes) {
    return {bytes.data(), crc_at};
}

void put_hash(char* to, const Sha256& hash) {
    std::memcpy(to, hash.data(), hash.size());
}

Sha256 get_hash(const char* from) {
    Sha256 hash;
    std::memcpy(hash.data(), from, hash.size());
    return hash;
}

SlotBytes encode(const DurableMark::Slot& slot) {
    MOSTY_INVARIANT(slot.tail.log_id.size() == log_id_bytes, "a log id is 32 hexadecimal digits");
    MOSTY_INVARIANT(slot.tail.root, "what is marked now has a tree");
    SlotBytes bytes{};
    std::copy(magic.begin(), magic.end(), bytes.begin());
    put_big_endian(&bytes[version_at], format_version);
    std::copy(slot.tail.log_id.begin(), slot.tail.log_id.end(), &bytes[log_id_at]);
    put_big_endian(&bytes[sequence_at], slot.sequence);
    put_big_endian(&bytes[size_at], slot.tail.size);
    put_hash(&bytes[hash_at], slot.tail.last_entry_hash);
    put_hash(&bytes[root_at], *slot.tail.root);
    put_big_endian(&bytes[crc_at], crc32c(checked_part(bytes)));
    return bytes;
}

std::uint32_t version_of(const SlotBytes& bytes) {
    return get_big_endian<std::uint32_t>(&bytes[version_at]);
}

bool is_whole(const SlotBytes& bytes) {
    return checked_part(bytes).starts_with(magic) &&
           get_big_endian<std::uint32_t>(&bytes[crc_at]) == crc32c(checked_part(bytes));
}

DurableMark::Slot decode(const SlotBytes& bytes) {
    DurableMark::Slot slot;
    slot.sequence = get_big_endian<std::uint64_t>(&bytes[sequence_at]);
    slot.tail.log_id.assign(&bytes[log_id_at], log_id_bytes);
    slot.tail.size = get_big_endian<std::uint64_t>(&bytes[size_at]);
    slot.tail.last_entry_hash = get_hash(&bytes[hash_at]);
    if (version_of(bytes) != format_version_without_root)
        slot.tail.root = get_hash(&bytes[root_at]);
    return slot;
}

Result<DurableMark::Contents, std::string> contents_of(const FileDescriptor& file,
                                                       const std::filesystem::path& path) {
    DurableMark::Contents contents;
    contents.file_exists = true;
    for (int index = 0; index < 2; ++index) {
        SlotBytes bytes{};
        const ssize_t count = ::pread(file.number(), bytes.data(), bytes.size(), index * off_t{slot_bytes});
        if (count < 0)
            return std::unexpected(system_failure("read", path));
        if (static_cast<std::size_t>(count) != bytes.size() || !is_whole(bytes)) {
            if (std::ranges::any_of(bytes, [](char byte) { return byte != 0; }))
                contents.damages.push_back(fmt::format(
                    "the slot of the durable mark at byte {} cannot be read", index * slot_bytes));
            continue;
        }
        if (version_of(bytes) != format_version && version_of(bytes) != format_version_without_root) {
            contents.of_other_format = true;
            continue;
        }
        DurableMark::Slot slot = decode(bytes);
        if (!contents.newest || contents.newest->sequence < slot.sequence)
            contents.newest = std::move(slot);
    }
    return contents;
}

} // namespace

Result<DurableMark::Contents, std::string> DurableMark::look(const std::filesystem::path& path) {
    const FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (!file.is_open()) {
        if (errno == ENOENT)
            return Contents{};
        return std::unexpected(system_failure("open", path));
    }
    // Who reads while another process writes may meet half a slot.
    constexpr int looks_max = 3;
    for (int looks = 1;; ++looks) {
        auto contents = contents_of(file, path);
        if (!contents || contents->damages.empty() || looks == looks_max)
            return contents;
    }
}

Result<DurableMark, std::string> DurableMark::open(const std::filesystem::path& path,
                                                   std::uint64_t sequence) {
    FileDescriptor file(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, S_IRUSR | S_IWUSR));
    if (!file.is_open())
        return std::unexpected(system_failure("open", path));
    // Its full length from the start: a later fdatasync has no length to write as well.
    errno = ::posix_fallocate(file.number(), 0, 2 * slot_bytes);
    if (errno != 0 || ::fsync(file.number()) != 0)
        return std::unexpected(system_failure("prepare", path));
    if (auto failure = sync_folder(path.parent_path()))
        return std::unexpected(*failure);
    return DurableMark(std::move(file), path, sequence);
}

DurableMark::DurableMark(FileDescriptor file, std::filesystem::path path, std::uint64_t sequence)
    : file_(std::move(file)), path_(std::move(path)), sequence_(sequence) {}

Result<void, std::string> DurableMark::write(const MarkedTail& tail) {
    const SlotBytes bytes = encode({.sequence = sequence_ + 1, .tail = tail});
    const off_t offset = static_cast<off_t>((sequence_ + 1) % 2 * slot_bytes);
    const ssize_t count = ::pwrite(file_.number(), bytes.data(), bytes.size(), offset);
    if (count < 0 || static_cast<std::size_t>(count) != bytes.size() || ::fdatasync(file_.number()) != 0)
        return std::unexpected(system_failure("write", path_));
    ++sequence_;
    return {};
}

} // namespace mosty::storage
