#pragma once

#include "tests/bench/options.hpp"

namespace mosty::bench {

// Several write at each of many texts, one edit in flight each: accepted edits a second, their latency.
void measure_storm(const Options& options);

// Many write one text, at a rate that does not wait for answers: how long an edit takes to each reader.
void measure_crowd(const Options& options);

// One long writing again, a keystroke an edit; then looks back at it.
void measure_replay(const Options& options);

} // namespace mosty::bench
