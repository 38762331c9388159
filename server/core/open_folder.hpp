#pragma once

#include "server/projections/projector.hpp"
#include "server/projections/rebuild.hpp"
#include "server/sealing/sealing_log.hpp"
#include "storage/rocksdb/open_error.hpp"
#include "storage/rocksdb/rocks_event_log.hpp"
#include "storage/rocksdb/rocks_view_store.hpp"

#include <cstddef>
#include <filesystem>
#include <memory>
#include <string>

namespace mosty::core {

// The form of what the projections write. Change it with them, and views are folded anew at the next start.
inline constexpr const char* views_format = "4";

// The form of the views while so many keys are destroyed: what was folded before one of them was may say what
// it sealed.
std::string views_format_after(std::size_t keys_destroyed);

// A data folder opened for writing, its views brought up to its log. Destroyed in the right order.
struct OpenFolder {
    std::unique_ptr<storage::RocksEventLog> stored; // as it is hashed and served
    std::unique_ptr<sealing::KeyStore> keys;
    sealing::Key credentials_key;             // of DIR/credentials, which are not opened with it
    std::unique_ptr<sealing::SealingLog> log; // as it is decided and folded on
    std::unique_ptr<storage::RocksViewStore> views;
    std::unique_ptr<projections::Projector> projector;
};

struct OpenFolderOptions {
    std::size_t documents_cached_max = 20'000;
    std::filesystem::path master_key_file; // sealing/master_key.hpp
    projections::Progress progress;        // of folding views, when there is much to fold
};

// Opens the folder or makes it. Views that cannot be read, or are of another log, are folded anew.
Result<OpenFolder, storage::OpenError> open_folder(const std::filesystem::path& data,
                                                   OpenFolderOptions options);

} // namespace mosty::core
