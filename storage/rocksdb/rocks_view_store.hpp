#pragma once

#include "storage/rocksdb/open_error.hpp"
#include "storage/view_store.hpp"

#include <atomic>
#include <cstddef>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

namespace mosty::storage {

// What a view store must have been made from to be of use.
struct ViewBasis {
    std::string log_id;
    std::string format; // of the folds; changed by whoever changes what they write
    Size log_size = 0;  // a store that has folded more than this is of another history
};

// How its files are kept.
struct ViewFiles {
    std::string key = {}; // 32 bytes, encrypted_env.hpp; empty: they are in the clear
    std::size_t block_cache_bytes = 32u << 20;
};

// A view store as it stood at one moment, and what it was made from.
struct SeenViews {
    std::shared_ptr<const ViewStore::Snapshot> rows;
    std::string log_id;
    std::string format;
};

// Derived data of one server in DIR/views, a RocksDB database that is never synced.
//
// Opening always ends with a usable store or a refusal of the system's: a store that is unreadable, or was
// made from something else or under another key, is deleted and begun again with applied() 0.
class RocksViewStore final : public ViewStore {
public:
    static Result<std::unique_ptr<RocksViewStore>, OpenError>
    open(const std::filesystem::path& data_dir, const ViewBasis& basis, const ViewFiles& files = {});

    // Deletes the store, for one whose reads fail; the next open begins it again. `locked` while open.
    static Result<void, OpenError> remove(const std::filesystem::path& data_dir);

    // The store of a folder that a running server, or nobody, has open, without changing anything there;
    // nothing when there is none. What a server still writes is not seen.
    static Result<std::optional<SeenViews>, OpenError> look(const std::filesystem::path& data_dir,
                                                            const ViewFiles& files = {});

    ~RocksViewStore() override;

    Result<void, ReadError> write(const ViewBatch& batch) override;
    std::shared_ptr<const Snapshot> snapshot() const override;
    Size applied() const override { return applied_.load(std::memory_order_acquire); }
    Result<void, ReadError> flush() override;

    // Why what was there before was deleted at open; empty when nothing was.
    const std::string& begun_again_because() const { return begun_again_because_; }

private:
    struct Database;
    class DatabaseSnapshot;
    RocksViewStore(std::shared_ptr<Database> database, Size applied, std::string begun_again_because);

    const std::shared_ptr<Database> database_; // kept open by snapshots, too
    const std::string begun_again_because_;
    std::atomic<Size> applied_;
    bool failed_ = false; // only write() touches it
};

} // namespace mosty::storage
