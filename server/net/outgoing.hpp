#pragma once

#include "server/net/frame_header.hpp"
#include "server/realtime/frames.hpp"

#include <boost/asio/buffer.hpp>

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace mosty::net {

// What a WebSocket has to send: frames of our contract, which go as one message, and frames of the protocol
// before them. The system call, not the byte, is the cost, so all that is pending goes at once.
class Outgoing {
public:
    void add(std::vector<realtime::Frame> frames);
    void add_control(FrameKind kind, std::string_view payload) {
        append_frame(held().control, kind, payload);
    }
    // What goes before all frames: the acceptance of the handshake.
    void add_acceptance(std::string_view acceptance) { held().control += acceptance; }

    bool empty() const { return !held_ || (held_->pending() == 0 && held_->control.empty()); }
    std::size_t control_bytes() const { return held_ ? held_->control.size() : 0; }

    // Drops what waits, but for what is under way.
    void forget_frames();

    // Begins to send what is not empty(). The buffers are valid until sent().
    std::span<boost::asio::const_buffer> begin();

    // What is left of the buffers when so many bytes are gone.
    static std::span<boost::asio::const_buffer> without(std::span<boost::asio::const_buffer> buffers,
                                                        std::size_t bytes);

    // All of it is gone, and nothing is kept when nothing waits: most connections are idle at any time.
    // Answers the bytes of the frames.
    std::size_t sent();

private:
    struct Held {
        std::size_t pending() const { return frames.size() - gone - under_way; }

        std::vector<realtime::Frame> frames; // those that are gone, those under way, those that wait
        std::size_t gone = 0;
        std::size_t under_way = 0;
        std::string control;

        std::size_t bytes_under_way = 0;
        FrameHeader header{FrameKind::text, 0};
        std::string control_sent;
        std::vector<boost::asio::const_buffer> buffers;
    };

    Held& held() { return held_ ? *held_ : *(held_ = std::make_unique<Held>()); }

    std::unique_ptr<Held> held_;
};

} // namespace mosty::net
