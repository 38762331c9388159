#include "storage/rocksdb/mark_keeper.hpp"

#include <utility>

namespace mosty::storage {

MarkKeeper::MarkKeeper(DurableMark mark, MarkedTail current, std::chrono::milliseconds delay)
    : delay_(delay), mark_(std::move(mark)), current_(std::move(current)), thread_([this] { run(); }) {}

MarkKeeper::~MarkKeeper() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    changed_.notify_all();
    thread_.join();
    write_pending();
}

void MarkKeeper::advance(Size size, std::string last_entry, const merkle::Hash& root) {
    bool was_idle = false;
    {
        const std::lock_guard lock(mutex_);
        was_idle = !pending_;
        pending_ = Tail{size, std::move(last_entry), root};
    }
    if (was_idle)
        changed_.notify_all();
}

bool MarkKeeper::mark_now() {
    write_pending();
    return !has_failed();
}

bool MarkKeeper::has_failed() const {
    const std::lock_guard lock(mutex_);
    return failed_;
}

void MarkKeeper::run() {
    std::unique_lock lock(mutex_);
    while (!stopping_) {
        changed_.wait(lock, [this] { return stopping_ || pending_; });
        changed_.wait_for(lock, delay_, [this] { return stopping_; });
        lock.unlock();
        write_pending();
        lock.lock();
    }
}

void MarkKeeper::write_pending() {
    const std::lock_guard writing(writing_);
    std::optional<Tail> tail;
    {
        const std::lock_guard lock(mutex_);
        if (failed_)
            return;
        tail = std::exchange(pending_, std::nullopt);
    }
    if (!tail)
        return;
    current_.size = tail->size;
    current_.last_entry_hash = sha256(tail->last_entry);
    current_.root = tail->root;
    if (mark_.write(current_))
        return;
    const std::lock_guard lock(mutex_);
    failed_ = true;
}

} // namespace mosty::storage
