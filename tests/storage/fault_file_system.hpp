#pragma once

#include <rocksdb/file_system.h>

#include <condition_variable>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <random>
#include <string>

namespace mosty::storage {

// A disk that fails on command, below RocksDB. It knows how much of each file was synced, and can lose
// the rest as a power cut does.
//
// Threads: all of it from any.
class FaultFileSystem final : public rocksdb::FileSystemWrapper {
public:
    FaultFileSystem();
    const char* Name() const override { return "FaultFileSystem"; }

    enum class Operation { append, sync };

    // The `nth` such operation from now on (1: the next), on a file whose name ends in `suffix`, fails
    // with EIO. Later ones succeed again, as with a real disk.
    void fail(Operation operation, std::uint64_t nth, std::string suffix);

    // The `nth` append or sync from now on, of any file, and everything after it, fails: the power is
    // gone.
    void cut_power_at(std::uint64_t nth);
    bool has_power() const;

    // What the disk shows when the power is back: of each file's unsynced end only a random part is
    // left. Only after every file is closed.
    void lose_unsynced(std::mt19937_64& random);

    // While held, nobody can make a new table: flushes wait, and write-ahead logs pile up.
    void hold_new_tables();
    void release_new_tables();

    rocksdb::IOStatus NewWritableFile(const std::string& name, const rocksdb::FileOptions& options,
                                      std::unique_ptr<rocksdb::FSWritableFile>* file,
                                      rocksdb::IODebugContext* debug) override;
    rocksdb::IOStatus ReopenWritableFile(const std::string& name, const rocksdb::FileOptions& options,
                                         std::unique_ptr<rocksdb::FSWritableFile>* file,
                                         rocksdb::IODebugContext* debug) override;
    rocksdb::IOStatus RenameFile(const std::string& from, const std::string& to,
                                 const rocksdb::IOOptions& options, rocksdb::IODebugContext* debug) override;
    rocksdb::IOStatus DeleteFile(const std::string& name, const rocksdb::IOOptions& options,
                                 rocksdb::IODebugContext* debug) override;

private:
    class WatchedFile;

    struct Planned {
        Operation operation;
        std::uint64_t countdown;
        std::string suffix;
    };
    struct Length {
        std::uint64_t written = 0;
        std::uint64_t synced = 0;
    };

    // Counts one operation; the error it meets, or nothing.
    std::optional<rocksdb::IOStatus> meet(Operation operation, const std::string& name);
    void appended(const std::string& name, std::uint64_t bytes);
    void synced(const std::string& name);

    mutable std::mutex mutex_;
    std::condition_variable released_;
    std::optional<Planned> planned_;
    std::optional<std::uint64_t> power_left_; // operations until the power is cut
    bool tables_held_ = false;
    std::map<std::string, Length> files_;
};

} // namespace mosty::storage
