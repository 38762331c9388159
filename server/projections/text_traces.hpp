#pragma once

#include "domain/base/ids.hpp"
#include "server/projections/working_store.hpp"

#include <cstddef>
#include <cstdint>
#include <list>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace mosty::projections {

// When a person last had a row in the feeds that says that they wrote.
struct WriterRow {
    std::string writer;
    std::int64_t at_ms = 0;
};

// What the folds need to know of a text: not what it says.
struct TextTrace {
    std::string stream;
    std::size_t length = 1;      // every text begins as one newline
    std::vector<WriterRow> rows; // the newest last
    bool changed = false;
};

// The traces in memory, those used last. A trace that waits for a commit is never dropped.
//
// References stay good until the next trim().
class TextTraces {
public:
    explicit TextTraces(WorkingStore& store) : store_(store) {}

    TextTrace& open(std::string_view stream);
    void mark(TextTrace& trace);

    // Writes what waits into the store, for its next commit.
    void save();
    void trim();

private:
    using Kept = std::list<TextTrace>; // the one used last in front

    WorkingStore& store_;
    Kept kept_;
    std::unordered_map<std::string_view, Kept::iterator> by_stream_;
    std::vector<TextTrace*> waiting_;
};

} // namespace mosty::projections
