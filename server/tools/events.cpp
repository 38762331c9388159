#include "domain/codec/entry.hpp"
#include "server/tools/tools.hpp"
#include "storage/rocksdb/rocks_log_reader.hpp"

#include <fmt/format.h>

#include <cstdio>

namespace mosty::tools {
namespace {

constexpr std::size_t entries_at_once = 512;

} // namespace

int print_events(const config::Events& task) {
    const auto log = storage::RocksLogReader::open(task.data);
    if (!log) {
        fmt::print(stderr, "mosty events: {}\n", log.error().sentence);
        return 2;
    }
    for (Position from = task.from;;) {
        const auto entries = (*log)->read(from, entries_at_once);
        if (!entries) {
            fmt::print(stderr, "mosty events: {}\n", entries.error().reason);
            return 2;
        }
        if (entries->empty())
            break;
        for (const auto& entry : *entries) {
            if (!task.stream.empty() || !task.type.empty()) {
                const auto envelope = codec::decode_envelope(entry.bytes);
                if (!envelope) {
                    fmt::print(stderr, "mosty events: the entry at {} cannot be read: {}\n", entry.position,
                               envelope.error().what);
                    return 2;
                }
                if (!task.stream.empty() && envelope->stream.text() != task.stream)
                    continue;
                if (!task.type.empty() && envelope->type != task.type)
                    continue;
            }
            // Whoever reads may stop early: `mosty events | head` is no fault.
            if (std::fwrite(entry.bytes.data(), 1, entry.bytes.size(), stdout) != entry.bytes.size() ||
                std::fputc('\n', stdout) == EOF)
                return 0;
        }
        from += entries->size();
    }
    return std::fflush(stdout) == 0 ? 0 : 2;
}

} // namespace mosty::tools
