#include "domain/base/text.hpp"
#include "server/net/frame_reader.hpp"
#include "tests/fuzz/fuzz.hpp"

#include <algorithm>
#include <string>
#include <vector>

// What a WebSocket client sends, byte for byte: however it is cut into reads, the same is heard of it, within
// the limits.
using namespace mosty;
using net::FrameReader;

namespace {

constexpr FrameReader::Limits limits{.message_bytes_max = 1'000, .fragments_max = 8};

// One thing heard, as text.
std::string shown(const FrameReader::Heard& heard) {
    struct Shown {
        std::string operator()(const FrameReader::Nothing&) const { return "nothing"; }
        std::string operator()(const FrameReader::Message& message) const {
            MOSTY_PROMISE(is_utf8(message.text) && message.text.size() <= limits.message_bytes_max);
            return "message " + std::string(message.text);
        }
        std::string operator()(const FrameReader::Ping& ping) const {
            MOSTY_PROMISE(ping.payload.size() <= 125);
            return "ping " + std::string(ping.payload);
        }
        std::string operator()(const FrameReader::Pong&) const { return "pong"; }
        std::string operator()(const FrameReader::Close& close) const {
            MOSTY_PROMISE(close.code >= 1000 && close.code <= 4999);
            return "close " + std::to_string(close.code);
        }
        std::string operator()(const FrameReader::Fault& fault) const {
            return "fault " + std::to_string(static_cast<int>(fault));
        }
    };
    return std::visit(Shown{}, heard);
}

bool ends(const FrameReader::Heard& heard) {
    return std::holds_alternative<FrameReader::Close>(heard) ||
           std::holds_alternative<FrameReader::Fault>(heard);
}

// Everything that is heard of the bytes when they are read in pieces of this length.
std::vector<std::string> hear(std::string_view all, std::size_t piece) {
    FrameReader reader(limits);
    std::vector<std::string> heard;
    while (!all.empty()) {
        // A copy of its own, so that reading beyond it shows.
        std::vector<char> read(all.begin(),
                               all.begin() + static_cast<std::ptrdiff_t>(std::min(piece, all.size())));
        all.remove_prefix(read.size());
        std::span<char> bytes(read);
        for (;;) {
            const std::size_t before = bytes.size();
            const auto one = reader.take(bytes);
            MOSTY_PROMISE(bytes.size() <= before);
            if (std::holds_alternative<FrameReader::Nothing>(one)) {
                MOSTY_PROMISE(bytes.empty());
                break;
            }
            heard.push_back(shown(one));
            if (ends(one))
                return heard;
            if (bytes.empty())
                break;
        }
    }
    return heard;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view bytes = fuzz::text_of(data, size);
    const auto whole = hear(bytes, size);
    MOSTY_PROMISE(hear(bytes, 1) == whole);
    MOSTY_PROMISE(hear(bytes, 2 + size % 11) == whole);
    return 0;
}
