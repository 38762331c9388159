#include "tests/bench/measure.hpp"
#include "tests/bench/metrics_page.hpp"
#include "tests/bench/text_load.hpp"
#include "tests/bench/text_writers.hpp"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string_view>
#include <unordered_map>

// Writes texts on Mosty, run with --demo and prepared by bench_load, or on ShareDB. scripts/bench shows every
// option in use.
//   bench_texts storm  --server mosty|sharedb --port N --pid N [--texts N] [--writers N] [--seconds S]
//   bench_texts crowd  --server mosty|sharedb --port N --pid N [--writers N] [--rate N] [--seconds S]
//   bench_texts replay --port N --pid N --trace FILE --text N [--window N] [--looks N]
namespace mosty::bench {
namespace {

constexpr std::int64_t second = 1'000'000'000;
constexpr std::size_t length_wanted = 2'000; // a section of a form

// Counts the time and the processor time of a measurement, and prints what belongs to both kinds.
class Clock {
public:
    explicit Clock(const Options& options) : server_(static_cast<pid_t>(options.number("pid", 0))) {
        if (options.text("server", "mosty") == "mosty")
            port_ = static_cast<std::uint16_t>(options.number("port", 0));
        if (port_)
            page_before_.emplace(*port_);
    }

    double elapsed() const { return static_cast<double>(now_ns() - begin_) / second; }

    void print(double edits, double deliveries) const {
        const double seconds = elapsed();
        const double server = cpu_seconds(server_) - server_before_;
        print_figure("edits_per_s", edits / seconds);
        print_figure("deliveries_per_s", deliveries / seconds);
        print_figure("server_cpu_us_an_edit", 1e6 * server / edits);
        print_figure("cpu_us_a_delivery", 1e6 * server / deliveries);
        print_figure("server_cores", server / seconds);
        print_figure("generator_cores", (cpu_seconds() - own_before_) / seconds);
        if (!port_)
            return;
        const MetricsPage after(*port_);
        const auto grown = [&](std::string_view name) {
            return after.value(name) - page_before_->value(name);
        };
        print_figure("entries_a_batch",
                     grown("mosty_entries_appended_total") / grown("mosty_batches_appended_total"));
        print_figure("append_ms",
                     1e3 * grown("mosty_append_seconds_sum") / grown("mosty_append_seconds_count"));
    }

private:
    std::optional<std::uint16_t> port_; // Mosty's, which counts its batches
    std::optional<MetricsPage> page_before_;
    const pid_t server_;
    const std::int64_t begin_ = now_ns();
    const double server_before_ = cpu_seconds(server_);
    const double own_before_ = cpu_seconds();
};

} // namespace

void measure_storm(const Options& options) {
    const auto server = text_server(options);
    TextWriters writers(*server, static_cast<std::size_t>(options.number("texts", 20)),
                        static_cast<std::size_t>(options.number("writers", 5)), length_wanted);
    Histogram latencies;
    const auto write_until = [&](std::int64_t end) {
        while (now_ns() < end)
            writers.turn(100, [&](TextWriter& writer, std::int64_t took) {
                latencies.record(took);
                writer.write(writer.random_edit(length_wanted), now_ns());
            });
    };
    for (std::size_t i = 0; i < writers.size(); ++i)
        writers[i].write(writers[i].random_edit(length_wanted), now_ns());
    write_until(now_ns() + second); // warms up

    latencies = {};
    const std::uint64_t heard_before = writers.heard();
    const Clock clock(options);
    write_until(now_ns() + static_cast<std::int64_t>(options.seconds(5) * second));
    clock.print(static_cast<double>(latencies.total()), static_cast<double>(writers.heard() - heard_before));
    print_latencies(latencies);
    writers.settle_and_compare();
}

void measure_crowd(const Options& options) {
    const auto server = text_server(options);
    const std::int64_t pause = second / options.number("rate", 50);
    TextWriters writers(*server, 1, static_cast<std::size_t>(options.number("writers", 500)), length_wanted);
    Histogram own;
    Histogram deliveries;
    std::unordered_map<std::string_view, const TextWriter*> by_name;
    for (std::size_t i = 0; i < writers.size(); ++i) {
        by_name.emplace(writers[i].wire().name(), &writers[i]);
        writers[i].on_other([&](const HeardEdit& edit) {
            const auto writer = by_name.find(edit.writer);
            if (writer == by_name.end() || writer->second->sequence() != edit.sequence)
                give_up("{} has not written edit {}", edit.writer, edit.sequence);
            deliveries.record(now_ns() - writer->second->due());
        });
    }
    // Times run from the moment when an edit was due, whether or not this thread was late.
    std::size_t next_writer = 0;
    const auto write_until = [&](std::int64_t begin, std::int64_t end) {
        std::int64_t due = begin;
        for (std::int64_t now = begin; now < end; now = now_ns()) {
            for (; due <= now; due += pause) {
                TextWriter& writer = writers[next_writer++ % writers.size()];
                if (!writer.is_idle())
                    give_up("an edit is not answered when its writer's next is due");
                writer.write(writer.random_edit(length_wanted), due);
            }
            writers.turn(static_cast<int>(std::max<std::int64_t>((due - now_ns()) / 1'000'000, 0)),
                         [&](const TextWriter&, std::int64_t took) { own.record(took); });
        }
    };
    const std::int64_t begin = now_ns();
    write_until(begin, begin + second); // warms up

    own = {};
    deliveries = {};
    const Clock clock(options);
    write_until(begin + second, begin + second + static_cast<std::int64_t>(options.seconds(5) * second));
    clock.print(static_cast<double>(own.total()), static_cast<double>(own.total() + deliveries.total()));
    writers.settle_and_compare();
    print_latencies(own);
    print_figure("delivered_p50_ms", deliveries.milliseconds_at(0.50));
    print_figure("delivered_p99_ms", deliveries.milliseconds_at(0.99));
}

} // namespace mosty::bench

int main(int argc, char** argv) {
    using namespace mosty::bench;
    const std::string_view mode = argc > 1 ? argv[1] : "";
    const Options options(argc, argv, 2);
    if (mode == "storm")
        measure_storm(options);
    else if (mode == "crowd")
        measure_crowd(options);
    else if (mode == "replay")
        measure_replay(options);
    else
        give_up("usage: bench_texts storm | crowd | replay, then --name value …");
}
