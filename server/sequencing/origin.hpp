#pragma once

#include "domain/base/ids.hpp"
#include "domain/base/result.hpp"
#include "domain/codec/entry.hpp"
#include "storage/log_reader.hpp"

#include <string>

namespace mosty::sequencing {

// The envelope of the event from which another one of the same stream follows. Costs one look into the index
// and one entry. What cannot be read, or is not there though it was recorded, is told in a sentence. Safe
// from any thread.
Result<codec::Envelope, std::string> read_origin(const storage::LogReader& log, const StreamId& stream,
                                                 Revision revision);

} // namespace mosty::sequencing
