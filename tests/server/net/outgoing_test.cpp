#include "server/net/outgoing.hpp"

#include <catch2/catch.hpp>

#include <memory>
#include <string>

using namespace mosty;
using mosty::net::FrameKind;
using mosty::net::Outgoing;

namespace {

realtime::Frame frame(std::string text) {
    return std::make_shared<const std::string>(std::move(text));
}

std::string bytes_of(std::span<boost::asio::const_buffer> buffers) {
    std::string bytes;
    for (const auto& buffer : buffers)
        bytes.append(static_cast<const char*>(buffer.data()), buffer.size());
    return bytes;
}

} // namespace

TEST_CASE("all that is pending goes as one message, an array of its frames") {
    Outgoing outgoing;
    REQUIRE(outgoing.empty());
    outgoing.add({frame("{1}"), frame("{2}")});
    outgoing.add({frame("{3}")});
    REQUIRE(bytes_of(outgoing.begin()) == "\x81\x0d[{1},{2},{3}]");
    REQUIRE(outgoing.sent() == 9);
    REQUIRE(outgoing.empty());
}

TEST_CASE("frames of the protocol go before the message") {
    Outgoing outgoing;
    outgoing.add({frame("{}")});
    outgoing.add_control(FrameKind::pong, "a");
    outgoing.add_control(FrameKind::pong, "b");
    REQUIRE(bytes_of(outgoing.begin()) == std::string("\x8a\x01"
                                                      "a\x8a\x01"
                                                      "b\x81\x04[{}]"));
    REQUIRE(outgoing.sent() == 2);
    outgoing.add_control(FrameKind::close, "\x03\xe8");
    REQUIRE(bytes_of(outgoing.begin()) == "\x88\x02\x03\xe8");
    REQUIRE(outgoing.sent() == 0);
}

TEST_CASE("no more goes at once than one system call takes, and the rest follows in order") {
    Outgoing outgoing;
    for (int i = 0; i < 100; ++i)
        outgoing.add({frame(std::to_string(i))});
    outgoing.add_control(FrameKind::ping, "");
    std::string all;
    while (!outgoing.empty()) {
        const auto buffers = outgoing.begin();
        REQUIRE(buffers.size() <= 64);
        std::string bytes = bytes_of(buffers);
        if (bytes.starts_with("\x89"))
            bytes.erase(0, 2);
        all += bytes.substr(2);
        outgoing.sent();
    }
    std::string expected = "[0";
    for (int i = 1; i < 100; ++i)
        expected += (i % 30 == 0 ? "][" : ",") + std::to_string(i);
    REQUIRE(all == expected + "]");
}

TEST_CASE("lengths are told as RFC 6455 has them") {
    const auto head = [](std::size_t size) {
        Outgoing outgoing;
        outgoing.add({frame(std::string(size - 2, 'x'))});
        const std::string bytes = bytes_of(outgoing.begin());
        REQUIRE(bytes.size() > size);
        return bytes.substr(1, bytes.size() - size - 1);
    };
    REQUIRE(head(125) == "\x7d");
    REQUIRE(head(126) == std::string("\x7e\x00\x7e", 3));
    REQUIRE(head(65'535) == "\x7e\xff\xff");
    REQUIRE(head(65'536) == std::string("\x7f\x00\x00\x00\x00\x00\x01\x00\x00", 9));
}

TEST_CASE("what was taken in part goes on where it was") {
    for (std::size_t taken = 0; taken <= 11; ++taken) {
        Outgoing one;
        one.add({frame("{1}"), frame("{2}")});
        auto buffers = one.begin();
        const std::string whole = bytes_of(buffers);
        REQUIRE(bytes_of(Outgoing::without(buffers, taken)) == whole.substr(taken));
    }
}
