#include "tests/bench/options.hpp"
#include "tests/bench/raw_log.hpp"

#include <string>
#include <thread>
#include <vector>

// What RocksDB alone does with the bytes that a server's log holds. No decisions, no views, nobody to tell.
//   bench_raw_rocksdb --sample DIR --folder DIR [--writers N | --batch N] [--seconds S]
// --writers: that many threads, one entry a write, in groups that RocksDB forms; --batch: one thread.
int main(int argc, char** argv) {
    using namespace mosty::bench;
    constexpr std::int64_t second = 1'000'000'000;
    const Options options(argc, argv, 1);
    const auto writers = static_cast<std::size_t>(options.number("writers", 1));
    const auto batch = static_cast<std::size_t>(options.number("batch", 1));
    const auto samples = sample_of(options.text("sample"));
    RawLog log(options.text("folder"), samples, false);

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
