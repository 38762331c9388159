#include "storage/rocksdb/rocks_event_log.hpp"
#include "storage/rocksdb/rocks_log_reader.hpp"
#include "storage/verify.hpp"
#include "tests/storage/sample_entries.hpp"
#include "tests/storage/temporary_folder.hpp"

#include <catch2/catch.hpp>

#include <atomic>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <map>
#include <optional>
#include <thread>

namespace mosty::storage {
namespace {

namespace fs = std::filesystem;

std::unique_ptr<RocksEventLog> open_log(const fs::path& folder, OpenOptions options = {}) {
    auto log = RocksEventLog::open(folder, std::move(options));
    REQUIRE(log.has_value());
    return std::move(*log);
}

std::unique_ptr<RocksLogReader> open_reader(const fs::path& folder) {
    auto reader = RocksLogReader::open(folder);
    if (!reader)
        FAIL(reader.error().sentence);
    return std::move(*reader);
}

std::map<std::string, std::uintmax_t> files_below(const fs::path& folder) {
    std::map<std::string, std::uintmax_t> files;
    for (const auto& file : fs::recursive_directory_iterator(folder))
        files[file.path().string()] = file.is_regular_file() ? file.file_size() : 0;
    return files;
}

// While it lives, temporary folders of this process are made in a folder of its own.
class OwnTemporaryFolders {
public:
    OwnTemporaryFolders() { set(folder_.path().string()); }
    OwnTemporaryFolders(const OwnTemporaryFolders&) = delete;
    OwnTemporaryFolders& operator=(const OwnTemporaryFolders&) = delete;
    ~OwnTemporaryFolders() { before_ ? set(*before_) : void(::unsetenv("TMPDIR")); }

    std::ptrdiff_t count() const {
        return std::distance(fs::directory_iterator(folder_.path()), fs::directory_iterator());
    }

private:
    static std::optional<std::string> now() {
        const char* const folder = std::getenv("TMPDIR");
        return folder ? std::optional<std::string>(folder) : std::nullopt;
    }
    static void set(const std::string& folder) { ::setenv("TMPDIR", folder.c_str(), 1); }

    TemporaryFolder folder_;
    std::optional<std::string> before_ = now();
};

} // namespace

TEST_CASE("a reader beside a running server shows what it appended, once caught up", "[rocks][reader]") {
    const TemporaryFolder folder;
    const auto log = open_log(folder.path());
    REQUIRE(append_sample(*log, 5));
    const auto reader = open_reader(folder.path());
    REQUIRE(reader->log_id() == log->log_id());
    REQUIRE(reader->size() == 5);

    REQUIRE(append_sample(*log, 3));
    REQUIRE(reader->size() == 5);
    REQUIRE(reader->read(0, 100)->size() == 5);
    REQUIRE(reader->catch_up().has_value());
    REQUIRE(reader->size() == 8);
    REQUIRE(fault_of_sample(*reader) == "");
}

TEST_CASE("a reader keeps up through new tables and write-ahead logs", "[rocks][reader]") {
    const TemporaryFolder folder;
    const auto log = open_log(folder.path(), {.write_buffer_bytes = 64u << 10});
    const auto reader = open_reader(folder.path());
    for (int i = 0; i < 60; ++i) {
        REQUIRE(append_sample(*log, 10, 500));
        REQUIRE(reader->catch_up().has_value());
        REQUIRE(reader->size() == log->size());
    }
    REQUIRE(fault_of_sample(*reader) == "");
    REQUIRE(open_reader(folder.path())->size() == log->size());
}

TEST_CASE("a reader catches up and is read while the server appends", "[rocks][reader]") {
    const TemporaryFolder folder;
    const auto log = open_log(folder.path(), {.write_buffer_bytes = 64u << 10});
    std::atomic<bool> done = false;
    std::atomic<int> faults = 0;
    std::thread server([&] {
        for (int i = 0; i < 150; ++i)
            if (!append_sample(*log, 5, 300))
                ++faults;
        done = true;
    });
    const auto reader = open_reader(folder.path());
    std::thread other([&] {
        Size seen = 0;
        while (!done) {
            const Size size = reader->size();
            if (size < seen)
                ++faults;
            seen = size;
            if (size > 0 && (reader->read(size - 1, 5)->empty() || !reader->find("position/0")->has_value()))
                ++faults;
        }
    });
    while (!done)
        if (!reader->catch_up())
            ++faults;
    server.join();
    other.join();

    REQUIRE(faults == 0);
    REQUIRE(reader->catch_up().has_value());
    REQUIRE(reader->size() == 750);
    REQUIRE(fault_of_sample(*reader) == "");
}

TEST_CASE("a reader changes nothing in the folder and leaves nothing behind", "[rocks][reader]") {
    const TemporaryFolder folder;
    REQUIRE(append_sample(*open_log(folder.path()), 5));
    const auto before = files_below(folder.path());
    const OwnTemporaryFolders scratch;
    {
        const auto reader = open_reader(folder.path());
        REQUIRE(fault_of_sample(*reader) == "");
        REQUIRE(scratch.count() == 1);
    }
    REQUIRE(files_below(folder.path()) == before);
    REQUIRE(scratch.count() == 0);
}

TEST_CASE("a reader knows the durable mark, and the log reaches it", "[rocks][reader]") {
    const TemporaryFolder folder;
    const auto log = open_log(folder.path());
    REQUIRE(append_sample(*log, 5));
    REQUIRE(log->mark_now());
    const auto reader = open_reader(folder.path());

    REQUIRE(reader->marked_tail().has_value());
    REQUIRE(reader->marked_tail()->size == 5);
    REQUIRE(reader->marked_tail()->log_id == log->log_id());
    REQUIRE(verify(*reader, {.keys_of = sample_keys, .marked_tail = reader->marked_tail()}).is_sound());
}

TEST_CASE("a reader is not shown a log that lacks what its mark remembers, unless it asks for anything",
          "[rocks][reader]") {
    const TemporaryFolder folder;
    const fs::path crashed = folder.path() / "crashed";
    {
        const auto log = open_log(folder.path() / "running");
        REQUIRE(append_sample(*log, 5));
        REQUIRE(append_sample(*log, 4));
        REQUIRE(log->mark_now());
        copy_folder(folder.path() / "running", crashed);
    }
    for (const auto& file : fs::directory_iterator(crashed / "log"))
        if (file.path().extension() == ".log" && file.file_size() > 0)
            fs::resize_file(file.path(), file.file_size() - 1);
    const auto before = files_below(crashed);

    const auto refused = RocksLogReader::open(crashed);
    REQUIRE(!refused.has_value());
    REQUIRE(refused.error().code == OpenError::Code::missing_acknowledged);
    REQUIRE(refused.error().sentence == "the log holds 5 entries, but 9 were acknowledged");
    const auto reader = RocksLogReader::open(crashed, Accept::anything);
    REQUIRE(reader.has_value());
    REQUIRE((*reader)->size() == 5);
    REQUIRE((*reader)->marked_tail()->size == 9);
    REQUIRE(files_below(crashed) == before);
}

TEST_CASE("a log of which nothing is left but its mark is refused as lost, not as unknown",
          "[rocks][reader]") {
    const TemporaryFolder folder;
    {
        const auto log = open_log(folder.path());
        REQUIRE(append_sample(*log, 5));
    }
    const auto refused = [&] { return RocksLogReader::open(folder.path()).error(); };
    // Nothing has reached a table yet.
    for (const auto& file : fs::directory_iterator(folder.path() / "log"))
        if (file.path().extension() == ".log")
            fs::remove(file.path());
    REQUIRE(refused().code == OpenError::Code::missing_acknowledged);
    REQUIRE(refused().sentence == "the log holds 0 entries, but 5 were acknowledged");
    REQUIRE(RocksLogReader::open(folder.path(), Accept::anything).value()->size() == 0);
    fs::remove_all(folder.path() / "log");
    REQUIRE(refused().code == OpenError::Code::missing_acknowledged);
    REQUIRE(refused().sentence == "the log is gone, but 5 entries were acknowledged");
}

TEST_CASE("a reader tells a slot of the mark that cannot be read", "[rocks][reader]") {
    const TemporaryFolder folder;
    {
        const auto log = open_log(folder.path());
        REQUIRE(append_sample(*log, 5));
        REQUIRE(open_reader(folder.path())->mark_damages().empty());
        REQUIRE(log->mark_now());
    }
    std::fstream mark(folder.path() / "mark", std::ios::in | std::ios::out | std::ios::binary);
    mark.seekp(4'096 + 60);
    mark.put('x');
    mark.close();
    REQUIRE(open_reader(folder.path())->mark_damages() ==
            std::vector<std::string>{"the slot of the durable mark at byte 4096 cannot be read"});
}

TEST_CASE("a reader of a folder without a log is refused", "[rocks][reader]") {
    const TemporaryFolder folder;
    const auto reader = RocksLogReader::open(folder.path());
    REQUIRE(!reader.has_value());
    REQUIRE(reader.error().code == OpenError::Code::io);
    REQUIRE(fs::is_empty(folder.path()));
}

} // namespace mosty::storage
