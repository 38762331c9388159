#pragma once

#include "domain/base/result.hpp"
#include "storage/log_reader.hpp"
#include "storage/merkle/frontier.hpp"
#include "storage/rocksdb/open_error.hpp"
#include "storage/rocksdb/tree_table.hpp"

namespace rocksdb {
class DB;
}

namespace mosty::storage {

// Makes the tree of a log that has none, from its entries, and gives the log the format that says so.
// Ended early it can be done again.
Result<void, OpenError> grow_tree(rocksdb::DB& database, Size size);

// What is needed to go on with a log's tree. Refuses a tree that does not end where the log does, or
// whose last tiles contradict the last entries or each other.
Result<merkle::Frontier, OpenError> recover_tree(const LogReader& log, const TreeTable& tree);

} // namespace mosty::storage
