#include "storage/rocksdb/mark_check.hpp"

#include "storage/merkle/tree.hpp"

#include <fmt/format.h>

#include <utility>

namespace mosty::storage {

namespace {

using Code = OpenError::Code;

std::unexpected<OpenError> refuse(Code code, std::string sentence) {
    return std::unexpected(OpenError{code, std::move(sentence)});
}

Result<void, OpenError> check_without_mark(const DurableMark::Contents& mark, const LogReader& log) {
    if (mark.of_other_format)
        return refuse(Code::format, "the durable mark has another format");
    if (log.size() == 0)
        return {};
    return refuse(Code::corrupted, mark.file_exists ? "both slots of the durable mark are unreadable"
                                                    : "the durable mark is missing, so nobody can tell "
                                                      "whether the log is whole");
}

} // namespace

Result<void, OpenError> check_marked_root(const DurableMark::Contents& mark, const LogReader& log) {
    if (!mark.newest || !mark.newest->tail.root)
        return {};
    const MarkedTail& marked = mark.newest->tail;
    const auto root = merkle::root_at(log, marked.size);
    if (!root)
        return refuse(Code::corrupted, root.error().reason);
    if (*root != *marked.root)
        return refuse(
            Code::corrupted,
            fmt::format("the tree of the first {} entries is not the one that was marked", marked.size));
    return {};
}

Result<void, OpenError> check_against_mark(const DurableMark::Contents& mark, const LogReader& log) {
    if (!mark.newest)
        return check_without_mark(mark, log);
    const MarkedTail& marked = mark.newest->tail;
    if (marked.size > log.size())
        return refuse(
            Code::missing_acknowledged,
            fmt::format("the log holds {} entries, but {} were acknowledged", log.size(), marked.size));
    if (marked.size == 0)
        return {};
    if (marked.log_id != log.log_id())
        return refuse(Code::corrupted, fmt::format("the durable mark belongs to log {}, but this is log {}",
                                                   marked.log_id, log.log_id()));
    const auto last = log.read(marked.size - 1, 1);
    if (!last)
        return refuse(Code::corrupted, last.error().reason);
    if (sha256(last->front().bytes) != marked.last_entry_hash)
        return refuse(Code::missing_acknowledged,
                      fmt::format("entry {} is not the one that was acknowledged", marked.size - 1));
    return {};
}

} // namespace mosty::storage
