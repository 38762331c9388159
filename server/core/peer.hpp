#pragma once

#include "server/realtime/frames.hpp"
#include "server/realtime/outbox_meter.hpp"

#include <atomic>
#include <cstddef>
#include <memory>
#include <vector>

namespace mosty::core {

// A connection as the core sees it.
class Peer {
public:
    virtual ~Peer() = default;

    // Queues frames to be sent, in order. Called on the connection's own I/O thread.
    virtual void send(std::vector<realtime::Frame> frames) = 0;

    // Sends what is queued, then closes with the WebSocket code. Called on the connection's own I/O thread.
    virtual void finish(unsigned short close_code) = 0;

    // Which I/O thread the connection lives on.
    virtual std::size_t io_thread() const = 0;

    const std::shared_ptr<realtime::OutboxMeter> meter = std::make_shared<realtime::OutboxMeter>();
    // Commands handed to the core and not yet answered; the connection adds, the core takes away.
    std::atomic<std::size_t> commands_under_way = 0;
};

} // namespace mosty::core
