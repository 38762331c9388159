#pragma once

#include "tests/bench/options.hpp"

namespace mosty::bench {

// Drafts the proposals that the other two work on, once a data folder.
void prepare(const Options& options);

// Clients edit proposals while dashboards follow: commands a second, their latency, the size of batches.
void measure_commands(const Options& options);

// One reader takes the whole log: events a second, processor time an entry.
void measure_events(const Options& options);

// One reader takes the newest of the log page by page, with what is sealed opened: the same.
void measure_opened_events(const Options& options);

// Many follow one proposal while somebody edits it: deliveries a second, processor time a delivery.
void measure_fanout(const Options& options);

} // namespace mosty::bench
