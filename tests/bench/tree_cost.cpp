#include "tests/bench/options.hpp"
#include "tests/bench/raw_log.hpp"

#include <array>
#include <string>

// What the log's Merkle tree costs: RocksDB alone with a server's entries, with and without a tree, a write
// in turn of each, so that both meet the same disk and the same neighbours.
//   bench_tree_cost --sample DIR --folder DIR [--batch N] [--seconds S]
int main(int argc, char** argv) {
    using namespace mosty::bench;
    constexpr std::int64_t second = 1'000'000'000;
    const Options options(argc, argv, 1);
    const auto batch = static_cast<std::size_t>(options.number("batch", 128));
    const auto samples = sample_of(options.text("sample"));
    RawLog without(options.text("folder") + "/without", samples, false);
    RawLog with(options.text("folder") + "/with", samples, true);

    struct Cost {
        std::int64_t ns = 0;
        double cpu_s = 0;
    };
    const auto write = [batch](RawLog& log, Cost& cost) {
        const std::int64_t begin = now_ns();
        const double cpu_begin = cpu_seconds();
        log.write(batch);
        cost.cpu_s += cpu_seconds() - cpu_begin;
        cost.ns += now_ns() - begin;
    };
    Cost plain, tree;
    const std::int64_t end = now_ns() + static_cast<std::int64_t>(options.seconds(5) * second);
    for (bool tree_first = false; now_ns() < end; tree_first = !tree_first) {
        if (tree_first)
            write(with, tree);
        write(without, plain);
        if (!tree_first)
            write(with, tree);
    }
    const auto entries = static_cast<double>(with.written());
    print_figure("with_per_s", entries * second / static_cast<double>(tree.ns));
    print_figure("without_per_s", entries * second / static_cast<double>(plain.ns));
    print_figure("with_cpu_us_an_entry", 1e6 * tree.cpu_s / entries);
    print_figure("without_cpu_us_an_entry", 1e6 * plain.cpu_s / entries);
}
