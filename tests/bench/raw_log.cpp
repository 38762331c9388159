#include "tests/bench/raw_log.hpp"

#include "domain/codec/index_keys.hpp"
#include "storage/big_endian.hpp"
#include "storage/rocksdb/database_options.hpp"
#include "storage/rocksdb/entry_table.hpp"
#include "storage/rocksdb/rocks_log_reader.hpp"
#include "storage/rocksdb/tree_table.hpp"
#include "tests/bench/measure.hpp"

#include <rocksdb/write_batch.h>

#include <algorithm>
#include <filesystem>

namespace mosty::bench {
namespace {

constexpr std::size_t sample_max = 10'000;

// The key with its last eight bytes changed: as long, sorted near its like, and new.
std::string unused(std::string key, Position position) {
    storage::put_big_endian(key.data() + key.size() - sizeof position, position);
    return key;
}

} // namespace

std::vector<Sample> sample_of(const std::string& data_folder) {
    const auto log = storage::RocksLogReader::open(data_folder);
    if (!log)
        give_up("no sample: {}", log.error().sentence);
    const Size size = (*log)->size();
    const auto entries = (*log)->read(size - std::min<Size>(size, sample_max), sample_max);
    if (!entries || entries->empty())
        give_up("no sample in {}", data_folder);
    std::vector<Sample> samples;
    for (const auto& entry : *entries) {
        auto keys = codec::index_keys_of(entry.bytes);
        if (!keys)
            give_up("entry {} cannot be read", entry.position);
        samples.push_back({entry.bytes, std::move(*keys)});
    }
    return samples;
}

RawLog::RawLog(const std::string& folder, const std::vector<Sample>& samples, bool has_tree)
    : samples_(samples), has_tree_(has_tree) {
    std::filesystem::create_directories(folder);
    rocksdb::Options options = storage::log_database_options(64u << 20);
    options.create_if_missing = true;
    rocksdb::DB* database = nullptr;
    if (const auto status = rocksdb::DB::Open(options, folder, &database); !status.ok())
        give_up("{}", status.ToString());
    database_.reset(database);
}

void RawLog::write(std::size_t count) {
    rocksdb::WriteBatch batch(0, 0, /*protection_bytes_per_key=*/8, 0);
    growth_.clear();
    Position position = next_.fetch_add(count);
    for (std::size_t i = 0; i < count; ++i, ++position) {
        const Sample& sample = samples_[position % samples_.size()];
        batch.Put(storage::entry_row(position), sample.bytes);
        for (const std::string& key : sample.keys)
            batch.Put(storage::index_row(unused(key, position)), storage::position_value(position));
        if (has_tree_)
            growth_.add(tree_, storage::merkle::leaf_hash(sample.bytes));
    }
    storage::put_growth(batch, growth_);
    if (const auto status = database_->Write(storage::synced_write(), &batch); !status.ok())
        give_up("{}", status.ToString());
    written_.fetch_add(count);
}

} // namespace mosty::bench
