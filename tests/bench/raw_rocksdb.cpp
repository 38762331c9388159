#include "domain/codec/index_keys.hpp"
#include "storage/big_endian.hpp"
#include "storage/rocksdb/database_options.hpp"
#include "storage/rocksdb/entry_table.hpp"
#include "storage/rocksdb/rocks_log_reader.hpp"
#include "tests/bench/options.hpp"

#include <fmt/format.h>
#include <rocksdb/db.h>
#include <rocksdb/write_batch.h>

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <memory>
#include <string>
#include <thread>
#include <vector>

// What RocksDB alone does with the bytes that a server's log holds: the same entries under the same keys,
// with the same options, each write synced. No decisions, no views, nobody to tell.
//   bench_raw_rocksdb --sample DIR --folder DIR [--writers N | --batch N] [--seconds S]
// --writers: that many threads, one entry a write, in groups that RocksDB forms; --batch: one thread.
namespace mosty::bench {
namespace {

constexpr std::size_t sample_max = 10'000;
constexpr std::int64_t second = 1'000'000'000;

struct Sample {
    std::string bytes;
    std::vector<std::string> keys;
};

// The newest entries of a server's data folder.
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

class RawLog {
public:
    RawLog(const std::string& folder, std::vector<Sample> samples) : samples_(std::move(samples)) {
        std::filesystem::create_directories(folder);
        rocksdb::Options options = storage::log_database_options(64u << 20);
        options.create_if_missing = true;
        rocksdb::DB* database = nullptr;
        if (const auto status = rocksdb::DB::Open(options, folder, &database); !status.ok())
            give_up("{}", status.ToString());
        database_.reset(database);
    }

    // One synced write of `count` entries.
    void write(std::size_t count) {
        rocksdb::WriteBatch batch(0, 0, /*protection_bytes_per_key=*/8, 0);
        Position position = next_.fetch_add(count);
        for (std::size_t i = 0; i < count; ++i, ++position) {
            const Sample& sample = samples_[position % samples_.size()];
            batch.Put(storage::entry_row(position), sample.bytes);
            for (const std::string& key : sample.keys)
                batch.Put(storage::index_row(unused(key, position)), storage::position_value(position));
        }
        if (const auto status = database_->Write(storage::synced_write(), &batch); !status.ok())
            give_up("{}", status.ToString());
        written_.fetch_add(count);
    }

    std::uint64_t written() const { return written_; }

private:
    // The key with its last eight bytes changed: as long, sorted near its like, and new.
    static std::string unused(std::string key, Position position) {
        storage::put_big_endian(key.data() + key.size() - sizeof position, position);
        return key;
    }

    const std::vector<Sample> samples_;
    std::unique_ptr<rocksdb::DB> database_;
    std::atomic<Position> next_ = 0;
    std::atomic<std::uint64_t> written_ = 0;
};

} // namespace
} // namespace mosty::bench

int main(int argc, char** argv) {
    using namespace mosty::bench;
    const Options options(argc, argv, 1);
    const auto writers = static_cast<std::size_t>(options.number("writers", 1));
    const auto batch = static_cast<std::size_t>(options.number("batch", 1));
    RawLog log(options.text("folder"), sample_of(options.text("sample")));

    const double cpu_before = cpu_seconds();
    const std::int64_t begin = now_ns();
    const std::int64_t end = begin + static_cast<std::int64_t>(options.seconds(5) * second);
    std::vector<std::jthread> threads;
    for (std::size_t i = 0; i < writers; ++i)
        threads.emplace_back([&] {
            while (now_ns() < end)
                log.write(batch);
        });
    threads.clear(); // waits
    const double elapsed = static_cast<double>(now_ns() - begin) / second;
    print_figure("entries_per_s", static_cast<double>(log.written()) / elapsed);
    print_figure("cpu_us_an_entry", 1e6 * (cpu_seconds() - cpu_before) / static_cast<double>(log.written()));
}
