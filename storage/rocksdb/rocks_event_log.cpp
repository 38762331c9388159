#include "storage/rocksdb/rocks_event_log.hpp"

#include "domain/base/invariant.hpp"
#include "storage/check_batch.hpp"
#include "storage/merkle/tree.hpp"
#include "storage/rocksdb/database_options.hpp"
#include "storage/rocksdb/durable_mark.hpp"
#include "storage/rocksdb/folder.hpp"
#include "storage/rocksdb/mark_check.hpp"
#include "storage/rocksdb/mark_keeper.hpp"
#include "storage/rocksdb/open_status.hpp"
#include "storage/rocksdb/rocks_log_reader.hpp"
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

Result<MarkedTail, OpenError> find_tail(std::string log_id, const EntryTable& table) {
    const auto size = table.find_size();
    if (!size)
        return refuse(Code::corrupted, size.error().reason);
    MarkedTail tail{.log_id = std::move(log_id), .size = *size};
    if (*size == 0)
        return tail;
    const auto last = table.read(*size - 1, 1, *size);
    if (!last)
        return refuse(Code::corrupted, last.error().reason);
    tail.last_entry_hash = sha256(last->front().bytes);
    return tail;
}

// Opening for writing recovers: RocksDB then deletes files of which it took all that it can read. So whatever
// may be refused is refused before, by a look that changes nothing. Answers the size that was seen.
Result<Size, OpenError> look_before_writing(const std::filesystem::path& data_dir,
                                            const OpenOptions& options) {
    if (auto whole = check_write_ahead_logs(data_dir / "log"); !whole)
        return refuse(Code::corrupted, whole.error());
    const auto seen = RocksLogReader::open(data_dir, Accept::unfinished);
    if (!seen)
        return std::unexpected(seen.error());
    if (options.check)
        if (auto fit = options.check(**seen); !fit)
            return std::unexpected(std::move(fit.error()));
    return (*seen)->size();
}

// A folder without the file by which RocksDB finds the others: it would begin anew and delete them.
Result<void, OpenError> check_nothing_there(const std::filesystem::path& database_folder) {
    std::error_code error;
    for (const auto& file : std::filesystem::directory_iterator(database_folder, error))
        if (file.path().extension() == ".sst" || file.path().extension() == ".log")
            return refuse(Code::corrupted,
                          fmt::format("{} is gone, but {} is there", (database_folder / "CURRENT").string(),
                                      file.path().filename().string()));
    return {};
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
    Size size_seen = 0;
    if (exists) {
        const auto seen = look_before_writing(data_dir, options);
        if (!seen)
            return std::unexpected(seen.error());
        size_seen = *seen;
    } else if (auto nothing = check_nothing_there(database_folder); !nothing) {
        return std::unexpected(nothing.error());
    }

    rocksdb::Options database_options = log_database_options(options.block_cache_bytes);
    database_options.create_if_missing = !exists;
    database_options.write_buffer_size = options.write_buffer_bytes;
    if (options.file_system) {
        opened.env = rocksdb::NewCompositeEnv(options.file_system);
        database_options.env = opened.env.get();
    }
    rocksdb::DB* database = nullptr;
    const auto status = rocksdb::DB::Open(database_options, database_folder.string(), &database);
    opened.database.reset(database);
    if (!status.ok())
        return std::unexpected(open_error(status, exists));

    const EntryTable table(*opened.database);
    auto identity = identify(*opened.database, table);
    if (!identity)
        return std::unexpected(identity.error());
    auto tail = find_tail(identity->log_id, table);
    if (!tail)
        return std::unexpected(tail.error());
    if (tail->size != size_seen)
        return refuse(Code::corrupted,
                      fmt::format("{} entries could be read before the log was opened, {} after", size_seen,
                                  tail->size));
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
    if (!identity->has_tree) // which the look could not see
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
