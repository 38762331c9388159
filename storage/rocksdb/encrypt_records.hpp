#pragma once

#include "domain/base/result.hpp"
#include "storage/rocksdb/open_error.hpp"

#include <cstddef>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>

namespace mosty::storage {

// Called after each step, for a test that ends the process there.
using SeeStep = std::function<void()>;

// Brings a store of records (rocks_record_store.hpp) that is kept in the clear under `key`, and destroys what
// was in the clear. Answers how many records that were; nothing when there was nothing to do. For the one who
// holds the data folder's lock, before the store is opened.
//
// FOLDER.encrypted is the copy under way: written, synced and read back. Then FOLDER becomes FOLDER.clear,
// the copy becomes FOLDER, and the files of FOLDER.clear are overwritten and deleted. Whenever that is cut
// short, by a crash or an error, the next call goes on or begins anew, and no record is lost or twice there.
// A store that is damaged, or under another key, is left as it is.
Result<std::optional<std::size_t>, OpenError> encrypt_records(const std::filesystem::path& folder,
                                                              const std::string& key,
                                                              const SeeStep& see_step = nullptr);

// Where the records of `folder` are when encrypt_records() was cut short between its two renames: the copy,
// which is whole then; `folder` itself at any other time. For one who only reads.
std::filesystem::path folder_of_records(const std::filesystem::path& folder);

} // namespace mosty::storage
