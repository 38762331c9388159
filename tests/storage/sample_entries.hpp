#pragma once

#include "storage/event_log.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace mosty::storage {

// Entries whose every byte follows from their position and their batch, so that a test can tell from a
// log alone whether it is whole: "17 of 15..19 xxxx", with the keys "position/17" and "odd/17".
std::string sample_bytes(Position position, Position batch_begin, Position batch_end,
                         std::size_t padding = 0);
std::vector<IndexKey> sample_keys(std::string_view bytes);
std::vector<NewEntry> sample_batch(Position begin, std::size_t count, std::size_t padding = 0);

// Appends `count` sample entries as one batch to the end of a log.
[[nodiscard]] bool append_sample(EventLog& log, std::size_t count, std::size_t padding = 0);

// Why a log is not made of whole sample batches with exactly their keys; empty when it is.
std::string fault_of_sample(const LogReader& log);

} // namespace mosty::storage
