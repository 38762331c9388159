#pragma once

#include "server/sealing/entry_sealing.hpp"
#include "storage/log_reader.hpp"

#include <memory>

namespace mosty::sealing {

// A log as those read it who fold it: entries in their plain form, opened with keys that do not change.
// Hashes are those of the stored bytes.
//
// Threads: any. The log below outlives it.
class OpeningReader final : public storage::LogReader {
public:
    OpeningReader(const storage::LogReader& stored, Keys keys, Missing missing)
        : stored_(stored), keys_(std::move(keys)), missing_(missing) {}

    Result<std::vector<storage::Entry>, storage::ReadError> read(Position from,
                                                                 std::size_t count_max) const override;
    Result<std::optional<Position>, storage::ReadError> find(std::string_view key) const override {
        return stored_.find(key);
    }
    Result<std::vector<storage::KeyedPosition>, storage::ReadError>
    scan(std::string_view prefix, std::string_view from, std::size_t count_max) const override {
        return stored_.scan(prefix, from, count_max);
    }
    Result<std::vector<storage::merkle::Hash>, storage::ReadError>
    hashes(unsigned level, std::uint64_t from, std::size_t count_max) const override {
        return stored_.hashes(level, from, count_max);
    }
    Size size() const override { return stored_.size(); }
    const std::string& log_id() const override { return stored_.log_id(); }

    const Keys& keys() const { return keys_; }

private:
    const storage::LogReader& stored_;
    const Keys keys_;
    const Missing missing_;
};

// Opens each of them.
Result<std::vector<storage::Entry>, storage::ReadError> open_all(std::vector<storage::Entry> entries,
                                                                 const Keys& keys, Missing missing);

} // namespace mosty::sealing
