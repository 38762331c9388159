#include "storage/rocksdb/rocks_event_log.hpp"

#include "domain/base/invariant.hpp"
#include "storage/check_batch.hpp"
#include "storage/merkle/tree.hpp"
#include "storage/rocksdb/database_options.hpp"
#include "storage/rocksdb/durable_mark.hpp"
#include "storage/rocksdb/folder.hpp"
#include "storage/rocksdb/mark_keeper.hpp"
#include "storage/rocksdb/open_status.hpp"
#include "storage/rocksdb/tree_recovery.hpp"
#include "storage/rocksdb/write_ahead_log.hpp"

#include <fmt/format.h>
#include <openssl/rand.h>
#include <rocksdb/db.h>
#include <rocksdb/env.h>
#include <rocksdb/write_batch.h>

#include <algorithm>
#include <array>

namespace mosty::storage {

struct RocksEventLog::Opened {
    FileDescriptor lock;
    std::unique_ptr<rocksdb::Env> env;
    std::unique_ptr<rocksdb::DB> database;
    std::string log_id;
    Size size = 0;
};

namespace {

using Code = OpenError::Code;

std::unexpected<OpenError> refuse(Code code, std::string sentence) {
    return std::unexpected(OpenError{code, std::move(sentence)});
}

std::string random_log_id() {
    std::array<unsigned char, 16> bytes;
    MOSTY_INVARIANT(RAND_bytes(bytes.data(), bytes.size()) == 1, "the system has randomness");
    std::string id;
    for (const unsigned char byte : bytes)
        id += fmt::format("{:02x}", byte);
    return id;
}

// All that write-ahead logs hold together: no more than this can come out of their recovery.
std::uintmax_t wal_bytes(const std::filesystem::path& database_folder) {
    std::uintmax_t bytes = 0;
    std::error_code error;
    for (const auto& file : std::filesystem::directory_iterator(database_folder, error))
        if (file.path().extension() == ".log")
            bytes += file.file_size(error);
    return bytes;
}

struct Identity {
    std::string log_id;
    bool has_tree = true;
};

// What a database says of itself; a new log id, durable, when the database was just made.
Result<Identity, OpenError> identify(rocksdb::DB& database, const EntryTable& table) {
    const auto format = table.fact(format_row);
    const auto log_id = table.fact(log_id_row);
    const auto size = table.find_size();
    if (!format)
        return refuse(Code::corrupted, format.error().reason);
    if (!log_id)
        return refuse(Code::corrupted, log_id.error().reason);
    if (!size)
        return refuse(Code::corrupted, size.error().reason);

    if (!*format && !*log_id) {
        if (*size != 0)
            return refuse(Code::corrupted, "the log has entries but no log id");
        std::string fresh = random_log_id();
        rocksdb::WriteBatch batch;
        batch.Put(format_row, log_format);
        batch.Put(log_id_row, fresh);
        if (const auto status = database.Write(synced_write(), &batch); !status.ok())
            return refuse(Code::io, fmt::format("cannot begin the log: {}", status.ToString()));
        return Identity{std::move(fresh)};
    }
    const bool has_tree = *format == log_format;
    if (!has_tree && *format != log_format_without_tree)
        return refuse(Code::format, fmt::format("the log has format {:?}, this program writes {:?}",
                                                format->value_or(""), log_format));
    if (!*log_id || (*log_id)->size() != 32)
        return refuse(Code::corrupted, "the log has no log id");
    return Identity{**log_id, has_tree};
}

// Compares what the database holds with what the mark remembers.
Result<void, OpenError> check_against_mark(const DurableMark::Contents& mark, const MarkedTail& found,
                                           const EntryTable& table) {
    if (!mark.newest) {
        if (mark.of_other_format)
            return refuse(Code::format, "the durable mark has another format");
        if (found.size == 0)
            return {};
        return refuse(Code::corrupted,
                      mark.file_exists
                          ? "both slots of the durable mark are unreadable"
                          : "the durable mark is missing, so nobody can tell whether the log is whole");
    }
    const MarkedTail& marked = mark.newest->tail;
    if (marked.size > found.size)
        return refuse(
            Code::missing_acknowledged,
            fmt::format("the log holds {} entries, but {} were acknowledged", found.size, marked.size));
    if (marked.size == 0)
        return {};
    if (marked.log_id != found.log_id)
        return refuse(Code::corrupted, fmt::format("the durable mark belongs to log {}, but this is log {}",
                                                   marked.log_id, found.log_id));
    const auto last = table.read(marked.size - 1, 1, found.size);
    if (!last)
        return refuse(Code::corrupted, last.error().reason);
    if (sha256(last->front().bytes) != marked.last_entry_hash)
        return refuse(Code::missing_acknowledged,
                      fmt::format("entry {} is not the one that was acknowledged", marked.size - 1));
    return {};
}

// The same of the tree, whose root stands for every entry.
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

Result<MarkedTail, OpenError> find_tail(std::string log_id, const EntryTable& table,
                                        std::uintmax_t recovered) {
    const auto size = table.find_size();
    if (!size)
        return refuse(Code::corrupted, size.error().reason);
    if (auto dense = table.check_dense_tail(*size, recovered); !dense)
        return refuse(Code::corrupted, fmt::format("the log has a hole: {}", dense.error().reason));
    MarkedTail tail{.log_id = std::move(log_id), .size = *size};
    if (*size == 0)
        return tail;
    const auto last = table.read(*size - 1, 1, *size);
    if (!last)
        return refuse(Code::corrupted, last.error().reason);
    tail.last_entry_hash = sha256(last->front().bytes);
    return tail;
}

} // namespace

Result<std::unique_ptr<RocksEventLog>, OpenError> RocksEventLog::open(const std::filesystem::path& data_dir,
                                                                      const OpenOptions& options) {
    Opened opened;
    const std::filesystem::path database_folder = data_dir / "log";
    if (auto made = make_private_folder(database_folder); !made)
        return std::unexpected(made.error());
    auto lock = lock_folder(data_dir / "lock");
    if (!lock)
        return std::unexpected(lock.error());
    opened.lock = std::move(*lock);

    const std::filesystem::path mark_file = data_dir / "mark";
    const auto mark = DurableMark::look(mark_file);
    if (!mark)
        return refuse(Code::io, mark.error());

    const bool exists = std::filesystem::exists(database_folder / "CURRENT");
    if (!exists && mark->newest && mark->newest->tail.size > 0)
        return refuse(
            Code::missing_acknowledged,
            fmt::format("the log is gone, but {} entries were acknowledged", mark->newest->tail.size));

    rocksdb::Options database_options = log_database_options(options.block_cache_bytes);
    database_options.create_if_missing = !exists;
    database_options.write_buffer_size = options.write_buffer_bytes;
    if (options.file_system) {
        opened.env = rocksdb::NewCompositeEnv(options.file_system);
        database_options.env = opened.env.get();
    }
    if (auto whole = check_write_ahead_logs(database_folder); !whole)
        return refuse(Code::corrupted, whole.error());
    const std::uintmax_t recovered = wal_bytes(database_folder);
    rocksdb::DB* database = nullptr;
    const auto status = rocksdb::DB::Open(database_options, database_folder.string(), &database);
    opened.database.reset(database);
    if (!status.ok())
        return std::unexpected(open_error(status, exists));

    const EntryTable table(*opened.database);
    auto identity = identify(*opened.database, table);
    if (!identity)
        return std::unexpected(identity.error());
    auto tail = find_tail(identity->log_id, table, recovered);
    if (!tail)
        return std::unexpected(tail.error());
    if (auto whole = check_against_mark(*mark, *tail, table); !whole)
        return std::unexpected(whole.error());
    if (!identity->has_tree)
        if (auto grown = grow_tree(*opened.database, tail->size); !grown)
            return std::unexpected(grown.error());

    opened.log_id = tail->log_id;
    opened.size = tail->size;
    std::unique_ptr<RocksEventLog> log(new RocksEventLog(std::move(opened)));
    auto tree = recover_tree(*log, log->tree_table_);
    if (!tree)
        return std::unexpected(tree.error());
    log->tree_ = *tree;
    tail->root = tree->root();
    if (auto same = check_marked_root(*mark, *log); !same)
        return std::unexpected(same.error());

    auto mark_writer = DurableMark::open(mark_file, mark->newest ? mark->newest->sequence : 0);
    if (!mark_writer)
        return refuse(Code::io, mark_writer.error());
    if (auto written = mark_writer->write(*tail); !written)
        return refuse(Code::io, written.error());
    log->mark_ = std::make_unique<MarkKeeper>(std::move(*mark_writer), std::move(*tail), options.mark_delay);
    return log;
}

RocksEventLog::RocksEventLog(Opened opened)
    : lock_(std::move(opened.lock)), env_(std::move(opened.env)), database_(std::move(opened.database)),
      table_(*database_), tree_table_(*database_), log_id_(std::move(opened.log_id)), size_(opened.size),
      size_under_way_(opened.size) {}

RocksEventLog::~RocksEventLog() = default;

Result<void, AppendError> RocksEventLog::append(std::span<const NewEntry> batch, Size expected_size) {
    check_batch(batch, batch_limits);
    if (failed_ || mark_->has_failed())
        return std::unexpected(AppendError::unknown);
    const Size size_before = size();
    if (expected_size != size_before)
        return std::unexpected(AppendError::conflict);
    if (batch.empty())
        return {};
    index_rows_.clear();
    for (const NewEntry& entry : batch)
        for (const IndexKey& key : entry.keys)
            index_rows_.push_back(index_row(key));
    const auto key_exists = table_.holds_any(index_rows_);
    if (!key_exists) { // what cannot be read must not be written over
        failed_ = true;
        return std::unexpected(AppendError::unknown);
    }
    MOSTY_INVARIANT(!*key_exists, "an index key names exactly one entry");

    rocksdb::WriteBatch writes(0, 0, /*protection_bytes_per_key=*/8, 0);
    growth_.clear();
    Position position = size_before;
    auto next_index_row = index_rows_.begin();
    for (const NewEntry& entry : batch) {
        writes.Put(entry_row(position), entry.bytes);
        growth_.add(tree_, merkle::leaf_hash(entry.bytes));
        for (std::size_t key = 0; key < entry.keys.size(); ++key)
            writes.Put(*next_index_row++, position_value(position));
        ++position;
    }
    put_growth(writes, growth_);
    size_under_way_.store(position, std::memory_order_release);
    if (!database_->Write(synced_write(), &writes).ok()) {
        failed_ = true;
        return std::unexpected(AppendError::unknown);
    }
    size_.store(position, std::memory_order_release);
    mark_->advance(position, batch.back().bytes, tree_.root());
    return {};
}

Result<std::vector<Entry>, ReadError> RocksEventLog::read(Position from, std::size_t count_max) const {
    return table_.read(from, count_max, size());
}

Result<std::optional<Position>, ReadError> RocksEventLog::find(std::string_view key) const {
    auto found = table_.find(key);
    if (found && *found && is_under_way(**found))
        return std::nullopt;
    return found;
}

Result<std::vector<KeyedPosition>, ReadError>
RocksEventLog::scan(std::string_view prefix, std::string_view from, std::size_t count_max) const {
    return table_.scan(prefix, from, count_max, [this](Position position) { return is_under_way(position); });
}

Result<std::vector<merkle::Hash>, ReadError> RocksEventLog::hashes(unsigned level, std::uint64_t from,
                                                                   std::size_t count_max) const {
    return tree_table_.hashes(level, from, count_max, size());
}

bool RocksEventLog::mark_now() {
    return mark_->mark_now();
}

bool RocksEventLog::is_under_way(Position position) const {
    return position >= size() && position < size_under_way_.load(std::memory_order_acquire);
}

} // namespace mosty::storage
