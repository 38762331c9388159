#include "server/core/metrics.hpp"

#include <prometheus/text_serializer.h>

namespace mosty::core {
namespace {

prometheus::Counter& counter(prometheus::Registry& registry, const char* name, const char* help) {
    return prometheus::BuildCounter().Name(name).Help(help).Register(registry).Add({});
}

prometheus::Gauge& gauge(prometheus::Registry& registry, const char* name, const char* help) {
    return prometheus::BuildGauge().Name(name).Help(help).Register(registry).Add({});
}

} // namespace

Metrics::Metrics()
    : commands_done(counter(registry_, "mosty_commands_done_total", "Commands answered with success.")),
      commands_refused(counter(registry_, "mosty_commands_refused_total", "Commands refused.")),
      entries_appended(counter(registry_, "mosty_entries_appended_total", "Entries made durable.")),
      batches_appended(counter(registry_, "mosty_batches_appended_total", "Group commits.")),
      frames_delivered(counter(registry_, "mosty_frames_delivered_total", "Frames handed to connections.")),
      bytes_sent(counter(registry_, "mosty_bytes_sent_total", "Bytes of WebSocket messages written.")),
      readers_held_back(
          counter(registry_, "mosty_readers_held_back_total", "Times a slow reader was told to resync.")),
      requests(counter(registry_, "mosty_http_requests_total", "HTTP requests answered.")),
      checkpoints_signed(counter(registry_, "mosty_checkpoints_signed_total", "Heads of the log signed.")),
      cosignatures(
          counter(registry_, "mosty_witness_cosignatures_total", "Cosignatures that witnesses gave.")),
      witness_failures(counter(registry_, "mosty_witness_failures_total",
                               "Requests to witnesses that brought no cosignature.")),
      connections(gauge(registry_, "mosty_connections", "Open WebSocket connections.")),
      subscriptions(gauge(registry_, "mosty_subscriptions", "Topics followed, summed over connections.")),
      event_streams(gauge(registry_, "mosty_event_streams", "Readers who take events as they come.")),
      commands_waiting(gauge(registry_, "mosty_commands_waiting", "Commands not yet answered.")),
      log_size(gauge(registry_, "mosty_log_size", "Entries in the log.")),
      checkpoint_size(
          gauge(registry_, "mosty_checkpoint_size", "Entries that the served checkpoint covers.")),
      cosigned_size(gauge(registry_, "mosty_checkpoint_cosigned_size",
                          "Entries that the newest checkpoint with a quorum of cosignatures covers.")),
      append_seconds(prometheus::BuildHistogram()
                         .Name("mosty_append_seconds")
                         .Help("Time of one durable append.")
                         .Register(registry_)
                         .Add({}, prometheus::Histogram::BucketBoundaries{0.0005, 0.001, 0.002, 0.005, 0.01,
                                                                          0.025, 0.05, 0.1, 0.25, 1, 5})),
      core_task_seconds(prometheus::BuildHistogram()
                            .Name("mosty_core_task_seconds")
                            .Help("Processor time of one task on the core thread.")
                            .Register(registry_)
                            .Add({}, prometheus::Histogram::BucketBoundaries{
                                         0.0001, 0.0005, 0.001, 0.002, 0.003, 0.005, 0.01, 0.025, 0.1})) {
    auto& reached = prometheus::BuildCounter()
                        .Name("mosty_limits_reached_total")
                        .Help("Times that somebody was slowed, refused or cut off by a limit.")
                        .Register(registry_);
    for (std::size_t i = 0; i < limits_reached_.size(); ++i)
        limits_reached_[i] = &reached.Add({{"limit", std::string{limits::limit_names[i]}}});
}

std::string Metrics::text() const {
    return prometheus::TextSerializer().Serialize(registry_.Collect());
}

} // namespace mosty::core
