#include "storage/rocksdb/rocks_event_log.hpp"
#include "tests/storage/child_process.hpp"
#include "tests/storage/random_seed.hpp"
#include "tests/storage/sample_entries.hpp"
#include "tests/storage/temporary_folder.hpp"

#include <catch2/catch.hpp>

#include <chrono>
#include <cstdlib>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

namespace mosty::storage {
namespace {

// Reads one acknowledged size; nothing when the writer is gone.
std::optional<Size> next_acknowledged(int pipe) {
    Size size = 0;
    if (::read(pipe, &size, sizeof size) != sizeof size)
        return std::nullopt;
    return size;
}

// Passes some microseconds without giving up the processor, so that kills fall anywhere in an append.
void spin(std::chrono::microseconds time) {
    const auto end = std::chrono::steady_clock::now() + time;
    while (std::chrono::steady_clock::now() < end) {
    }
}

} // namespace

TEST_CASE("hidden: a child appends and acknowledges until it is killed", "[.]") {
    auto log = RocksEventLog::open(std::getenv("MOSTY_FOLDER"), {.write_buffer_bytes = 128u << 10});
    REQUIRE(log.has_value());
    std::mt19937_64 random(std::strtoull(std::getenv("MOSTY_CHILD_SEED"), nullptr, 10));
    for (;;) {
        if (!append_sample(**log, 1 + random_below(random, 30), random_below(random, 800)))
            std::_Exit(1);
        const Size size = (*log)->size();
        if (::write(ChildProcess::pipe_number, &size, sizeof size) != sizeof size)
            std::_Exit(1);
    }
}

TEST_CASE("a killed server loses nothing it acknowledged and splits no batch", "[rocks][crash]") {
    const std::uint64_t seed = random_seed("kills");
    std::mt19937_64 random(seed);
    const TemporaryFolder folder;
    Size acknowledged = 0;
    const int rounds = random_rounds(20);
    for (int round = 0; round < rounds; ++round) {
        INFO("MOSTY_SEED=" << seed << " round " << round);
        {
            ChildProcess child(
                "hidden: a child appends and acknowledges until it is killed",
                {{"MOSTY_FOLDER", folder.path().string()}, {"MOSTY_CHILD_SEED", std::to_string(random())}});
            for (auto count = random_below(random, 60); count-- > 0;) {
                const auto size = next_acknowledged(child.pipe());
                REQUIRE(size.has_value());
                REQUIRE(*size > acknowledged);
                acknowledged = *size;
            }
            spin(std::chrono::microseconds(random_below(random, 3'000)));
            child.kill();
            while (const auto size = next_acknowledged(child.pipe()))
                acknowledged = *size;
            const int status = child.wait();
            REQUIRE(WIFSIGNALED(status));
            REQUIRE(WTERMSIG(status) == SIGKILL);
        }
        const auto log = RocksEventLog::open(folder.path());
        if (!log)
            FAIL(name_of(log.error().code) << ": " << log.error().sentence);
        REQUIRE((*log)->size() >= acknowledged);
        acknowledged = (*log)->size();
        if (round % 5 == 4)
            REQUIRE(fault_of_sample(**log) == "");
    }
}

} // namespace mosty::storage
