#pragma once

#include "domain/base/result.hpp"
#include "storage/rocksdb/open_error.hpp"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace mosty::storage {

struct Salvaged {
    std::uint64_t rows = 0;
    std::vector<std::string> damages; // a sentence for each file that is not whole
};

// Reads what is whole of a log's rows out of its tables and write-ahead logs, in whatever state they are
// in together, changing nothing. A row of a log is written once and never changed, so wherever a whole
// one is found it is the row; a table that the database no longer counts as its own only repeats rows.
// Index keys are passed over: they can be made from the entries.
//
// Every block of a table and every record of a write-ahead log has a checksum; one that is wrong is left
// out whole. An error only where the system refuses to list or read the files.
Result<Salvaged, OpenError>
salvage_rows(const std::filesystem::path& database_folder,
             const std::function<void(std::string_view row, std::string_view value)>& see);

} // namespace mosty::storage
