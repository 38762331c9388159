#pragma once

#include <rocksdb/options.h>

#include <cstddef>

namespace mosty::storage {

// How the log's database is run. Every setting that a promise rests on is named with its reason, also
// where it is RocksDB's default today.
rocksdb::Options log_database_options(std::size_t block_cache_bytes);

// How a second process reads the log's database beside its server.
rocksdb::Options log_reader_options(std::size_t block_cache_bytes);

// How derived data is kept: fast, consistent, and lost without regret.
rocksdb::Options view_database_options(std::size_t block_cache_bytes);

// How a few thousand small records are kept that nothing could restore.
rocksdb::Options record_database_options();

// An append is acknowledged when its record of the write-ahead log is on disk.
rocksdb::WriteOptions synced_write();

// A view batch is acknowledged when the operating system has it.
rocksdb::WriteOptions unsynced_write();

} // namespace mosty::storage
