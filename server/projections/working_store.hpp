#pragma once

#include "domain/base/ids.hpp"
#include "domain/base/result.hpp"
#include "server/projections/views_hash.hpp"
#include "storage/view_store.hpp"

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace mosty::projections {

// The store as folded so far: what is written waits for the next commit, and get() already sees it.
//
// The first read that fails is remembered. From then on reads answer nothing, and commit() writes nothing
// and says why.
class WorkingStore {
public:
    using Snapshot = storage::ViewStore::Snapshot;

    explicit WorkingStore(storage::ViewStore& store);

    // Writes a value under a key that nothing removes. If its rows are counted (views_hash.hpp) it is written
    // once and never again; otherwise later wins. get() does not see it before the commit.
    void add(std::string key, std::string value);

    // Writes again, and again, a value that only the caller writes, at most once between two commits. The
    // caller keeps what the row under the key counts for, and nothing as long as it does not know.
    // get() does not see it before the commit.
    void rewrite(std::string key, std::string value, std::optional<SetHash::Element>& counted);

    // Writes or removes a value that anybody may write again; of several writes between two commits only the
    // last reaches the store.
    void put(std::string key, std::string value);
    void remove(std::string key);

    std::optional<std::string> get(std::string_view key);

    // The set hash of all counted rows as of the last commit.
    const SetHash& hash() const { return hash_; }

    // What the store held at the last commit.
    const Snapshot& committed();

    // Remembers that a read of committed() failed, if this one did; the value otherwise.
    template <class T>
    std::optional<T> take(Result<T, storage::ReadError> read) {
        if (read)
            return std::move(*read);
        if (!failure_)
            failure_ = std::move(read.error());
        return std::nullopt;
    }

    const std::optional<storage::ReadError>& failure() const { return failure_; }

    // Writes what waits as one batch. Nothing waits afterwards, whether it succeeds or not.
    Result<void, storage::ReadError> commit(Size applied);

private:
    struct Hash {
        using is_transparent = void;
        std::size_t operator()(std::string_view key) const { return std::hash<std::string_view>{}(key); }
    };
    using Cells = std::unordered_map<std::string, std::optional<std::string>, Hash, std::equal_to<>>;

    void count(std::string_view key, const std::optional<std::string>& next);

    storage::ViewStore& store_;
    SetHash hash_;
    std::vector<std::pair<std::string, std::string>> added_;
    Cells cells_; // nothing as a value: the key is to be removed
    std::shared_ptr<const Snapshot> snapshot_;
    std::optional<storage::ReadError> failure_;
};

} // namespace mosty::projections
