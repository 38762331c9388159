#pragma once

#include "storage/rocksdb/rocks_record_store.hpp"

#include <catch2/catch.hpp>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <memory>
#include <string>

namespace mosty::storage {

inline const std::string record_key(32, 'k');

inline std::unique_ptr<RocksRecordStore> open_records(const std::filesystem::path& folder,
                                                      const std::string& key) {
    auto store = RocksRecordStore::open(folder, key);
    if (!store)
        FAIL(store.error().sentence);
    return std::move(*store);
}

inline std::string bytes_of_file(const std::filesystem::path& path) {
    std::ifstream stream(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
}

// Every file below the folder, by its path there.
inline std::map<std::string, std::string> files_below(const std::filesystem::path& folder) {
    std::map<std::string, std::string> files;
    for (const auto& file : std::filesystem::recursive_directory_iterator(folder))
        if (file.is_regular_file())
            files.emplace(file.path().lexically_relative(folder).string(), bytes_of_file(file.path()));
    return files;
}

inline bool stands_below(const std::filesystem::path& folder, const std::string& words) {
    for (const auto& [name, bytes] : files_below(folder))
        if (bytes.find(words) != std::string::npos)
            return true;
    return false;
}

// The one that is written now.
inline std::filesystem::path write_ahead_log_in(const std::filesystem::path& folder) {
    std::filesystem::path found;
    for (const auto& file : std::filesystem::directory_iterator(folder))
        if (file.path().extension() == ".log" && file.path() > found)
            found = file.path();
    return found;
}

inline void flip_bit(const std::filesystem::path& path, std::size_t offset) {
    std::string bytes = bytes_of_file(path);
    REQUIRE(offset < bytes.size());
    bytes[offset] = static_cast<char>(bytes[offset] ^ 0x10);
    std::ofstream(path, std::ios::binary) << bytes;
}

} // namespace mosty::storage
