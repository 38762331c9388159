#pragma once

#include "domain/base/result.hpp"
#include "storage/log_reader.hpp"
#include "storage/rocksdb/durable_mark.hpp"
#include "storage/rocksdb/open_error.hpp"

namespace mosty::storage {

// Refuses a log that lacks entries that its mark remembers, or holds another one there. The mark must have
// been looked at before the log's size was taken.
Result<void, OpenError> check_against_mark(const DurableMark::Contents& mark, const LogReader& log);

// The same of its tree, whose root stands for every entry.
Result<void, OpenError> check_marked_root(const DurableMark::Contents& mark, const LogReader& log);

} // namespace mosty::storage
