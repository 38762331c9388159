#pragma once

#include "domain/base/result.hpp"
#include "storage/view_store.hpp"

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

namespace mosty::projections {

// All rows of a store in the order of their keys, read in runs. The snapshot outlives it.
class StoreRows {
public:
    explicit StoreRows(const storage::ViewStore::Snapshot& snapshot) : snapshot_(snapshot) {}

    // Goes on to the first row, or to the next one.
    Result<void, storage::ReadError> advance() {
        if (++next_ < read_.size() || ends_)
            return {};
        const std::string from = read_.empty() ? std::string() : read_.back().key + '\0';
        auto found = snapshot_.scan({}, from, rows_at_once);
        if (!found)
            return std::unexpected(found.error());
        read_ = std::move(*found);
        ends_ = read_.size() < rows_at_once;
        next_ = 0;
        return {};
    }

    // Nothing behind the last one.
    const storage::KeyValue* row() const { return next_ < read_.size() ? &read_[next_] : nullptr; }

private:
    static constexpr std::size_t rows_at_once = 1'024;

    const storage::ViewStore::Snapshot& snapshot_;
    std::vector<storage::KeyValue> read_;
    std::size_t next_ = 0;
    bool ends_ = false;
};

} // namespace mosty::projections
