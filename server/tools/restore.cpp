#include "server/backup/restore.hpp"

#include "server/audit/keeper.hpp"
#include "server/backup/files.hpp"
#include "server/backup/prove.hpp"
#include "server/tools/progress.hpp"
#include "server/tools/tools.hpp"
#include "storage/rocksdb/folder.hpp"
#include "storage/rocksdb/rocks_event_log.hpp"

#include <fmt/format.h>

#include <csignal>
#include <cstdio>
#include <unistd.h>

namespace mosty::tools {
namespace {

namespace fs = std::filesystem;
using backup::grouped;

// In the folder that a restore builds beside its target: proof that it is ours to delete.
constexpr const char* unfinished_name = "unfinished-restore";
constexpr std::size_t note_bytes_max = audit::note_bytes_max;

// RocksDB as Debian builds it aborts when a write fails after another that failed: a full disk must still end
// in a sentence.
void end_without_database(int) {
    constexpr std::string_view sentence =
        "mosty restore: the database cannot be written: is there room enough "
        "on the disk? Nothing was restored\n";
    [[maybe_unused]] const auto written = ::write(STDERR_FILENO, sentence.data(), sentence.size());
    ::_exit(2);
}

class Restoring {
public:
    explicit Restoring(const config::Restore& task) : task_(task) {}

    int run() {
        if (auto refused = refuse_target())
            return say(2, *refused);
        const auto manifest = backup::read_manifest(task_.from);
        if (!manifest)
            return say(1, manifest.error());
        if (!*manifest)
            return say(2, fmt::format("there is no backup in {}", task_.from.string()));
        std::optional<audit::SignedCheckpoint> outside;
        if (task_.checkpoint) {
            auto opened = open_outside(**manifest);
            if (!opened)
                return say(2, opened.error());
            outside = std::move(*opened);
        }

        Progress checking("checked", (*manifest)->size);
        const auto proof =
            backup::prove(task_.from, **manifest, outside, [&](Size checked) { checking.show(checked); });
        checking.finish();
        for (const auto& sentence : proof.damage)
            fmt::print("damaged: {}\n", sentence);
        for (const auto& sentence : proof.wrong)
            fmt::print("wrong: {}\n", sentence);
        for (const auto& sentence : proof.proven)
            fmt::print("proven: {}\n", sentence);
        if (task_.data.empty()) {
            fmt::print("{}: log {}, {} entries\n", proof.is_sound() ? "sound" : "not sound",
                       (*manifest)->log_id, grouped((*manifest)->size));
            return proof.is_sound() ? 0 : 1;
        }
        if (!proof.entries_proven)
            return say(1, "nothing was restored");
        if ((!proof.heads_proven || !proof.wrong.empty()) && !task_.accept_missing)
            return say(1, "nothing was restored; --accept-missing restores what is proven");
        return fill(**manifest, proof);
    }

private:
    int say(int code, std::string_view sentence) const {
        fmt::print(stderr, "mosty {}: {}\n", task_.data.empty() ? "check-backup" : "restore", sentence);
        return code;
    }

    // A restore never adds to something that is there.
    std::optional<std::string> refuse_target() const {
        std::error_code error;
        if (task_.data.empty() || !fs::exists(task_.data, error))
            return std::nullopt;
        if (!fs::is_directory(task_.data, error) || !fs::is_empty(task_.data, error))
            return fmt::format("{} is not empty: name a folder that is not there yet", task_.data.string());
        return std::nullopt;
    }

    Result<audit::SignedCheckpoint, std::string> open_outside(const backup::Manifest& manifest) const {
        const auto bytes = backup::read_file(*task_.checkpoint, note_bytes_max);
        if (!bytes)
            return std::unexpected(bytes.error().sentence);
        const std::string vkey = task_.key.value_or(manifest.key);
        if (vkey.empty())
            return std::unexpected("the backup knows no key: give the one that signed the checkpoint, --key");
        const auto key = audit::VerifierKey::parse(vkey);
        if (!key)
            return std::unexpected("the key: " + key.error().sentence);
        auto opened = audit::open_checkpoint(*bytes, *key);
        if (!opened)
            return std::unexpected(
                fmt::format("{}: {}", task_.checkpoint->string(), opened.error().sentence));
        return std::move(*opened);
    }

    // Beside the target, so that it appears whole or not at all.
    int fill(const backup::Manifest& manifest, const backup::Proof& proof) {
        const fs::path target = fs::absolute(task_.data).lexically_normal();
        const fs::path clean = target.has_filename() ? target : target.parent_path();
        const fs::path staging = clean.string() + ".restoring";
        if (auto failed = begin(staging))
            return say(2, *failed);
        std::string log_id;
        std::signal(SIGABRT, end_without_database);
        {
            auto log = storage::RocksEventLog::open(staging);
            if (!log)
                return say(2, log.error().sentence);
            log_id = (*log)->log_id();
            Progress progress("restored", manifest.size);
            const auto filled =
                backup::restore(task_.from, manifest, **log, [&](Size restored) { progress.show(restored); });
            progress.finish();
            if (!filled)
                return say(filled.error().code == backup::Fault::Code::damaged ? 1 : 2,
                           filled.error().sentence);
        }
        if (auto failed = finish(staging, clean, proof))
            return say(2, *failed);
        fmt::print("restored {} entries into {} as log {}, formerly {}\n", grouped(manifest.size),
                   clean.string(), log_id, manifest.log_id);
        fmt::print("clients begin anew with what it holds and keep what they have not sent yet\n"
                   "put keys and master.key beside it before the first start: they open what is sealed\n");
        if (!proof.wrong.empty())
            fmt::print("more was signed than is here: do not put checkpoint.key back, and give this log "
                       "another origin; otherwise auditors see a forked log\n");
        else
            tell_origin(manifest);
        return 0;
    }

    // A log without an origin of its own is named by its id, which is new now: auditors would not know it.
    static void tell_origin(const backup::Manifest& manifest) {
        if (const auto key = audit::VerifierKey::parse(manifest.key))
            fmt::print("to be known to auditors and witnesses as before, put checkpoint.key back before the "
                       "first start, and set in the file of --config:\n[log]\norigin = \"{}\"\n",
                       key->name());
    }

    static std::optional<std::string> begin(const fs::path& staging) {
        std::error_code error;
        if (fs::exists(staging, error)) {
            if (!fs::exists(staging / unfinished_name, error))
                return fmt::format("{} is in the way", staging.string());
            fs::remove_all(staging, error);
            if (error)
                return fmt::format("cannot remove {}: {}", staging.string(), error.message());
        }
        if (auto made = storage::make_private_folder(staging); !made)
            return made.error().sentence;
        if (auto marked = backup::write_file(staging / unfinished_name, ""); !marked)
            return marked.error();
        return std::nullopt;
    }

    static std::optional<std::string> finish(const fs::path& staging, const fs::path& target,
                                             const backup::Proof& proof) {
        if (proof.heads_proven && !proof.heads.checkpoints.empty())
            if (auto kept = backup::write_file(staging / audit::checkpoint_file_name,
                                               proof.heads.as_bytes().checkpoints);
                !kept)
                return kept.error();
        std::error_code error;
        fs::remove(staging / unfinished_name, error);
        if (auto failure = storage::sync_folder(staging))
            return failure;
        fs::rename(staging, target, error);
        if (error)
            return fmt::format("cannot name {}: {}", target.string(), error.message());
        return storage::sync_folder(target.parent_path());
    }

    const config::Restore& task_;
};

} // namespace

int restore_folder(const config::Restore& task) {
    return Restoring(task).run();
}

} // namespace mosty::tools
