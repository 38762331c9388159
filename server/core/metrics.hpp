#pragma once

#include "server/limits/limit.hpp"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>

#include <array>
#include <cstddef>
#include <string>

namespace mosty::core {

// What the server counts about itself, in Prometheus' terms. Safe from any thread.
class Metrics {
public:
    Metrics();

    // The text exposition of everything.
    std::string text() const;

    void reached(limits::Limit limit) { limits_reached_[static_cast<std::size_t>(limit)]->Increment(); }

private:
    prometheus::Registry registry_;
    std::array<prometheus::Counter*, limits::limit_names.size()> limits_reached_{};

public:
    prometheus::Counter& commands_done;
    prometheus::Counter& commands_refused;
    prometheus::Counter& entries_appended;
    prometheus::Counter& batches_appended;
    prometheus::Counter& frames_delivered;
    prometheus::Counter& bytes_sent;
    prometheus::Counter& readers_held_back;
    prometheus::Counter& requests;
    prometheus::Counter& checkpoints_signed;
    prometheus::Counter& cosignatures;
    prometheus::Counter& witness_failures;
    prometheus::Gauge& connections;
    prometheus::Gauge& subscriptions;
    prometheus::Gauge& event_streams;
    prometheus::Gauge& commands_waiting;
    prometheus::Gauge& log_size;
    prometheus::Gauge& checkpoint_size;
    prometheus::Gauge& cosigned_size;
    prometheus::Histogram& append_seconds;
    prometheus::Histogram& core_task_seconds;
};

} // namespace mosty::core
