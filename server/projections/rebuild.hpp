#pragma once

#include "domain/base/ids.hpp"
#include "domain/base/result.hpp"
#include "server/projections/projector.hpp"
#include "storage/log_reader.hpp"

#include <functional>
#include <string>

namespace mosty::projections {

// Why a store could not be brought up to its log.
struct RebuildError {
    std::string reason;
    bool of_newer_program = false; // an entry is of a type or a version that only a newer one knows
};

// Told after each chunk: how many entries have been folded.
using Progress = std::function<void(Size folded)>;

// Called with each entry once it is folded; an error ends the rebuilding.
using SeeFolded = std::function<Result<void, RebuildError>(const codec::DecodedEntry&)>;

// Folds the log's entries from the projector's size up to `target`, commits after each chunk, and leaves
// everything committed. `target` must not be beyond the log's size. After a failure the chunks committed
// so far stay; the projector is of no more use.
Result<void, RebuildError> rebuild(Projector& projector, const storage::LogReader& log, Size target,
                                   const Progress& progress, const SeeFolded& see = nullptr);

} // namespace mosty::projections
