#include "storage/verify.hpp"

#include "domain/codec/index_keys.hpp"
#include "domain/codec/sealed_form.hpp"
#include "server/core/open_folder.hpp"
#include "server/projections/compare.hpp"
#include "server/sealing/credentials_key.hpp"
#include "server/sealing/key_store.hpp"
#include "server/sealing/opening_reader.hpp"
#include "server/texts/state_keeper.hpp"
#include "server/tools/checkpoint_check.hpp"
#include "server/tools/folder_keys.hpp"
#include "server/tools/history_check.hpp"
#include "server/tools/live_views.hpp"
#include "server/tools/progress.hpp"
#include "server/tools/rebuilt_views.hpp"
#include "server/tools/salvage_report.hpp"
#include "server/tools/tools.hpp"
#include "storage/rocksdb/rocks_log_reader.hpp"
#include "storage/rocksdb/rocks_view_store.hpp"
#include "storage/rocksdb/scratch_folder.hpp"
#include "storage/rocksdb/write_ahead_log.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <future>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace mosty::tools {
namespace {

constexpr std::size_t entries_at_once = 1'000;
// Each key is looked up: the index of a million entries fits, and is read once.
constexpr std::size_t block_cache_bytes = 128u << 20;
// Of one kind in a row they become one sentence.
constexpr std::size_t problems_kept_max = 10'000;
constexpr Size entries_per_commit = 4'096;

using SeenViews = Result<std::optional<storage::SeenViews>, storage::OpenError>;

// What was found of the history and the views, by a thread of its own beside the check of the log.
struct Told {
    Findings findings;
    std::vector<std::string> facts;
};

class Verification {
public:
    // `has_keys`: the folder has its keys, or is one that no server has used yet.
    Verification(const storage::LogReader& log, SeenViews views, bool can_open_views, bool has_keys,
                 Result<sealing::Keys, NoKeys> keys)
        : has_keys_(has_keys), stored_(log), size_(log.size()), views_(std::move(views)),
          can_open_views_(can_open_views),
          log_(log, keys ? std::move(*keys) : sealing::Keys(), sealing::Missing::read_as_erased) {
        if (!keys && keys.error().is_wrong)
            told_.findings.add("the keys of what is sealed cannot be opened: " + keys.error().sentence);
        else if (!keys)
            told_.facts.push_back("keys: " + keys.error().sentence);
    }

    Told run() {
        begin_views_of_own();
        HistoryCheck history(told_.findings);
        for (Position from = 0; from < size_;) {
            const auto entries = stored_.read(from, std::min<Size>(entries_at_once, size_ - from));
            if (!entries || entries->empty()) {
                stop_views("not all entries can be read");
                from += entries_at_once; // the check of the log names them
                continue;
            }
            const auto hashes = stored_.leaf_hashes(from, entries->size());
            for (std::size_t i = 0; i < entries->size(); ++i)
                check(history, (*entries)[i], hashes && i < hashes->size() ? &(*hashes)[i] : nullptr);
            from += entries->size();
            done_.store(from, std::memory_order_relaxed);
        }
        told_.facts.push_back(fmt::format("streams: {}", history.streams()));
        if (erased_ > 0)
            told_.facts.push_back(
                fmt::format("erased: what {} entries said, their keys are destroyed", erased_));
        if (not_opened_ > 0 && !has_keys_)
            told_.findings.add(
                fmt::format("{} is gone: without it nobody can read again what {} sealed entries say",
                            sealing::key_store_name, not_opened_));
        else if (not_opened_ > 0)
            told_.facts.push_back(
                fmt::format("sealed: {} entries were not opened, their keys are not here", not_opened_));
        compare();
        done_.store(size_, std::memory_order_relaxed);
        return std::move(told_);
    }

    Size done() const { return done_.load(std::memory_order_relaxed); }

private:
    void begin_views_of_own() {
        if (!views_)
            return told_.findings.add(
                "the views cannot be read, which is no loss, since the next start folds them "
                "anew when they are deleted: " +
                views_.error().sentence);
        if (!*views_)
            return told_.facts.push_back(can_open_views_
                                             ? "views: none of this form, the next start folds them"
                                             : "views: not compared, keys are missing");
        if (log_.log_id().empty())
            return told_.facts.push_back("views: not compared, the log does not say which it is");
        if ((*views_)->log_id != log_.log_id() ||
            (*views_)->format != core::views_format_after(log_.keys().destroyed_of_streams()))
            return told_.facts.push_back("views: of another log or form, the next start folds them anew");
        const Size applied = (*views_)->rows->applied();
        if (applied > size_)
            return told_.findings.add(
                fmt::format("the views stand for {} entries, the log holds {}", applied, size_));
        auto begun = begin_views(log_, applied);
        if (!begun)
            return told_.findings.add("the views cannot be rebuilt: " + begun.error());
        rebuilt_ = std::move(*begun);
        keep_states_ = texts::keep_states(log_, *rebuilt_->store, *rebuilt_->projector);
    }

    void check(HistoryCheck& history, const storage::Entry& entry, const storage::merkle::Hash* stored) {
        const std::uint64_t before = told_.findings.total;
        auto opened = sealing::open_entry(entry.bytes, log_.keys(), sealing::Missing::read_as_erased);
        if (!opened) {
            told_.findings.add(fmt::format("entry {} cannot be read: {}", entry.position, opened.error()));
            return stop_views(fmt::format("entry {} cannot be read", entry.position));
        }
        if (const auto parts = codec::sealed_parts(entry.bytes))
            count_unread(*parts);
        const auto decoded = history.take({entry.position, std::move(*opened)});
        if (told_.findings.total > before)
            return stop_views(fmt::format("the history is wrong at entry {}", entry.position));
        if (!rebuilt_ || entry.position >= (*views_)->rows->applied())
            return;
        // What was changed may be anything: the folds are only for what was recorded.
        if (stored && *stored != storage::merkle::leaf_hash(entry.bytes))
            return stop_views(fmt::format("entry {} is not the one that was recorded", entry.position));
        fold(entry.position, *decoded);
    }

    void count_unread(const codec::SealedParts& parts) {
        const sealing::DataKey* key = log_.keys().find(parts.key);
        if (key == nullptr && ++not_opened_ == 1)
            stop_views("keys are missing");
        else if (key != nullptr && !key->key)
            ++erased_;
    }

    void fold(Position position, const codec::DecodedEntry& entry) {
        projections::Projector& projector = *rebuilt_->projector;
        projector.fold(position, entry, unheard_);
        unheard_.clear();
        if (auto kept = keep_states_(entry); !kept)
            return stop_views(kept.error().reason);
        if (projector.size() % entries_per_commit == 0 || projector.size() == (*views_)->rows->applied())
            if (auto written = projector.commit(); !written)
                stop_views(written.error().reason);
    }

    void stop_views(const std::string& reason) {
        if (rebuilt_)
            told_.facts.push_back("views: not compared, " + reason);
        keep_states_ = nullptr;
        rebuilt_.reset();
    }

    void compare() {
        if (!rebuilt_)
            return;
        const auto& live = *(*views_)->rows;
        const auto compared = projections::compare_views(live, *rebuilt_->store->snapshot());
        if (!compared)
            return told_.findings.add("the views cannot be read: " + compared.error().reason);
        for (const std::string& difference : compared->differences)
            told_.findings.add(difference);
        told_.findings.total += compared->differences_total - compared->differences.size();
        told_.facts.push_back(fmt::format("views: as of {} entries, {} rows, {} a rebuild", live.applied(),
                                          compared->rows,
                                          compared->is_equal() ? "equal to" : "not equal to"));
    }

    const bool has_keys_;
    const storage::LogReader& stored_;
    const Size size_;
    const SeenViews views_;
    const bool can_open_views_;
    const sealing::OpeningReader log_;
    std::uint64_t erased_ = 0;              // entries whose key is destroyed
    std::uint64_t not_opened_ = 0;          // whose key is not here
    std::unique_ptr<RebuiltViews> rebuilt_; // while they can be compared
    projections::SeeFolded keep_states_;
    std::vector<projections::Change> unheard_;
    Told told_;
    std::atomic<Size> done_ = 0;
};

std::vector<std::string> keys_of(std::string_view bytes) {
    auto keys = codec::index_keys_of(bytes);
    return keys ? std::move(*keys) : std::vector<std::string>{};
}

void print(const Findings& findings) {
    for (const std::string& sentence : findings.sentences)
        fmt::print("wrong: {}\n", sentence);
    if (findings.total > findings.told)
        fmt::print("wrong: {} more\n", findings.total - findings.told);
}

// What there is to say of who may sign in; nothing where there is none of it.
std::optional<std::string> check_credentials(const std::filesystem::path& data,
                                             const Result<sealing::Keys, NoKeys>& keys, Findings& findings) {
    const auto are_encrypted = sealing::are_credentials_encrypted(data);
    if (are_encrypted && *are_encrypted && !keys)
        return "credentials: not read, their key is not here";
    const auto checked = are_encrypted ? sealing::check_credentials(data, keys ? *keys : sealing::Keys())
                                       : std::unexpected(are_encrypted.error());
    if (!checked)
        findings.add(checked.error());
    if (!checked || !*checked)
        return std::nullopt;
    return fmt::format("credentials: {} records{}", **checked,
                       *are_encrypted ? "" : ", in the clear until the next start encrypts them");
}

// What is damaged, and which entries that concerns, of a log that does not show them itself.
void print_salvage(const std::filesystem::path& data) {
    const storage::ScratchFolder scratch("mosty-verify");
    if (scratch.path().empty())
        return fmt::print("which entries: not looked for, no temporary folder can be made\n");
    const auto report = report_salvage(data, scratch.path() / "rows");
    if (!report)
        return fmt::print("which entries: cannot be told: {}\n", report.error().sentence);
    for (const std::string& line : report->lines)
        fmt::print("{}\n", line);
}

} // namespace

int verify_folder(const config::Verify& task) {
    const auto cannot = [](const std::string& reason) {
        fmt::print(stderr, "mosty verify: {}\n", reason);
        return 2;
    };
    // The views, the mark and the checkpoints are read before the log, which can then only be ahead of them.
    const auto keys_of_views = keys_of_folder(task.data, task.master_key_file);
    auto views = keys_of_views ? look_at_views(task.data, *keys_of_views) : SeenViews(std::nullopt);
    const auto checkpoints = kept_checkpoints(task.data);
    const auto log = storage::RocksLogReader::open(task.data, storage::Accept::anything, block_cache_bytes);
    using enum storage::OpenError::Code;
    if (!log && log.error().code != corrupted && log.error().code != missing_acknowledged)
        return cannot(log.error().sentence);

    Findings findings;
    if (!log) {
        findings.add(log.error().sentence);
        print(findings);
        print_salvage(task.data);
        fmt::print("not sound: the log cannot be opened; mosty repair tells what is left\n");
        return 1;
    }
    const auto marked_tail = (*log)->marked_tail();
    for (std::string& damage : (*log)->mark_damages())
        findings.add(std::move(damage));
    if (!marked_tail && (*log)->size() > 0)
        findings.add(
            "the durable mark cannot be read: it does not tell whether entries are missing at the end");
    const auto write_ahead_logs = storage::check_write_ahead_logs(task.data / "log");
    if (!write_ahead_logs)
        findings.add(write_ahead_logs.error());

    const Size size = (*log)->size();
    Progress progress("checked", 3 * size);
    const bool has_keys = std::filesystem::exists(task.data / sealing::key_store_name) ||
                          !std::filesystem::exists(task.data / sealing::credentials_name);
    Verification verification(**log, std::move(views), keys_of_views.has_value(), has_keys,
                              keys_of_folder(task.data, task.master_key_file));
    auto told = std::async(std::launch::async, [&] { return verification.run(); });
    const auto report =
        storage::verify(**log, {.keys_of = keys_of,
                                .marked_tail = marked_tail,
                                .anchors = {},
                                .go_on =
                                    [&](const storage::VerifyProgress& checked) {
                                        progress.show(checked.entries_checked + checked.keys_checked / 2 +
                                                      verification.done());
                                        return true;
                                    },
                                .problems_kept_max = problems_kept_max});
    while (told.wait_for(std::chrono::milliseconds(100)) != std::future_status::ready)
        progress.show(2 * size + verification.done());
    const Told beside = told.get();
    progress.finish();

    for (const auto& problem : report.problems)
        findings.add(problem.sentence);
    findings.total += report.problems_total - report.problems.size();
    const std::string signed_heads =
        checkpoints ? check_checkpoints(task.data, **log, *checkpoints, findings) : "checkpoints: not read";
    if (!checkpoints)
        findings.add("the checkpoints are damaged: " + checkpoints.error().sentence);
    const auto credentials =
        check_credentials(task.data, keys_of_folder(task.data, task.master_key_file), findings);
    print(findings);
    print(beside.findings);
    const bool sound = findings.none() && beside.findings.none() && report.is_sound();
    fmt::print("{}: log {}, {} entries, {} index keys\n", sound ? "sound" : "not sound", (*log)->log_id(),
               report.entries, report.keys);
    if (report.proven > 0)
        fmt::print("tree: as it was marked at {} entries\n", report.proven);
    else if (size > 0)
        fmt::print("tree: not held against a mark\n");
    fmt::print("{}\n", signed_heads);
    for (const std::string& fact : beside.facts)
        fmt::print("{}\n", fact);
    if (credentials)
        fmt::print("{}\n", *credentials);
    if (sound)
        return 0;
    const Size known =
        std::max(marked_tail ? marked_tail->size : 0,
                 checkpoints && !checkpoints->empty() ? checkpoints->back().checkpoint.size : 0);
    if (!write_ahead_logs || size < known) // more may be there than what opened
        print_salvage(task.data);
    fmt::print("mosty repair tells what of it is whole and proven\n");
    return 1;
}

} // namespace mosty::tools
