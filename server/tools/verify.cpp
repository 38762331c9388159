#include "storage/verify.hpp"

#include "domain/codec/index_keys.hpp"
#include "server/tools/progress.hpp"
#include "server/tools/tools.hpp"
#include "storage/rocksdb/rocks_log_reader.hpp"

#include <fmt/format.h>

#include <cstdio>
#include <string>
#include <vector>

namespace mosty::tools {
namespace {

// Entries whose bytes are no event of ours: the index check cannot see those.
std::vector<std::string> unreadable_entries(const storage::LogReader& log, Size size, Progress& progress) {
    constexpr std::size_t problems_max = 100;
    std::vector<std::string> problems;
    for (Position from = 0; from < size && problems.size() < problems_max;) {
        const auto entries = log.read(from, 512);
        if (!entries || entries->empty())
            break; // the index check has said so
        for (const auto& entry : *entries)
            if (const auto decoded = codec::decode_entry(entry.bytes); !decoded)
                problems.push_back(fmt::format("the entry at {} is no event of ours: {}", entry.position,
                                               decoded.error().what));
        from += entries->size();
        progress.show(size + from);
    }
    return problems;
}

} // namespace

int verify_folder(const config::Verify& task) {
    const auto log = storage::RocksLogReader::open(task.data);
    if (!log) {
        fmt::print(stderr, "mosty verify: {}\n", log.error().sentence);
        return 2;
    }
    const Size size = (*log)->size();
    Progress progress("checked", 3 * size);
    const auto report =
        storage::verify(**log, {.keys_of =
                                    [](std::string_view bytes) {
                                        auto keys = codec::index_keys_of(bytes);
                                        return keys ? std::move(*keys) : std::vector<std::string>{};
                                    },
                                .marked_tail = (*log)->marked_tail(),
                                .go_on =
                                    [&](const storage::VerifyProgress& checked) {
                                        progress.show(checked.entries_checked);
                                        return true;
                                    }});
    const auto unreadable = unreadable_entries(**log, size, progress);
    progress.finish();

    for (const auto& problem : report.problems)
        fmt::print("wrong: {}\n", problem.sentence);
    for (const auto& problem : unreadable)
        fmt::print("wrong: {}\n", problem);
    if (report.problems_total > report.problems.size())
        fmt::print("wrong: {} more\n", report.problems_total - report.problems.size());
    const bool sound = report.is_sound() && unreadable.empty();
    fmt::print("{}: log {}, {} entries, {} index keys\n", sound ? "sound" : "not sound", (*log)->log_id(),
               report.entries, report.keys);
    return sound ? 0 : 1;
}

} // namespace mosty::tools
