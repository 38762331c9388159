#include "server/net/frame_reader.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

using mosty::net::FrameReader;
using Fault = FrameReader::Fault;

namespace {

constexpr unsigned text = 1, more = 0, binary = 2, close_frame = 8, ping = 9, pong = 10;

// A client's frame. `length` may lie about the payload's.
std::string frame(unsigned opcode, std::string payload, bool final = true, std::uint32_t key = 0x1234abcd) {
    std::string bytes;
    bytes += static_cast<char>((final ? 0x80U : 0U) | opcode);
    if (payload.size() < 126) {
        bytes += static_cast<char>(0x80U | payload.size());
    } else if (payload.size() < 65'536) {
        bytes += static_cast<char>(0x80U | 126U);
        bytes += static_cast<char>(payload.size() >> 8U);
        bytes += static_cast<char>(payload.size());
    } else {
        bytes += static_cast<char>(0x80U | 127U);
        for (int shift = 56; shift >= 0; shift -= 8)
            bytes += static_cast<char>(payload.size() >> static_cast<unsigned>(shift));
    }
    for (int i = 0; i < 4; ++i)
        bytes += static_cast<char>(key >> static_cast<unsigned>(8 * i));
    for (std::size_t i = 0; i < payload.size(); ++i)
        payload[i] =
            static_cast<char>(static_cast<unsigned char>(payload[i]) ^ (key >> (8 * (i % 4)) & 0xffU));
    return bytes + payload;
}

// What is heard, in words, when the bytes come in pieces of so many.
std::vector<std::string> heard(std::string bytes, std::size_t piece, FrameReader::Limits limits = {}) {
    FrameReader reader(limits);
    std::vector<std::string> all;
    for (std::size_t at = 0; at < bytes.size(); at += piece) {
        std::span<char> some(bytes.data() + at, std::min(piece, bytes.size() - at));
        for (bool goes_on = true; goes_on;) {
            const auto one = reader.take(some);
            if (std::holds_alternative<FrameReader::Nothing>(one)) {
                REQUIRE(some.empty());
                goes_on = false;
            } else if (const auto* message = std::get_if<FrameReader::Message>(&one)) {
                all.push_back("message " + std::string{message->text});
            } else if (const auto* pinged = std::get_if<FrameReader::Ping>(&one)) {
                all.push_back("ping " + std::string{pinged->payload});
            } else if (std::holds_alternative<FrameReader::Pong>(one)) {
                all.emplace_back("pong");
            } else if (const auto* closed = std::get_if<FrameReader::Close>(&one)) {
                all.push_back("close " + std::to_string(closed->code));
                return all;
            } else {
                all.push_back("fault " + std::to_string(static_cast<int>(std::get<Fault>(one))));
                return all;
            }
        }
    }
    return all;
}

std::vector<std::string> heard(const std::string& bytes, FrameReader::Limits limits = {}) {
    return heard(bytes, bytes.size(), limits);
}

std::string fault(Fault code) {
    return "fault " + std::to_string(static_cast<int>(code));
}

using Told = std::vector<std::string>;

} // namespace

TEST_CASE("a message is heard whole, in whatever pieces its bytes and frames come") {
    const std::string bytes = frame(text, "Hello, ", false) + frame(ping, "are you there") +
                              frame(more, "", false, 0) + frame(more, "світе") + frame(text, "") +
                              frame(pong, "") + frame(text, std::string(70'000, 'x')) +
                              frame(close_frame, "");
    const Told expected{"ping are you there",
                        "message Hello, світе",
                        "message ",
                        "pong",
                        "message " + std::string(70'000, 'x'),
                        "close 1000"};
    for (const std::size_t piece : {1U, 2U, 3U, 7U, 100U, 4'096U, 100'000U})
        REQUIRE(heard(bytes, piece, {.message_bytes_max = 70'000}) == expected);
}

TEST_CASE("a message that comes at once is given out where it stands, without a copy") {
    FrameReader reader({});
    std::string bytes = frame(text, "at once");
    std::span<char> some = bytes;
    const auto message = std::get<FrameReader::Message>(reader.take(some));
    REQUIRE(message.text == "at once");
    REQUIRE(message.text.data() == bytes.data() + 6);
}

TEST_CASE("a message of the greatest size is heard, one of a byte more is refused before it comes") {
    const FrameReader::Limits limits{.message_bytes_max = 200, .fragments_max = 64};
    REQUIRE(heard(frame(text, std::string(200, 'x')), limits) == Told{"message " + std::string(200, 'x')});
    REQUIRE(heard(frame(text, std::string(201, 'x')).substr(0, 4), limits) == Told{fault(Fault::too_big)});
    REQUIRE(heard(frame(text, std::string(150, 'x'), false) + frame(more, std::string(51, 'x')).substr(0, 4),
                  limits) == Told{fault(Fault::too_big)});
}

TEST_CASE("a message comes in so many frames and no more, and empty ones count") {
    const FrameReader::Limits limits{.message_bytes_max = 100, .fragments_max = 3};
    const std::string two = frame(text, "a", false) + frame(more, "", false);
    REQUIRE(heard(two + frame(more, "b"), limits) == Told{"message ab"});
    REQUIRE(heard(two + frame(more, "b", false) + frame(more, "c"), limits) ==
            Told{fault(Fault::too_many_fragments)});
    REQUIRE(heard(two + frame(more, "b") + two + frame(more, "c"), limits) ==
            Told{"message ab", "message ac"});
}

TEST_CASE("bytes are refused at the head of their frame") {
    REQUIRE(heard(frame(binary, "x").substr(0, 2)) == Told{fault(Fault::not_text)});
}

TEST_CASE("what is no frame is refused at the byte that shows it") {
    const auto wrong = [](std::string bytes) { return heard(bytes) == Told{fault(Fault::protocol)}; };
    REQUIRE(wrong({"\x81\x01", 2}));         // not masked
    REQUIRE(wrong({"\xc1\x81", 2}));         // a reserved bit
    REQUIRE(wrong({"\x83\x80", 2}));         // an opcode that is none
    REQUIRE(wrong({"\x8b\x80", 2}));         // the same of a control frame
    REQUIRE(wrong({"\x09\x80", 2}));         // a ping in parts
    REQUIRE(wrong({"\x89\xfe", 2}));         // a ping of more than 125 bytes
    REQUIRE(wrong({"\x80\x80", 2}));         // a continuation of nothing
    REQUIRE(wrong({"\x81\xfe\x00\x7d", 4})); // a length in more bytes than it needs
    REQUIRE(wrong(std::string{"\x81\xff"} + std::string(8, '\xff')));
    REQUIRE(heard(frame(text, "[", false) + frame(text, "]")) == Told{fault(Fault::protocol)});
    REQUIRE(heard(frame(close_frame, "x")) == Told{fault(Fault::protocol)});
}

TEST_CASE("a close says its code, and one that nobody may send is refused") {
    const auto closed = [](unsigned code, const std::string& reason = {}) {
        return heard(frame(close_frame,
                           std::string{static_cast<char>(code >> 8U), static_cast<char>(code)} + reason))
            .at(0);
    };
    for (const unsigned code : {1000U, 1001U, 1003U, 1007U, 1014U, 3000U, 4999U})
        REQUIRE(closed(code, "до побачення") == "close " + std::to_string(code));
    for (const unsigned code : {0U, 999U, 1004U, 1005U, 1006U, 1015U, 1100U, 2999U, 5000U, 65'535U})
        REQUIRE(closed(code) == fault(Fault::protocol));
    REQUIRE(closed(1000, "\xed\xa0\x80") == fault(Fault::not_utf8));
    REQUIRE(closed(1000, "\xd0") == fault(Fault::not_utf8));
}

TEST_CASE("text that cannot become UTF-8 is refused at its first wrong byte") {
    REQUIRE(heard(frame(text, "good \xff bad").substr(0, 6 + 6)) == Told{fault(Fault::not_utf8)});
    REQUIRE(heard(frame(text, "\xe2\x82", false) + frame(more, "\xac")) == Told{"message €"});
    REQUIRE(heard(frame(text, "\xe2\x82", false) + frame(more, "")) == Told{fault(Fault::not_utf8)});
}

TEST_CASE("every sequence of up to four bytes is UTF-8 to the check if and only if it is by the table") {
    // The table 3-7 of the Unicode standard, told another way than the check does.
    const auto is_letter = [](const std::string& bytes) {
        const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(bytes[i]); };
        const auto follows = [&](std::size_t i) { return byte(i) >= 0x80 && byte(i) <= 0xbf; };
        std::uint32_t letter = 0;
        if (bytes.size() == 1)
            return byte(0) < 0x80;
        for (std::size_t i = 1; i < bytes.size(); ++i)
            if (!follows(i))
                return false;
        if (bytes.size() == 2 && (byte(0) & 0xe0U) == 0xc0)
            return ((byte(0) & 0x1fU) << 6U | (byte(1) & 0x3fU)) >= 0x80;
        if (bytes.size() == 3 && (byte(0) & 0xf0U) == 0xe0) {
            letter = (byte(0) & 0x0fU) << 12U | (byte(1) & 0x3fU) << 6U | (byte(2) & 0x3fU);
            return letter >= 0x800 && (letter < 0xd800 || letter > 0xdfff);
        }
        if (bytes.size() == 4 && (byte(0) & 0xf8U) == 0xf0) {
            letter = (byte(0) & 0x07U) << 18U | (byte(1) & 0x3fU) << 12U | (byte(2) & 0x3fU) << 6U |
                     (byte(3) & 0x3fU);
            return letter >= 0x10000 && letter <= 0x10ffff;
        }
        return false;
    };
    // Every first and second byte; the others at the edges of what they may be.
    const std::string edges{"\x00\x7f\x80\x8f\x90\x9f\xa0\xbf\xc0\xff", 10};
    const auto agrees = [&](const std::string& bytes) {
        // What splits into shorter letters is no letter, but well-formed.
        const auto is_text = [&](auto self, const std::string& rest) -> bool {
            if (rest.empty())
                return true;
            for (std::size_t size = 1; size <= std::min<std::size_t>(4, rest.size()); ++size)
                if (is_letter(rest.substr(0, size)))
                    return self(self, rest.substr(size));
            return false;
        };
        mosty::net::Utf8Check check;
        const bool taken = check.take(bytes) && check.is_whole();
        return taken == is_text(is_text, bytes);
    };
    bool all = true;
    for (int first = 0; first < 256; ++first) {
        all = all && agrees({static_cast<char>(first)});
        for (int second = 0; second < 256; ++second) {
            const std::string two{static_cast<char>(first), static_cast<char>(second)};
            all = all && agrees(two);
            for (const char third : edges) {
                all = all && agrees(two + third);
                for (const char fourth : edges)
                    all = all && agrees(two + third + fourth);
            }
        }
    }
    REQUIRE(all);
}
