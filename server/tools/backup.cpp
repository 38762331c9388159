#include "domain/codec/time.hpp"
#include "server/backup/heads.hpp"
#include "server/backup/prove.hpp"
#include "server/backup/write.hpp"
#include "server/tools/progress.hpp"
#include "server/tools/tools.hpp"
#include "server/tools/whole_log.hpp"
#include "storage/merkle/tree.hpp"
#include "storage/rocksdb/write_ahead_log.hpp"

#include <fmt/format.h>

#include <chrono>
#include <cstdio>

namespace mosty::tools {
namespace {

using backup::grouped;

constexpr std::string_view what_is_not_in_it =
    "not in it, and to be kept elsewhere: checkpoint.key, clients.key, credentials and credentials.key of "
    "the data folder; and keys and master.key, without which nobody reads again who people are, what texts "
    "say, and who may sign in";

std::int64_t now_ms() {
    using namespace std::chrono;
    return duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count();
}

int say(int code, std::string_view sentence) {
    fmt::print(stderr, "mosty backup: {}\n", sentence);
    return code;
}

int exit_code_of(backup::Fault::Code code) {
    return code == backup::Fault::Code::damaged || code == backup::Fault::Code::foreign ? 1 : 2;
}

// Refuses a place in the data folder, whatever links lead there.
Result<void, std::string> check_elsewhere(const std::filesystem::path& to,
                                          const std::filesystem::path& data) {
    std::error_code failure;
    std::filesystem::path place = std::filesystem::weakly_canonical(to, failure);
    for (; !failure; place = place.parent_path()) {
        if (std::filesystem::exists(place, failure) && std::filesystem::equivalent(place, data, failure))
            return std::unexpected(
                fmt::format("{} lies in the data folder that is to be saved, and would be lost with it: name "
                            "a folder elsewhere, best on another disk",
                            to.string()));
        if (!place.has_relative_path())
            break;
    }
    if (failure)
        return std::unexpected(fmt::format("cannot look at {}: {}", to.string(), failure.message()));
    return {};
}

// The log as it was marked and signed, or why it is not whole.
Result<backup::Heads, std::string> whole_heads(const storage::RocksLogReader& log, Size size,
                                               const std::filesystem::path& data) {
    if (const auto marked = log.marked_tail(); marked && marked->size > size)
        return std::unexpected(fmt::format(
            "{} entries were acknowledged, the log holds {}: mosty verify tells more", marked->size, size));
    auto heads = backup::heads_of_data(data, size);
    if (!heads || heads->checkpoints.empty())
        return heads;
    const auto& newest = heads->checkpoints.back().checkpoint;
    const auto root = storage::merkle::root_at(log, newest.size);
    if (!root)
        return std::unexpected(root.error().reason);
    if (*root != newest.root)
        return std::unexpected(
            fmt::format("the log's first {} entries are not those that were signed: mosty verify tells more",
                        newest.size));
    return heads;
}

void tell(const backup::Written& written, const backup::Heads& heads, double seconds) {
    const Size before = written.before ? written.before->size : 0;
    fmt::print("saved {} entries of log {}: {} of them new, {} files and {} bytes written and read back in "
               "{:.1f} s\n",
               grouped(written.now.size), written.now.log_id, grouped(written.now.size - before),
               grouped(written.files), grouped(written.bytes), seconds);
    if (heads.checkpoints.empty())
        fmt::print("the log has signed no checkpoint yet\n");
    else
        fmt::print("the newest checkpoint in it is of {} over {} entries\n",
                   heads.checkpoints.back().checkpoint.origin,
                   grouped(heads.checkpoints.back().checkpoint.size));
    fmt::print("{}\n", what_is_not_in_it);
}

} // namespace

int back_up(const config::Backup& task) {
    const auto begin = std::chrono::steady_clock::now();
    const auto log = open_whole_log(task.data);
    if (!log)
        return say(2, log.error());
    if (const auto elsewhere = check_elsewhere(task.to, task.data); !elsewhere)
        return say(2, elsewhere.error());
    const Size size = (*log)->size();
    // What is seen of a running server may not be on disk yet, and a backup must not be ahead of its log.
    if (auto synced = storage::sync_write_ahead_logs(task.data / "log"); !synced)
        return say(2, synced.error());
    const auto heads = whole_heads(**log, size, task.data);
    if (!heads)
        return say(1, heads.error());

    Progress progress("saved", 2 * size);
    const auto written = backup::write(**log, size, heads->as_bytes(), task.to, codec::format_time(now_ms()),
                                       [&](Size done) { progress.show(done); });
    progress.finish();
    if (!written)
        return say(exit_code_of(written.error().code), written.error().sentence);
    tell(*written, *heads, std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count());
    return 0;
}

} // namespace mosty::tools
