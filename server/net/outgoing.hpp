#pragma once

#include "server/net/frame_header.hpp"
#include "server/realtime/frames.hpp"

#include <boost/asio/buffer.hpp>

#include <cstddef>
#include <deque>
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
    void add_control(FrameKind kind, std::string_view payload) { append_frame(control_, kind, payload); }

    bool empty() const { return frames_.empty() && control_.empty(); }
    std::size_t control_bytes() const { return control_.size(); }
    void forget_frames() { frames_.clear(); }

    // Begins to send. The buffers are valid until sent().
    std::span<boost::asio::const_buffer> begin();

    // What is left of the buffers when so many bytes are gone.
    static std::span<boost::asio::const_buffer> without(std::span<boost::asio::const_buffer> buffers,
                                                        std::size_t bytes);

    // All of it is gone, and nothing of it is kept. Answers the bytes of the frames.
    std::size_t sent();

private:
    std::deque<realtime::Frame> frames_;
    std::string control_;

    // Under way.
    std::vector<realtime::Frame> message_;
    std::size_t message_bytes_ = 0;
    FrameHeader header_{FrameKind::text, 0};
    std::string control_sent_;
    std::vector<boost::asio::const_buffer> buffers_;
};

} // namespace mosty::net
