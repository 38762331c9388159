#include "storage/rocksdb/database_options.hpp"

#include <rocksdb/cache.h>
#include <rocksdb/filter_policy.h>
#include <rocksdb/slice_transform.h>
#include <rocksdb/sst_partitioner.h>
#include <rocksdb/table.h>

#include <memory>

namespace mosty::storage {

namespace {

constexpr std::size_t mebibyte = 1u << 20;

// What keys have in common that end in a growing number of eight bytes.
class AllButLastEight final : public rocksdb::SliceTransform {
public:
    const char* Name() const override { return "mosty.all_but_last_eight"; }
    rocksdb::Slice Transform(const rocksdb::Slice& key) const override {
        return {key.data(), key.size() - 8};
    }
    bool InDomain(const rocksdb::Slice& key) const override { return key.size() > 8; }
};

rocksdb::BlockBasedTableOptions table_options(std::size_t block_cache_bytes) {
    rocksdb::BlockBasedTableOptions table;
    // Each block carries a checksum that is checked on every read from disk: a flipped bit is an error,
    // never an answer.
    table.checksum = rocksdb::kXXH3;
    // A filter over whole keys: a key that is absent costs no read from disk. Every command looks up a
    // command id that is almost always absent.
    table.filter_policy.reset(rocksdb::NewBloomFilterPolicy(10));
    table.whole_key_filtering = true;
    // Filters and indexes stay in memory beside the cache: 10 bits a key, 1.25 MB a million keys.
    table.cache_index_and_filter_blocks = false;
    // Entries are read in runs, by catch-up and replay: larger blocks compress better and read faster.
    table.block_size = 16 * 1024;
    table.block_cache = rocksdb::NewLRUCache(block_cache_bytes);
    table.format_version = 5;
    return table;
}

rocksdb::Options common_options(std::size_t block_cache_bytes) {
    rocksdb::Options options;

    // Refuses to open over anything it finds wrong, instead of going on without it.
    options.paranoid_checks = true;
    options.force_consistency_checks = true;
    options.best_efforts_recovery = false;
    options.verify_sst_unique_id_in_manifest = true;
    options.skip_checking_sst_file_sizes_on_db_open = false;

    // Each key in memory is checked against eight bytes of its own on its way from batch to table, so a
    // bit flipped in memory is not written to disk as truth.
    options.memtable_protection_bytes_per_key = 8;

    // Writes are neither buffered by the library (manual_wal_flush has lost data after an automatic
    // recovery, RocksDB PR 12995) nor made visible out of order (unordered_write breaks snapshots), nor
    // compressed in the write-ahead log (declared unfinished in this version), nor into a recycled file:
    // check_write_ahead_logs() reads the plain format. One thread writes, so a
    // write pipeline has nothing to overlap.
    options.manual_wal_flush = false;
    options.unordered_write = false;
    options.enable_pipelined_write = false;
    options.wal_compression = rocksdb::kNoCompression;
    options.recycle_log_file_num = 0;

    // After a failed background write the database stays stopped until the process is restarted: no
    // quiet resumption after which we would not know what is on disk.
    options.max_bgerror_resume_count = 0;

    // A key just written is absent or found by a filter in memory as well, without a search of the skip
    // list: see table_options.
    options.memtable_whole_key_filtering = true;
    options.memtable_prefix_bloom_size_ratio = 0.05;

    // Most keys follow the last one with the same beginning: the skip list is searched from there, which
    // takes a third off an insert (measured with batches of 2,000 entries).
    options.memtable_insert_with_hint_prefix_extractor = std::make_shared<const AllButLastEight>();

    // Two cores: one background thread flushes, one compacts. Three buffers let a flush fall behind a
    // burst before writers wait.
    options.max_background_jobs = 2;
    options.write_buffer_size = 32 * mebibyte;
    options.max_write_buffer_number = 3;
    options.target_file_size_base = 64 * mebibyte;

    // Background writes reach the disk bit by bit: one large write-back would delay the next sync of
    // the write-ahead log.
    options.bytes_per_sync = mebibyte;

    // JSON shrinks to about half at a cost that two cores do not notice.
    options.compression = rocksdb::kLZ4Compression;

    // All files stay open: a reader beside the server needs that, and it saves a lookup a read.
    options.max_open_files = -1;
    options.is_fd_close_on_exec = true;

    // No periodic work and small logs of its own: an idle server is idle.
    options.stats_dump_period_sec = 0;
    options.stats_persist_period_sec = 0;
    options.info_log_level = rocksdb::WARN_LEVEL;
    options.max_log_file_size = 4 * mebibyte;
    options.keep_log_file_num = 4;
    options.max_manifest_file_size = 64 * mebibyte;

    options.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table_options(block_cache_bytes)));
    return options;
}

} // namespace

rocksdb::Options log_database_options(std::size_t block_cache_bytes) {
    rocksdb::Options options = common_options(block_cache_bytes);

    // A record cut short at the end of the write-ahead log is what a crash leaves, and was never
    // acknowledged; damage anywhere else is refused. The default mode would silently open with what
    // precedes the damage; the strictest would refuse after every crash. What this mode cannot see, the
    // durable mark sees (a write-ahead log that ends early) and check_write_ahead_logs() (a record whose
    // length was hit, which looks like an early end).
    options.wal_recovery_mode = rocksdb::WALRecoveryMode::kTolerateCorruptedTailRecords;
    // An older write-ahead log that is missing or shorter than it was when synced is refused: with the
    // mode above it would leave a hole.
    options.track_and_verify_wals_in_manifest = true;
    // What is recovered is written to a synced table before open returns, so that all of it is durable,
    // and not only what had been acknowledged.
    options.avoid_flush_during_recovery = false;

    // Every table is read back once and compared before the write-ahead log it came from is deleted.
    options.paranoid_file_checks = true;

    // Tables never hold keys of two kinds (the first byte). Entries arrive in order and are never
    // changed, so their tables overlap no others and move down the levels without being rewritten.
    options.sst_partitioner_factory = rocksdb::NewSstPartitionerFixedPrefixFactory(1);
    return options;
}

rocksdb::Options log_reader_options(std::size_t block_cache_bytes) {
    rocksdb::Options options = log_database_options(block_cache_bytes);
    options.create_if_missing = false;
    return options;
}

rocksdb::Options view_database_options(std::size_t block_cache_bytes) {
    rocksdb::Options options = common_options(block_cache_bytes);
    // Nothing here is synced, so a power cut may leave a hole in the write-ahead log: everything from
    // the first damage on is dropped, and the store is that of an earlier size of the log.
    options.wal_recovery_mode = rocksdb::WALRecoveryMode::kPointInTimeRecovery;
    options.avoid_flush_during_recovery = true;
    // A bit that flips in memory here is not the truth, and a rebuild compares: the check of each key on
    // its way costs more than a microsecond an edit.
    options.memtable_protection_bytes_per_key = 0;
    // Views are overwritten again and again: levels sized from the last one keep the waste near a tenth.
    options.level_compaction_dynamic_level_bytes = true;
    return options;
}

rocksdb::Options record_database_options() {
    rocksdb::Options options = common_options(1 * mebibyte);
    options.write_buffer_size = 1 * mebibyte;
    options.compression = rocksdb::kNoCompression; // so little, and what is to be gone can be looked for
    // A torn record at the end was never acknowledged; damage before it is refused.
    options.wal_recovery_mode = rocksdb::WALRecoveryMode::kTolerateCorruptedTailRecords;
    return options;
}

rocksdb::WriteOptions synced_write() {
    rocksdb::WriteOptions options;
    options.sync = true;
    options.protection_bytes_per_key = 8;
    return options;
}

rocksdb::WriteOptions unsynced_write() {
    rocksdb::WriteOptions options;
    options.sync = false;
    return options;
}

} // namespace mosty::storage
