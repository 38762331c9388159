#include "server/audit/keeper.hpp"
#include "tests/server/audit/audit_log.hpp"
#include "tests/storage/temporary_folder.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

using namespace mosty;
using namespace mosty::audit;
using storage::OpenError;
using storage::TemporaryFolder;

namespace {

constexpr auto origin = "log.example";

CheckpointKeeper opened(const std::filesystem::path& data, const WordLog& words, std::string name = origin) {
    auto keeper = CheckpointKeeper::open(data, words.log, std::move(name));
    if (!keeper)
        FAIL(keeper.error().sentence);
    return std::move(*keeper);
}

OpenError refused(const std::filesystem::path& data, const WordLog& words, std::string name = origin) {
    auto keeper = CheckpointKeeper::open(data, words.log, std::move(name));
    REQUIRE_FALSE(keeper.has_value());
    return keeper.error();
}

std::string content(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

void put(const std::filesystem::path& path, const std::string& bytes) {
    std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
}

std::vector<Size> sizes_in(const std::filesystem::path& path) {
    std::vector<Size> sizes;
    const auto read = read_checkpoints(path, [&](const SignedCheckpoint& checkpoint) {
        sizes.push_back(checkpoint.checkpoint.size);
        return true;
    });
    REQUIRE(read.has_value());
    return sizes;
}

} // namespace

TEST_CASE("every head that is signed is the log's own, is kept, and can be verified with the key alone",
          "[keeper]") {
    const TemporaryFolder folder;
    WordLog words;
    auto keeper = opened(folder.path(), words);
    for (const Size growth : {0, 1, 2, 300, 70'000}) {
        words.grow(growth);
        const auto signed_one = keeper.sign(words.log.size());
        REQUIRE(signed_one.has_value());
        REQUIRE(signed_one->checkpoint == words.head(origin));
        REQUIRE(open_checkpoint(format_note(signed_one->note), keeper.key()).has_value());
    }
    REQUIRE(sizes_in(folder.path() / checkpoint_file_name) == std::vector<Size>{0, 1, 3, 303, 70'303});
    REQUIRE(keeper.sign(70'303)->checkpoint.size == 70'303);
    REQUIRE(sizes_in(folder.path() / checkpoint_file_name).size() == 5);
}

TEST_CASE("a keeper goes on after a restart with the same key", "[keeper]") {
    const TemporaryFolder folder;
    WordLog words("event", 5);
    const auto key = opened(folder.path(), words).key();
    {
        auto keeper = opened(folder.path(), words);
        REQUIRE(keeper.sign(5).has_value());
        words.grow(2);
    }
    auto keeper = opened(folder.path(), words);
    REQUIRE(keeper.key() == key);
    REQUIRE(keeper.newest()->checkpoint == words.head(origin, 5));
    REQUIRE(keeper.sign(7).has_value());
    for (const char* name : {checkpoint_key_name, checkpoint_file_name})
        REQUIRE(std::filesystem::status(folder.path() / name).permissions() ==
                (std::filesystem::perms::owner_read | std::filesystem::perms::owner_write));
}

TEST_CASE("a log that lost signed entries, or changed one, is refused", "[keeper]") {
    const TemporaryFolder folder;
    const WordLog words("event", 9);
    REQUIRE(opened(folder.path(), words).sign(9).has_value());

    const auto shorter = refused(folder.path(), WordLog("event", 8));
    REQUIRE(shorter.code == OpenError::Code::missing_acknowledged);
    REQUIRE(shorter.sentence.find("8 entries, but 9") != std::string::npos);
    REQUIRE(refused(folder.path(), WordLog()).code == OpenError::Code::missing_acknowledged);

    WordLog other("event", 4);
    other.grow(1, "another");
    other.grow(10);
    REQUIRE(refused(folder.path(), other).code == OpenError::Code::missing_acknowledged);
    const auto newest = newest_checkpoint(folder.path());
    REQUIRE(newest.has_value());
    REQUIRE(check_continues(other.log, *newest).error().code == OpenError::Code::missing_acknowledged);
    REQUIRE(check_continues(words.log, *newest).has_value());
    // Another origin is no way around it.
    REQUIRE(refused(folder.path(), other, "new.example").code == OpenError::Code::missing_acknowledged);
    REQUIRE(opened(folder.path(), words).newest()->checkpoint.size == 9);
}

namespace {

// A log whose tree can be swapped for another's under a keeper's eyes.
class SwappedLog final : public storage::LogReader {
public:
    const storage::LogReader* log = nullptr;
    Result<std::vector<storage::Entry>, storage::ReadError> read(Position from,
                                                                 std::size_t count) const override {
        return log->read(from, count);
    }
    Result<std::optional<Position>, storage::ReadError> find(std::string_view key) const override {
        return log->find(key);
    }
    Result<std::vector<storage::KeyedPosition>, storage::ReadError>
    scan(std::string_view prefix, std::string_view from, std::size_t count) const override {
        return log->scan(prefix, from, count);
    }
    Result<std::vector<storage::merkle::Hash>, storage::ReadError> hashes(unsigned level, std::uint64_t from,
                                                                          std::size_t count) const override {
        return log->hashes(level, from, count);
    }
    Size size() const override { return log->size(); }
    const std::string& log_id() const override { return log->log_id(); }
};

} // namespace

TEST_CASE("a tree that does not continue the one signed last is not signed, nor anything after it",
          "[keeper]") {
    const TemporaryFolder folder;
    WordLog words("event", 300);
    WordLog forked("event", 299);
    forked.grow(30, "another");
    SwappedLog swapped;
    swapped.log = &words.log;
    auto keeper = CheckpointKeeper::open(folder.path(), swapped, origin);
    REQUIRE(keeper->sign(300).has_value());
    const auto kept = content(folder.path() / checkpoint_file_name);

    using Code = CheckpointKeeper::Fault::Code;
    SECTION("another history") {
        swapped.log = &forked.log;
        REQUIRE(keeper->sign(329).error().code == Code::not_an_extension);
    }
    SECTION("a shorter one") {
        REQUIRE(keeper->sign(299).error().code == Code::not_an_extension);
    }
    SECTION("one that is not there") {
        REQUIRE(keeper->sign(301).error().code == Code::unreadable);
    }
    swapped.log = &words.log;
    words.grow(1);
    REQUIRE_FALSE(keeper->sign(301).has_value());
    REQUIRE(content(folder.path() / checkpoint_file_name) == kept);
}

TEST_CASE("a checkpoint cut short by a crash was shown to nobody and is forgotten", "[keeper]") {
    const TemporaryFolder folder;
    const auto path = folder.path() / checkpoint_file_name;
    WordLog words("event", 3);
    auto keeper = opened(folder.path(), words);
    REQUIRE(keeper.sign(3).has_value());
    const auto first = content(path);
    words.grow(4);
    REQUIRE(keeper.sign(7).has_value());
    const auto both = content(path);
    for (std::size_t length = first.size(); length < both.size(); ++length) {
        put(path, both.substr(0, length));
        REQUIRE(opened(folder.path(), words).newest()->checkpoint.size == 3);
        REQUIRE(content(path) == first);
    }
    put(path, first + std::string(200, '\0')); // what a power cut may leave of a file that grew
    REQUIRE(opened(folder.path(), words).newest()->checkpoint.size == 3);
    put(path, both);
    REQUIRE(opened(folder.path(), words).newest()->checkpoint.size == 7);
}

TEST_CASE("no flipped bit of the newest checkpoint, or of its key, passes unseen", "[keeper]") {
    const TemporaryFolder folder;
    const auto path = folder.path() / checkpoint_file_name;
    const WordLog words("event", 3);
    REQUIRE(opened(folder.path(), words).sign(3).has_value());
    const auto whole = content(path);
    for (std::size_t i = 0; i < whole.size(); ++i) {
        auto damaged = whole;
        damaged[i] ^= 1;
        put(path, damaged);
        INFO("byte " << i);
        // At its end it looks like one that a crash cut short; the file is then as before it.
        const auto keeper = CheckpointKeeper::open(folder.path(), words.log, origin);
        const bool is_refused = !keeper.has_value();
        const bool is_forgotten = keeper.has_value() && !keeper->newest();
        REQUIRE((is_refused || is_forgotten));
    }
    put(path, whole);
    const auto key_path = folder.path() / checkpoint_key_name;
    const auto key = content(key_path);
    auto changed = key;
    changed[5] ^= 1;
    put(key_path, changed);
    REQUIRE(refused(folder.path(), words).code == OpenError::Code::corrupted);
    std::filesystem::remove(key_path);
    REQUIRE(refused(folder.path(), words).code == OpenError::Code::corrupted);
    REQUIRE_FALSE(std::filesystem::exists(key_path));
    // Under another origin it is another log to its auditors, and may have another key.
    auto keeper = opened(folder.path(), words, "new.example");
    REQUIRE(keeper.sign(3)->checkpoint.origin == "new.example");
    REQUIRE(sizes_in(path) == std::vector<Size>{3, 3});
    REQUIRE(opened(folder.path(), words, "new.example").newest()->checkpoint.origin == "new.example");
    put(key_path, key);
    REQUIRE(refused(folder.path(), words, "new.example").code == OpenError::Code::corrupted);
}

TEST_CASE("damage before the newest checkpoint is told with its place", "[keeper]") {
    const TemporaryFolder folder;
    const auto path = folder.path() / checkpoint_file_name;
    WordLog words("event", 3);
    auto keeper = opened(folder.path(), words);
    REQUIRE(keeper.sign(3).has_value());
    const auto first = content(path);
    words.grow(4);
    REQUIRE(keeper.sign(7).has_value());
    const auto both = content(path);

    for (const std::string& bytes : {both.substr(first.size()) + first, "\n" + both, first + first}) {
        put(path, bytes);
        const auto error = refused(folder.path(), words);
        REQUIRE(error.code == OpenError::Code::corrupted);
        REQUIRE(error.sentence.find("at byte ") != std::string::npos);
    }
}

TEST_CASE("the file stays within its bounds, sparser with age, and the newest stay all", "[keeper]") {
    const TemporaryFolder folder;
    const auto path = folder.path() / checkpoint_file_name;
    constexpr std::size_t bytes_max = 400'000;
    const auto key = Ed25519Key::from_seed(std::string(32, 'k'));
    auto file = CheckpointFile::open(path, bytes_max);
    REQUIRE(file.has_value());
    std::size_t largest = 0;
    for (Size size = 1; size <= 6'000; ++size) {
        const Checkpoint head{origin, size, storage::merkle::empty_root(), {}};
        const std::string text = format_checkpoint(head);
        // Signing is not what is measured here: one signature will do.
        static const Signature signature = sign_note(text, origin, key);
        REQUIRE(file->append({head, {text, {signature}}}).has_value());
        largest = std::max<std::size_t>(largest, std::filesystem::file_size(path));
    }
    REQUIRE(largest <= bytes_max);
    const auto sizes = sizes_in(path);
    REQUIRE(sizes.front() == 1);
    REQUIRE(sizes.back() == 6'000);
    REQUIRE(std::ranges::is_sorted(sizes));
    REQUIRE(sizes[sizes.size() - CheckpointFile::newest_kept] == 6'000 - CheckpointFile::newest_kept + 1);
    const auto again = CheckpointFile::open(path, bytes_max);
    REQUIRE(again->newest()->checkpoint.size == 6'000);
}

TEST_CASE("a folder that cannot be written is refused", "[keeper]") {
    const TemporaryFolder folder;
    const WordLog words;
    REQUIRE(CheckpointKeeper::open(folder.path() / "absent", words.log, origin).error().code ==
            OpenError::Code::io);
    std::filesystem::create_directory(folder.path() / checkpoint_file_name);
    REQUIRE(refused(folder.path(), words).code == OpenError::Code::io);
}
