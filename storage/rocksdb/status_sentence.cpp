#include "storage/rocksdb/status_sentence.hpp"

#include <fmt/format.h>

#include <charconv>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string_view>

namespace mosty::storage {

namespace {

// What follows each block in a table of RocksDB's: how it is compressed, and its checksum.
constexpr std::uint64_t block_trailer_bytes = 5;

std::optional<std::uint64_t> number_at(std::string_view text) {
    std::uint64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    return error == std::errc() ? std::optional(number) : std::nullopt;
}

} // namespace

// RocksDB 7.8 ends it with " in FILE offset N size N" (table/block_fetcher.cc, table/format.cc).
std::string sentence_of(const rocksdb::Status& status, std::uint64_t first_byte) {
    std::string whole = status.ToString();
    const std::string_view text(whole);
    constexpr std::string_view before_file = " in ", before_offset = " offset ", before_size = " size ";
    const auto offset_at = text.rfind(before_offset);
    if (!status.IsCorruption() || offset_at == text.npos)
        return whole;
    const auto file_at = text.rfind(before_file, offset_at), size_at = text.find(before_size, offset_at);
    if (file_at == text.npos || size_at == text.npos)
        return whole;
    const auto offset = number_at(text.substr(offset_at + before_offset.size()));
    const auto size = number_at(text.substr(size_at + before_size.size()));
    if (!offset || !size)
        return whole;
    const auto file = text.substr(file_at + before_file.size(), offset_at - file_at - before_file.size());
    return fmt::format("{} is damaged between its bytes {} and {}",
                       std::filesystem::path(file).filename().string(), first_byte + *offset,
                       first_byte + *offset + *size + block_trailer_bytes);
}

} // namespace mosty::storage
