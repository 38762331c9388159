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

// Assigning nothing would keep the memory.
template <class Container>
void give_back(Container& container) {
    Container().swap(container);
}

constexpr std::string_view open_array = "[", comma = ",", close_array = "]";

} // namespace

void Outgoing::add(std::vector<realtime::Frame> frames) {
    std::ranges::move(frames, std::back_inserter(frames_));
}

void Outgoing::forget_frames() {
    frames_.resize(gone_ + under_way_);
}

std::span<asio::const_buffer> Outgoing::begin() {
    control_sent_ = std::exchange(control_, {});
    const auto message = frames_.begin() + static_cast<std::ptrdiff_t>(gone_);
    while (pending() > 0 && under_way_ < frames_at_once_max && bytes_under_way_ < bytes_at_once_max)
        bytes_under_way_ += message[static_cast<std::ptrdiff_t>(under_way_++)]->size();
    buffers_.clear();
    if (!control_sent_.empty())
        buffers_.push_back(asio::buffer(control_sent_));
    if (under_way_ > 0) {
        header_ = FrameHeader(FrameKind::text, bytes_under_way_ + under_way_ + 1); // a comma less than frames
        buffers_.push_back(asio::buffer(header_.bytes()));
        for (const auto& frame : std::span(message, under_way_)) {
            buffers_.push_back(asio::buffer(&frame == &*message ? open_array : comma));
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
    std::ranges::fill_n(frames_.begin() + static_cast<std::ptrdiff_t>(gone_),
                        static_cast<std::ptrdiff_t>(under_way_), nullptr);
    gone_ += std::exchange(under_way_, 0);
    if (pending() == 0) {
        give_back(frames_);
        give_back(buffers_);
        gone_ = 0;
    } else if (gone_ > frames_.size() / 2) {
        frames_.erase(frames_.begin(), frames_.begin() + static_cast<std::ptrdiff_t>(gone_));
        gone_ = 0;
    }
    give_back(control_sent_);
    return std::exchange(bytes_under_way_, 0);
}

} // namespace mosty::net
