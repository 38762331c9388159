#include "server/net/outgoing.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace mosty::net {
namespace asio = boost::asio;
namespace {

// What one system call takes: Asio hands at most 64 buffers to the kernel.
constexpr std::size_t frames_at_once_max = 30;
constexpr std::size_t bytes_at_once_max = 256 * 1024;

constexpr std::string_view open_array = "[", comma = ",", close_array = "]";

} // namespace

void Outgoing::add(std::vector<realtime::Frame> frames) {
    std::ranges::move(frames, std::back_inserter(frames_));
}

std::span<asio::const_buffer> Outgoing::begin() {
    control_sent_ = std::exchange(control_, {});
    while (!frames_.empty() && message_.size() < frames_at_once_max && message_bytes_ < bytes_at_once_max) {
        message_bytes_ += frames_.front()->size();
        message_.push_back(std::move(frames_.front()));
        frames_.pop_front();
    }
    buffers_.clear();
    if (!control_sent_.empty())
        buffers_.push_back(asio::buffer(control_sent_));
    if (!message_.empty()) {
        header_ =
            FrameHeader(FrameKind::text, message_bytes_ + message_.size() + 1); // a comma less than frames
        buffers_.push_back(asio::buffer(header_.bytes()));
        for (const auto& frame : message_) {
            buffers_.push_back(asio::buffer(&frame == &message_.front() ? open_array : comma));
            buffers_.push_back(asio::buffer(*frame));
        }
        buffers_.push_back(asio::buffer(close_array));
    }
    return buffers_;
}

std::span<asio::const_buffer> Outgoing::without(std::span<asio::const_buffer> buffers, std::size_t bytes) {
    while (!buffers.empty() && bytes >= buffers.front().size()) {
        bytes -= buffers.front().size();
        buffers = buffers.subspan(1);
    }
    if (!buffers.empty())
        buffers.front() += bytes;
    return buffers;
}

std::size_t Outgoing::sent() {
    message_.clear();
    control_sent_.clear();
    return std::exchange(message_bytes_, 0);
}

} // namespace mosty::net
