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
    std::vector<std::string> damages; // a sentence for each place where a file is not whole
};

// How sure it is that a row was written so.
enum class Standing {
    checked, // the checksum over it is right
    guessed, // it lies in a damaged append, and may be anything: only the tree can prove it
};

// Reads what is left of a log's rows out of its tables and write-ahead logs, in whatever state they are
// in together, changing nothing. A row of a log is written once and never changed, so wherever a checked
// one is found it is the row; a table that the database no longer counts as its own only repeats rows.
// Index keys are passed over: they can be made from the entries.
//
// Every block of a table and every record of a write-ahead log has a checksum. A block whose checksum is
// wrong is left out whole; of such a record what looks like rows is passed on as guesses.
// An error only where the system refuses to list or read the files.
Result<Salvaged, OpenError>
salvage_rows(const std::filesystem::path& database_folder,
             const std::function<void(std::string_view row, std::string_view value, Standing standing)>& see);

} // namespace mosty::storage
