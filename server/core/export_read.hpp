#pragma once

#include "server/core/reads.hpp"

namespace mosty::core {

// {"actor","size","profile","sessions","events":[{"position","event"}],"next"?}: who the person is, and every
// event that the person recorded, that is about the person, or in which others name the person, among the
// first `size` entries of a log whose sealed data are opened, but for what an audience alone may know: that
// is as in `stored`. At most some MiB at once; `next` is where to go on. For worker threads.
ReadResult answer_export(const storage::LogReader& log, const storage::LogReader& stored, Size size,
                         const ExportQuestion& question);

} // namespace mosty::core
