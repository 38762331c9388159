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
    std::ranges::move(frames, std::back_inserter(held().frames));
}

void Outgoing::forget_frames() {
    if (held_)
        held_->frames.resize(held_->gone + held_->under_way);
}

std::span<asio::const_buffer> Outgoing::begin() {
    Held& all = held();
    all.control_sent = std::exchange(all.control, {});
    const auto message = all.frames.begin() + static_cast<std::ptrdiff_t>(all.gone);
    while (all.pending() > 0 && all.under_way < frames_at_once_max && all.bytes_under_way < bytes_at_once_max)
        all.bytes_under_way += message[static_cast<std::ptrdiff_t>(all.under_way++)]->size();
    all.buffers.clear();
    if (!all.control_sent.empty())
        all.buffers.push_back(asio::buffer(all.control_sent));
    if (all.under_way > 0) {
        // A comma less than frames.
        all.header = FrameHeader(FrameKind::text, all.bytes_under_way + all.under_way + 1);
        all.buffers.push_back(asio::buffer(all.header.bytes()));
        for (const auto& frame : std::span(message, all.under_way)) {
            all.buffers.push_back(asio::buffer(&frame == &*message ? open_array : comma));
            all.buffers.push_back(asio::buffer(*frame));
        }
        all.buffers.push_back(asio::buffer(close_array));
    }
    return all.buffers;
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
    Held& all = held();
    const std::size_t bytes = std::exchange(all.bytes_under_way, 0);
    std::ranges::fill_n(all.frames.begin() + static_cast<std::ptrdiff_t>(all.gone),
                        static_cast<std::ptrdiff_t>(all.under_way), nullptr);
    all.gone += std::exchange(all.under_way, 0);
    std::string().swap(all.control_sent); // assigning nothing would keep its memory
    if (empty()) {
        held_.reset();
    } else if (all.gone > all.frames.size() / 2) {
        all.frames.erase(all.frames.begin(), all.frames.begin() + static_cast<std::ptrdiff_t>(all.gone));
        all.gone = 0;
    }
    return bytes;
}

} // namespace mosty::net
