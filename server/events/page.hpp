#pragma once

#include "domain/base/ids.hpp"
#include "domain/base/result.hpp"
#include "server/events/filter.hpp"
#include "storage/log_reader.hpp"

#include <optional>
#include <string>
#include <vector>

namespace mosty::events {

struct PageQuestion {
    Filter filter = {};
    Position from = 0;                   // nothing before it
    bool descending = false;             // from the end of the log, or `before`, down
    std::optional<Position> before = {}; // nothing from it on
    std::size_t limit = 100;
};

struct Page {
    std::vector<storage::Entry> entries;
    // Where to go on, as the next question's `from` or `before`; nothing at the end. A long search that
    // has found nothing yet also stops here, so that no question takes long.
    std::optional<Position> next;
};

// The entries among the first `size` that the question asks for, in its direction, as they are stored.
// `opened` is the same log with its sealed data opened.
Result<Page, std::string> find_page(const storage::LogReader& stored, const storage::LogReader& opened,
                                    Size size, const PageQuestion& question);

} // namespace mosty::events
