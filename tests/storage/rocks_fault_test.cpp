#include "storage/rocksdb/rocks_event_log.hpp"
#include "tests/storage/fault_file_system.hpp"
#include "tests/storage/random_seed.hpp"
#include "tests/storage/sample_entries.hpp"
#include "tests/storage/temporary_folder.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <fstream>
#include <functional>
#include <iterator>
#include <map>
#include <signal.h>
#include <sys/resource.h>

// What the disk may do to a log, and what the log must then answer.

namespace mosty::storage {
namespace {

using Code = OpenError::Code;
namespace fs = std::filesystem;

std::vector<fs::path> write_ahead_logs(const fs::path& folder) {
    std::vector<fs::path> files;
    for (const auto& file : fs::directory_iterator(folder / "log"))
        if (file.path().extension() == ".log")
            files.push_back(file.path());
    std::ranges::sort(files);
    return files;
}

// What a crash leaves of a log with 15 batches of 3, of which the mark has seen the first `marked`.
void make_crashed_log(const fs::path& crashed, int marked) {
    const TemporaryFolder running;
    auto log = RocksEventLog::open(running.path(), {.mark_delay = std::chrono::hours(1)});
    REQUIRE(log.has_value());
    for (int batch = 1; batch <= 15; ++batch) {
        REQUIRE(append_sample(**log, 3, 40));
        if (batch == marked)
            REQUIRE((*log)->mark_now());
    }
    copy_folder(running.path(), crashed);
}

std::map<fs::path, std::string> files_of(const fs::path& folder) {
    std::map<fs::path, std::string> files;
    for (const auto& file : fs::recursive_directory_iterator(folder))
        if (file.is_regular_file()) {
            std::ifstream stream(file.path(), std::ios::binary);
            files[file.path()] = {std::istreambuf_iterator<char>(stream), {}};
        }
    return files;
}

// What is refused may be all that is left of some entries.
OpenError refuse_unchanged(const fs::path& damaged) {
    const auto before = files_of(damaged);
    auto log = RocksEventLog::open(damaged);
    REQUIRE(!log.has_value());
    REQUIRE(files_of(damaged) == before);
    return log.error();
}

void flip(const fs::path& file, std::uintmax_t bit) {
    std::fstream stream(file, std::ios::in | std::ios::out | std::ios::binary);
    stream.seekg(static_cast<std::streamoff>(bit / 8));
    const int byte = stream.get();
    stream.seekp(static_cast<std::streamoff>(bit / 8));
    stream.put(static_cast<char>(byte ^ (1 << bit % 8)));
    REQUIRE(stream.good());
}

// While it lives, no file of this process can be written beyond `bytes`.
class FileLengthLimit {
public:
    explicit FileLengthLimit(rlim_t bytes) : signal_before_(::signal(SIGXFSZ, SIG_IGN)) {
        ::getrlimit(RLIMIT_FSIZE, &before_);
        const rlimit limit{.rlim_cur = bytes, .rlim_max = before_.rlim_max};
        ::setrlimit(RLIMIT_FSIZE, &limit);
    }
    FileLengthLimit(const FileLengthLimit&) = delete;
    FileLengthLimit& operator=(const FileLengthLimit&) = delete;
    ~FileLengthLimit() {
        ::setrlimit(RLIMIT_FSIZE, &before_);
        ::signal(SIGXFSZ, signal_before_);
    }

private:
    void (*const signal_before_)(int);
    rlimit before_{};
};

// A damaged log must be refused, or hold whole batches and everything that was marked.
void check_recovery(const fs::path& damaged, Size marked) {
    const auto before = files_of(damaged);
    const auto log = RocksEventLog::open(damaged);
    if (!log) {
        const bool is_known =
            log.error().code == Code::missing_acknowledged || log.error().code == Code::corrupted;
        INFO(log.error().sentence);
        REQUIRE(is_known);
        REQUIRE(files_of(damaged) == before);
        return;
    }
    REQUIRE((*log)->size() >= marked);
    REQUIRE(fault_of_sample(**log) == "");
}

} // namespace

TEST_CASE("a failed write of the write-ahead log makes the log answer unknown for good", "[rocks][fault]") {
    const auto operation = GENERATE(FaultFileSystem::Operation::append, FaultFileSystem::Operation::sync);
    const auto nth = GENERATE(1, 5);
    const TemporaryFolder folder;
    const auto disk = std::make_shared<FaultFileSystem>();
    Size acknowledged = 0;
    {
        auto log = RocksEventLog::open(folder.path(), {.file_system = disk});
        REQUIRE(log.has_value());
        REQUIRE(append_sample(**log, 3));
        disk->fail(operation, nth, ".log");
        while (append_sample(**log, 3))
            REQUIRE((*log)->size() < 100);
        acknowledged = (*log)->size();
        REQUIRE(acknowledged == 3 * static_cast<Size>(nth));

        for (int attempt = 0; attempt < 3; ++attempt) {
            const auto answer = (*log)->append(sample_batch(acknowledged, 1), acknowledged);
            REQUIRE(!answer.has_value());
            REQUIRE(answer.error() == AppendError::unknown);
        }
        REQUIRE((*log)->append({}, 0).error() == AppendError::unknown);
        REQUIRE((*log)->size() == acknowledged);
        REQUIRE((*log)->read(0, 100)->size() == acknowledged);
        const auto keys = (*log)->scan("position/", "", 1'000);
        REQUIRE(keys->size() == acknowledged); // the unknown batch is not shown
    }
    const auto log = RocksEventLog::open(folder.path());
    REQUIRE(log.has_value());
    const bool is_whole = (*log)->size() == acknowledged || (*log)->size() == acknowledged + 3;
    REQUIRE(is_whole);
    REQUIRE(fault_of_sample(**log) == "");
}

TEST_CASE("a power cut at any operation loses nothing acknowledged and splits no batch",
          "[rocks][fault][property]") {
    const std::uint64_t seed = random_seed("power cuts");
    std::mt19937_64 random(seed);
    const int rounds = random_rounds(15);
    for (int round = 0; round < rounds; ++round) {
        INFO("MOSTY_SEED=" << seed << " round " << round);
        const TemporaryFolder folder;
        // A small buffer brings tables into play; RocksDB pauses a second after each that fails.
        const std::size_t write_buffer_bytes = round % 20 == 0 ? 64u << 10 : 32u << 20;
        Size acknowledged = 0;
        for (int life = 0; life < 3; ++life) {
            const auto disk = std::make_shared<FaultFileSystem>();
            disk->cut_power_at(1 + random_below(random, 300));
            {
                auto log = RocksEventLog::open(
                    folder.path(), {.write_buffer_bytes = write_buffer_bytes, .file_system = disk});
                if (!log)
                    REQUIRE(log.error().code != Code::missing_acknowledged);
                if (log) {
                    REQUIRE((*log)->size() >= acknowledged);
                    while (append_sample(**log, 1 + random_below(random, 20), random_below(random, 600))) {
                    }
                    acknowledged = (*log)->size();
                }
            }
            REQUIRE(!disk->has_power());
            disk->lose_unsynced(random);
        }
        const auto log = RocksEventLog::open(folder.path());
        if (!log)
            FAIL(name_of(log.error().code) << ": " << log.error().sentence);
        REQUIRE((*log)->size() >= acknowledged);
        REQUIRE(fault_of_sample(**log) == "");
    }
}

TEST_CASE("a write-ahead log cut anywhere recovers what was marked, or is refused", "[rocks][fault]") {
    const TemporaryFolder folder;
    make_crashed_log(folder.path() / "crashed", 8);
    const fs::path wal = write_ahead_logs(folder.path() / "crashed").back();
    const std::uintmax_t length = fs::file_size(wal);
    int refused = 0, recovered = 0;
    for (std::uintmax_t cut = 0; cut < length; cut += 41) {
        INFO("cut to " << cut << " of " << length);
        const fs::path damaged = folder.path() / "damaged";
        copy_folder(folder.path() / "crashed", damaged);
        fs::resize_file(damaged / "log" / wal.filename(), cut);
        if (RocksEventLog::open(damaged).has_value())
            ++recovered;
        else
            ++refused;
        check_recovery(damaged, 24);
        fs::remove_all(damaged);
    }
    REQUIRE(refused > recovered / 2); // the mark stands in the middle: both ends were met
    REQUIRE(recovered > refused / 2);
}

TEST_CASE("a torn last record is forgotten when it was not acknowledged", "[rocks][fault]") {
    const TemporaryFolder folder;
    make_crashed_log(folder.path() / "crashed", 14);
    const fs::path wal = write_ahead_logs(folder.path() / "crashed").back();
    const std::uintmax_t length = fs::file_size(wal);
    for (const std::uintmax_t torn : {1u, 2u, 10u, 100u}) {
        const fs::path damaged = folder.path() / "damaged";
        copy_folder(folder.path() / "crashed", damaged);
        fs::resize_file(damaged / "log" / wal.filename(), length - torn);
        {
            const auto log = RocksEventLog::open(damaged);
            REQUIRE(log.has_value());
            REQUIRE((*log)->size() == 42); // 14 batches of 3
            REQUIRE(append_sample(**log, 3));
        }
        REQUIRE(RocksEventLog::open(damaged).value()->size() == 45);
        check_recovery(damaged, 45);
        fs::remove_all(damaged);
    }
}

TEST_CASE("a write-ahead log cut below the mark is refused", "[rocks][fault]") {
    const TemporaryFolder folder;
    make_crashed_log(folder.path() / "crashed", 15);
    const fs::path wal = write_ahead_logs(folder.path() / "crashed").back();
    const std::uintmax_t length = fs::file_size(wal);
    for (const std::uintmax_t kept : {length - 1, length - 100, length / 2, std::uintmax_t{0}}) {
        INFO("cut to " << kept << " of " << length);
        const fs::path damaged = folder.path() / "damaged";
        copy_folder(folder.path() / "crashed", damaged);
        fs::resize_file(damaged / "log" / wal.filename(), kept);
        REQUIRE(refuse_unchanged(damaged).code == Code::missing_acknowledged);
        fs::remove_all(damaged);
    }
}

TEST_CASE("a flipped bit before the last record of the write-ahead log is always refused", "[rocks][fault]") {
    const TemporaryFolder folder;
    make_crashed_log(folder.path() / "crashed", 1);
    const fs::path wal = write_ahead_logs(folder.path() / "crashed").back();
    const std::uintmax_t length = fs::file_size(wal);
    const std::uintmax_t last_record = length / 15; // at most: the log's id and 15 batches of one length
    for (std::uintmax_t bit = 0; bit < 8 * length; bit += 201) {
        INFO("flipped bit " << bit << " of " << 8 * length);
        const fs::path damaged = folder.path() / "damaged";
        copy_folder(folder.path() / "crashed", damaged);
        flip(damaged / "log" / wal.filename(), bit);
        if (bit / 8 < length - last_record)
            REQUIRE(refuse_unchanged(damaged).code == Code::corrupted);
        check_recovery(damaged, 42);
        fs::remove_all(damaged);
    }
}

TEST_CASE("a flipped bit in the last record of the write-ahead log is refused when it was marked",
          "[rocks][fault]") {
    const TemporaryFolder folder;
    make_crashed_log(folder.path() / "crashed", 15);
    const fs::path wal = write_ahead_logs(folder.path() / "crashed").back();
    const std::uintmax_t length = fs::file_size(wal);
    for (std::uintmax_t bit = 8 * (length - length / 15); bit < 8 * length; bit += 23) {
        INFO("flipped bit " << bit << " of " << 8 * length);
        const fs::path damaged = folder.path() / "damaged";
        copy_folder(folder.path() / "crashed", damaged);
        flip(damaged / "log" / wal.filename(), bit);
        refuse_unchanged(damaged);
        fs::remove_all(damaged);
    }
}

TEST_CASE("a log whose files are gone in part is refused, and what is left stays", "[rocks][fault]") {
    const TemporaryFolder folder;
    const fs::path closed = folder.path() / "closed";
    {
        auto log = RocksEventLog::open(closed);
        REQUIRE(append_sample(**log, 9));
    }
    {
        auto log = RocksEventLog::open(closed); // moves what was there into tables
        REQUIRE(append_sample(**log, 3));
    }
    int tables = 0;
    for (const auto& file : fs::directory_iterator(closed / "log")) {
        const std::string name = file.path().filename().string();
        const bool is_needed = name == "CURRENT" || name.starts_with("MANIFEST") || name.ends_with(".sst") ||
                               (name.ends_with(".log") && file.file_size() > 0);
        if (!is_needed)
            continue;
        INFO(name << " is gone");
        tables += name.ends_with(".sst");
        for (const bool with_mark : {true, false}) {
            const fs::path damaged = folder.path() / "damaged";
            copy_folder(closed, damaged);
            fs::remove(damaged / "log" / name);
            if (!with_mark)
                fs::remove(damaged / "mark");
            const Code code = refuse_unchanged(damaged).code;
            REQUIRE((code == Code::missing_acknowledged || code == Code::corrupted));
            fs::remove_all(damaged);
        }
    }
    REQUIRE(tables > 0);
}

TEST_CASE("whoever knows more than the mark may refuse a log before it is changed", "[rocks][fault]") {
    const TemporaryFolder folder;
    make_crashed_log(folder.path() / "crashed", 15);
    const auto before = files_of(folder.path() / "crashed");
    Size seen = 0;
    const auto log = RocksEventLog::open(folder.path() / "crashed", {.check = [&](const LogReader& found) {
                                             seen = found.size();
                                             return Result<void, OpenError>(std::unexpected(OpenError{
                                                 Code::missing_acknowledged, "another was signed"}));
                                         }});
    REQUIRE(!log.has_value());
    REQUIRE(log.error().sentence == "another was signed");
    REQUIRE(seen == 45);
    REQUIRE(files_of(folder.path() / "crashed") == before);
}

TEST_CASE("an older write-ahead log that is gone or cut leaves no hole unseen", "[rocks][fault]") {
    const TemporaryFolder folder;
    const auto disk = std::make_shared<FaultFileSystem>();
    {
        auto log = RocksEventLog::open(
            folder.path() / "running",
            {.mark_delay = std::chrono::hours(1), .write_buffer_bytes = 64u << 10, .file_system = disk});
        REQUIRE(log.has_value());
        disk->hold_new_tables();
        while (write_ahead_logs(folder.path() / "running").size() < 2)
            REQUIRE(append_sample(**log, 4, 400));
        REQUIRE(append_sample(**log, 4, 400));
        copy_folder(folder.path() / "running", folder.path() / "crashed");
        disk->release_new_tables();
    }
    const auto wals = write_ahead_logs(folder.path() / "crashed");
    REQUIRE(wals.size() == 2);
    const std::uintmax_t length = fs::file_size(wals.front());
    const fs::path damaged = folder.path() / "damaged";
    const auto check_refused = [&](const std::function<void(const fs::path&)>& damage) {
        copy_folder(folder.path() / "crashed", damaged);
        damage(damaged / "log" / wals.front().filename());
        REQUIRE(refuse_unchanged(damaged).code == Code::corrupted);
        fs::remove_all(damaged);
    };

    check_refused([](const fs::path& wal) { fs::remove(wal); });
    for (const std::uintmax_t kept : {std::uintmax_t{0}, length / 2, length - 1})
        check_refused([&](const fs::path& wal) { fs::resize_file(wal, kept); });
    copy_folder(folder.path() / "crashed", damaged);
    check_recovery(damaged, 0); // and undamaged it opens
    REQUIRE(RocksEventLog::open(damaged).has_value());
}

TEST_CASE("a mark that cannot be written makes the log answer unknown", "[rocks][fault]") {
    const TemporaryFolder folder;
    auto log = RocksEventLog::open(folder.path(), {.mark_delay = std::chrono::hours(1)});
    REQUIRE(log.has_value());
    REQUIRE(append_sample(**log, 1));
    bool first_marked = false, second_marked = false;
    {
        const FileLengthLimit limit(5'000); // inside the mark's second slot; the short write-ahead log fits
        first_marked = (*log)->mark_now();
        REQUIRE(append_sample(**log, 1) == first_marked);
        second_marked = (*log)->mark_now();
    }
    const bool both_marked = first_marked && second_marked;
    REQUIRE(!both_marked);
    REQUIRE((*log)->append({}, (*log)->size()).error() == AppendError::unknown);

    const Size acknowledged = (*log)->size();
    log->reset();
    log = RocksEventLog::open(folder.path());
    REQUIRE(log.has_value());
    REQUIRE((*log)->size() == acknowledged);
}

} // namespace mosty::storage
