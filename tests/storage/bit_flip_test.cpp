#include "storage/merkle/frontier.hpp"
#include "storage/rocksdb/rocks_event_log.hpp"
#include "storage/rocksdb/rocks_log_reader.hpp"
#include "storage/rocksdb/write_ahead_log.hpp"
#include "storage/verify.hpp"
#include "tests/storage/random_seed.hpp"
#include "tests/storage/sample_entries.hpp"
#include "tests/storage/temporary_folder.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <map>

// One bit that flips anywhere in a log's files is detected, or changes nothing that can be read.

namespace mosty::storage {
namespace {

namespace fs = std::filesystem;

// Everything that can be read of a log.
struct Picture {
    std::string log_id;
    std::vector<std::string> entries;
    std::map<std::string, Position> keys;
    std::vector<std::vector<merkle::Hash>> hashes;

    friend bool operator==(const Picture&, const Picture&) = default;
};

// Nothing when a part cannot be read: an error, and so no answer.
std::optional<Picture> picture_of(const LogReader& log) {
    Picture picture;
    picture.log_id = log.log_id();
    auto entries = log.read(0, ~std::size_t{0});
    const auto keys = log.scan("", "", ~std::size_t{0});
    if (!entries || !keys)
        return std::nullopt;
    for (Entry& entry : *entries)
        picture.entries.push_back(std::move(entry.bytes));
    for (const auto& [key, position] : *keys) {
        if (log.find(key) != std::optional(position))
            return std::nullopt;
        picture.keys.emplace(key, position);
    }
    for (unsigned level = 0; level < merkle::tile_levels; ++level) {
        auto hashes = log.hashes(level, 0, ~std::size_t{0});
        if (!hashes)
            return std::nullopt;
        picture.hashes.push_back(std::move(*hashes));
    }
    return picture;
}

// A closed log in several tables and a write-ahead log, and the pictures that may be read of it: the whole
// first. One that was closed by a crash before its mark followed the last append may also lack that.
struct Original {
    TemporaryFolder folder;
    std::vector<Picture> pictures;
};

void fill(Original& original, bool is_marked) {
    const auto open = [&] {
        auto log = RocksEventLog::open(original.folder.path(), {.mark_delay = std::chrono::hours(1)});
        REQUIRE(log.has_value());
        return std::move(*log);
    };
    for (const std::size_t batch : {90u, 1u, 170u, 7u}) // each opening moves what was there into a table
        REQUIRE(append_sample(*open(), batch, 20));
    const auto log = open();
    for (const std::size_t batch : {3u, 1u, 5u})
        REQUIRE(append_sample(*log, batch, 20));
    REQUIRE(log->mark_now());
    if (!is_marked) {
        original.pictures.push_back(*picture_of(*log));
        REQUIRE(append_sample(*log, 2, 20));
    }
    original.pictures.insert(original.pictures.begin(), *picture_of(*log));
    // As a crash leaves it: closing would bring the mark up to date.
    const fs::path crashed = original.folder.path() / "crashed";
    fs::create_directory(crashed);
    for (const char* name : {"log", "mark", "lock"})
        fs::copy(original.folder.path() / name, crashed / name, fs::copy_options::recursive);
}

struct Flip {
    fs::path file;
    std::uintmax_t offset = 0;
    unsigned bit = 0;
};

// Half of them anywhere, half in a file that is as likely as any other, however small.
Flip random_flip(const fs::path& folder, std::mt19937_64& random) {
    std::vector<std::pair<fs::path, std::uintmax_t>> files;
    std::uintmax_t bytes = 0;
    for (const auto& file : fs::recursive_directory_iterator(folder)) {
        const bool is_diary = file.path().filename().string().starts_with("LOG"); // which nobody reads
        if (!file.is_regular_file() || file.file_size() == 0 || is_diary)
            continue;
        files.emplace_back(file.path(), file.file_size());
        bytes += file.file_size();
    }
    std::ranges::sort(files);
    const auto bit = static_cast<unsigned>(random_below(random, 8));
    if (random_below(random, 2) == 0) {
        const auto& [file, size] = files[random_below(random, files.size())];
        return {file, random_below(random, size), bit};
    }
    std::uintmax_t at = random_below(random, bytes);
    for (const auto& [file, size] : files) {
        if (at < size)
            return {file, at, bit};
        at -= size;
    }
    return {};
}

void apply(const Flip& flip) {
    std::fstream stream(flip.file, std::ios::in | std::ios::out | std::ios::binary);
    stream.seekg(static_cast<std::streamoff>(flip.offset));
    const int byte = stream.get();
    stream.seekp(static_cast<std::streamoff>(flip.offset));
    stream.put(static_cast<char>(byte ^ (1 << flip.bit)));
    REQUIRE(stream.good());
}

enum class Outcome { detected, unchanged, shortened, unnoticed };

Outcome judge(const LogReader& log, const Original& original, const VerifyRequest& request) {
    const auto picture = picture_of(log);
    if (!picture)
        return Outcome::detected;
    if (*picture == original.pictures.front())
        return Outcome::unchanged;
    if (!verify(log, request).is_sound())
        return Outcome::detected;
    return std::ranges::find(original.pictures, *picture) != original.pictures.end() ? Outcome::shortened
                                                                                     : Outcome::unnoticed;
}

// As a server meets it.
Outcome open_and_judge(const fs::path& folder, const Original& original) {
    const auto log = RocksEventLog::open(folder);
    return log ? judge(**log, original, {.keys_of = sample_keys}) : Outcome::detected;
}

// As a check beside it does.
Outcome verify_and_judge(const fs::path& folder, const Original& original) {
    const auto log = RocksLogReader::open(folder, Accept::anything);
    if (!log || !(*log)->marked_tail() || !check_write_ahead_logs(folder / "log"))
        return Outcome::detected;
    return judge(**log, original, {.keys_of = sample_keys, .marked_tail = (*log)->marked_tail()});
}

} // namespace

TEST_CASE("a flipped bit anywhere in a log's files is detected, or changes nothing that can be read",
          "[rocks][property]") {
    const std::uint64_t seed = random_seed("bit flips");
    std::mt19937_64 random(seed);
    Original marked, unmarked;
    fill(marked, true);
    fill(unmarked, false);
    std::map<Outcome, int> outcomes;
    std::map<std::string, std::pair<int, int>> by_kind; // of file: detected, of all
    const int trials = random_rounds(std::getenv("MOSTY_LONG") ? 10'000 : 200);
    for (int trial = 0; trial < trials; ++trial) {
        const Original& original = trial % 4 == 3 ? unmarked : marked;
        const TemporaryFolder place;
        const fs::path copy = place.path() / "copy";
        copy_folder(original.folder.path() / "crashed", copy);
        const Flip flip = random_flip(copy, random);
        apply(flip);
        INFO("MOSTY_SEED=" << seed << " trial " << trial << ": bit " << flip.bit << " of byte " << flip.offset
                           << " of " << flip.file.filename());
        const Outcome outcome =
            trial % 2 == 0 ? verify_and_judge(copy, original) : open_and_judge(copy, original);
        ++outcomes[outcome];
        const std::string kind = flip.file.has_extension() ? flip.file.extension().string()
                                                           : flip.file.filename().string().substr(0, 7);
        by_kind[kind].first += outcome == Outcome::detected;
        ++by_kind[kind].second;
        REQUIRE(outcome != Outcome::unnoticed);
        if (outcome == Outcome::shortened) // the last 100 ms rest on the write-ahead log alone
            REQUIRE(flip.file.extension() == ".log");
    }
    std::printf("bit flips: %d detected, %d without effect, %d hit the last append before its mark\n",
                outcomes[Outcome::detected], outcomes[Outcome::unchanged], outcomes[Outcome::shortened]);
    for (const auto& [kind, counts] : by_kind)
        std::printf("  %s: %d of %d detected\n", kind.c_str(), counts.first, counts.second);
    REQUIRE(outcomes[Outcome::detected] > trials / 4); // the trial reaches what it is for
}

} // namespace mosty::storage
