#pragma once

#include "storage/rocksdb/durable_mark.hpp"

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

namespace mosty::storage {

// Brings a durable mark after a growing log: at the latest `delay` and one disk write after the log
// grew, and at the end of its life. A burst of appends costs one write of the mark, not one each.
//
// Threads: all of it from any; it owns the thread that writes.
class MarkKeeper {
public:
    MarkKeeper(DurableMark mark, MarkedTail current, std::chrono::milliseconds delay);
    ~MarkKeeper();

    // The log is durable up to `size` now, ends with `last_entry`, and its tree has this root.
    void advance(Size size, std::string last_entry, const merkle::Hash& root);

    // Returns when the mark says what was last advanced to; false when it cannot be written.
    bool mark_now();

    // A mark could not be written. Nothing is written any more.
    bool has_failed() const;

private:
    struct Tail {
        Size size = 0;
        std::string last_entry;
        merkle::Hash root{};
    };

    void run();
    void write_pending();

    const std::chrono::milliseconds delay_;
    // Guards what follows, up to and with stopping_.
    mutable std::mutex mutex_;
    std::condition_variable changed_;
    std::optional<Tail> pending_;
    bool stopping_ = false;
    bool failed_ = false;

    // Guards the file; taken before mutex_.
    std::mutex writing_;
    DurableMark mark_;
    MarkedTail current_;

    std::thread thread_; // last: it starts when all else is ready
};

} // namespace mosty::storage
