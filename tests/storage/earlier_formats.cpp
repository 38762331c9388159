#include "tests/storage/earlier_formats.hpp"

#include "domain/base/invariant.hpp"
#include "storage/big_endian.hpp"
#include "storage/crc32c.hpp"
#include "storage/rocksdb/database_options.hpp"
#include "storage/rocksdb/entry_table.hpp"

#include <rocksdb/db.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>

namespace mosty::storage {

void make_mark_without_root(const std::filesystem::path& mark_file) {
    std::ifstream from(mark_file, std::ios::binary);
    std::string bytes{std::istreambuf_iterator<char>(from), {}};
    from.close();
    MOSTY_INVARIANT(bytes.size() == 8'192, "a mark has two slots");
    for (char* slot : {bytes.data(), bytes.data() + 4'096}) {
        if (std::string_view(slot, 8) != "mostymrk")
            continue; // never written
        put_big_endian(slot + 8, std::uint32_t{1});
        std::fill_n(slot + 96, 32, '\0');
        put_big_endian(slot + 4'092, crc32c(std::string_view(slot, 4'092)));
    }
    std::ofstream(mark_file, std::ios::binary) << bytes;
}

void make_log_without_tree(const std::filesystem::path& data_dir) {
    rocksdb::DB* opened = nullptr;
    const auto status =
        rocksdb::DB::Open(log_database_options(1u << 20), (data_dir / "log").string(), &opened);
    MOSTY_INVARIANT(status.ok(), "the log is closed and whole");
    const std::unique_ptr<rocksdb::DB> database(opened);
    rocksdb::WriteBatch writes;
    writes.Put(format_row, "1");
    const std::unique_ptr<rocksdb::Iterator> cursor(database->NewIterator(rocksdb::ReadOptions()));
    for (cursor->Seek("t"); cursor->Valid() && cursor->key().starts_with("t"); cursor->Next())
        writes.Delete(cursor->key());
    MOSTY_INVARIANT(database->Write(synced_write(), &writes).ok(), "a test can write");
    make_mark_without_root(data_dir / "mark");
}

} // namespace mosty::storage
