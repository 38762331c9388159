#pragma once

#include "domain/base/ids.hpp"
#include "domain/base/result.hpp"
#include "storage/event_log.hpp"

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mosty::storage {

// What one fold over some events changes in the derived data.
struct ViewBatch {
    std::vector<std::pair<std::string, std::string>> puts; // later wins over earlier
    std::vector<std::string> removes;                      // applied after the puts
    Size applied = 0;                                      // the log size that the data stands for now
};

struct KeyValue {
    std::string key;
    std::string value;
};

enum class Order { ascending, descending };

// Derived data: an ordered map from bytes to bytes beside the log. Not synced, deletable at any time,
// always rebuildable from the log. After a crash it holds the state of some earlier applied(), never a
// mixture.
//
// Threads: write() from one thread at a time; everything else from any.
class ViewStore {
public:
    // A reader's unchanging picture of the whole store, as of one applied().
    class Snapshot {
    public:
        virtual ~Snapshot() = default;
        virtual Size applied() const = 0;
        virtual Result<std::optional<std::string>, ReadError> get(std::string_view key) const = 0;
        // Keys that begin with `prefix`, starting at prefix + `from` (ascending: the first key not before
        // it; descending: the last key not after it, or the prefix's end when `from` is empty).
        virtual Result<std::vector<KeyValue>, ReadError> scan(std::string_view prefix, std::string_view from,
                                                              std::size_t count_max,
                                                              Order order = Order::ascending) const = 0;
    };

    virtual ~ViewStore() = default;

    // Applies the batch whole. A failure leaves the store unusable until it is opened again.
    virtual Result<void, ReadError> write(const ViewBatch& batch) = 0;

    virtual std::shared_ptr<const Snapshot> snapshot() const = 0;

    // The log size up to which events have been folded in; 0 for a new store.
    virtual Size applied() const = 0;

    // Puts everything written so far on disk. For a clean shutdown and for tests.
    virtual Result<void, ReadError> flush() = 0;
};

} // namespace mosty::storage
