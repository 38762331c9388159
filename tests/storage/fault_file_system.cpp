#include "tests/storage/fault_file_system.hpp"

#include "tests/storage/random_seed.hpp"

#include <algorithm>
#include <filesystem>
#include <utility>

namespace mosty::storage {

using rocksdb::IOStatus;

namespace {

IOStatus input_output_error() {
    return IOStatus::IOError("injected", "Input/output error");
}

} // namespace

class FaultFileSystem::WatchedFile final : public rocksdb::FSWritableFileOwnerWrapper {
public:
    WatchedFile(FaultFileSystem& disk, std::string name, std::unique_ptr<rocksdb::FSWritableFile> file)
        : FSWritableFileOwnerWrapper(std::move(file)), disk_(disk), name_(std::move(name)) {}

    IOStatus Append(const rocksdb::Slice& data, const rocksdb::IOOptions& options,
                    rocksdb::IODebugContext* debug) override {
        if (auto error = disk_.meet(Operation::append, name_))
            return *error;
        IOStatus status = target()->Append(data, options, debug);
        if (status.ok())
            disk_.appended(name_, data.size());
        return status;
    }

    IOStatus Append(const rocksdb::Slice& data, const rocksdb::IOOptions& options,
                    const rocksdb::DataVerificationInfo&, rocksdb::IODebugContext* debug) override {
        return Append(data, options, debug);
    }

    IOStatus Sync(const rocksdb::IOOptions& options, rocksdb::IODebugContext* debug) override {
        if (auto error = disk_.meet(Operation::sync, name_))
            return *error;
        IOStatus status = target()->Sync(options, debug);
        if (status.ok())
            disk_.synced(name_);
        return status;
    }

    IOStatus Fsync(const rocksdb::IOOptions& options, rocksdb::IODebugContext* debug) override {
        return Sync(options, debug);
    }

private:
    FaultFileSystem& disk_;
    const std::string name_;
};

FaultFileSystem::FaultFileSystem() : FileSystemWrapper(rocksdb::FileSystem::Default()) {}

void FaultFileSystem::fail(Operation operation, std::uint64_t nth, std::string suffix) {
    const std::lock_guard lock(mutex_);
    planned_ = Planned{operation, nth, std::move(suffix)};
}

void FaultFileSystem::cut_power_at(std::uint64_t nth) {
    const std::lock_guard lock(mutex_);
    power_left_ = nth - 1;
}

bool FaultFileSystem::has_power() const {
    const std::lock_guard lock(mutex_);
    return power_left_ != 0u;
}

void FaultFileSystem::lose_unsynced(std::mt19937_64& random) {
    const std::lock_guard lock(mutex_);
    for (const auto& [name, length] : files_) {
        if (!std::filesystem::exists(name))
            continue;
        const std::uint64_t kept = length.synced + random_below(random, length.written - length.synced + 1);
        std::filesystem::resize_file(name, std::min<std::uint64_t>(kept, std::filesystem::file_size(name)));
    }
    files_.clear();
    power_left_.reset();
}

void FaultFileSystem::hold_new_tables() {
    const std::lock_guard lock(mutex_);
    tables_held_ = true;
}

void FaultFileSystem::release_new_tables() {
    {
        const std::lock_guard lock(mutex_);
        tables_held_ = false;
    }
    released_.notify_all();
}

IOStatus FaultFileSystem::NewWritableFile(const std::string& name, const rocksdb::FileOptions& options,
                                          std::unique_ptr<rocksdb::FSWritableFile>* file,
                                          rocksdb::IODebugContext* debug) {
    {
        std::unique_lock lock(mutex_);
        if (name.ends_with(".sst"))
            released_.wait(lock, [this] { return !tables_held_; });
        if (power_left_ == 0u)
            return input_output_error();
        files_[name] = {};
    }
    IOStatus status = target()->NewWritableFile(name, options, file, debug);
    if (status.ok())
        *file = std::make_unique<WatchedFile>(*this, name, std::move(*file));
    return status;
}

IOStatus FaultFileSystem::ReopenWritableFile(const std::string& name, const rocksdb::FileOptions& options,
                                             std::unique_ptr<rocksdb::FSWritableFile>* file,
                                             rocksdb::IODebugContext* debug) {
    if (!has_power())
        return input_output_error();
    IOStatus status = target()->ReopenWritableFile(name, options, file, debug);
    if (status.ok())
        *file = std::make_unique<WatchedFile>(*this, name, std::move(*file));
    return status;
}

IOStatus FaultFileSystem::RenameFile(const std::string& from, const std::string& to,
                                     const rocksdb::IOOptions& options, rocksdb::IODebugContext* debug) {
    if (!has_power())
        return input_output_error();
    IOStatus status = target()->RenameFile(from, to, options, debug);
    const std::lock_guard lock(mutex_);
    if (auto moved = files_.extract(from); status.ok() && !moved.empty())
        files_[to] = moved.mapped();
    return status;
}

IOStatus FaultFileSystem::DeleteFile(const std::string& name, const rocksdb::IOOptions& options,
                                     rocksdb::IODebugContext* debug) {
    if (!has_power())
        return input_output_error();
    IOStatus status = target()->DeleteFile(name, options, debug);
    const std::lock_guard lock(mutex_);
    if (status.ok())
        files_.erase(name);
    return status;
}

std::optional<IOStatus> FaultFileSystem::meet(Operation operation, const std::string& name) {
    const std::lock_guard lock(mutex_);
    if (power_left_) {
        if (*power_left_ == 0)
            return input_output_error();
        --*power_left_;
    }
    if (planned_ && planned_->operation == operation && name.ends_with(planned_->suffix) &&
        --planned_->countdown == 0) {
        planned_.reset();
        return input_output_error();
    }
    return std::nullopt;
}

void FaultFileSystem::appended(const std::string& name, std::uint64_t bytes) {
    const std::lock_guard lock(mutex_);
    files_[name].written += bytes;
}

void FaultFileSystem::synced(const std::string& name) {
    const std::lock_guard lock(mutex_);
    files_[name].synced = files_[name].written;
}

} // namespace mosty::storage
