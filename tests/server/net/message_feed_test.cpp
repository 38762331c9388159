// Only what reads messages is needed of Beast, not the parts that are compiled once beside the sockets.
#undef BOOST_BEAST_SEPARATE_COMPILATION

#include "server/net/message_feed.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/beast/core/buffers_to_string.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <catch2/catch.hpp>

#include <string>
#include <string_view>

using mosty::net::MessageFeed;
namespace beast = boost::beast;
namespace http = beast::http;

namespace {

// What is read of these bytes when they come `piece` at a time: the body and, after a bar, what stays unread;
// or the error.
template <bool is_request>
std::string read(std::string_view bytes, std::size_t piece) {
    http::parser<is_request, http::string_body> parser;
    parser.body_limit(64 * 1024);
    MessageFeed feed(parser);
    beast::flat_buffer buffer;
    for (;;) {
        const auto fault = feed.take(buffer);
        if (!fault)
            return parser.get().body() + "|" + beast::buffers_to_string(buffer.data()) + std::string(bytes);
        if (fault != http::error::need_more)
            return fault.message();
        if (bytes.empty())
            return "more";
        const auto next = bytes.substr(0, piece);
        bytes.remove_prefix(next.size());
        buffer.commit(boost::asio::buffer_copy(buffer.prepare(next.size()), boost::asio::buffer(next)));
    }
}

const std::string chunked = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";

} // namespace

TEST_CASE("a message is read alike in whatever pieces it comes", "[http]") {
    const std::string in_chunks = chunked + "1\r\na\r\n3;x=y\r\nbcd\r\n0\r\nTrailer: 1\r\n\r\n";
    const std::string in_one = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nabcd";
    for (std::size_t piece = 1; piece < 80; ++piece) {
        REQUIRE(read<true>(in_chunks, piece) == "abcd|");
        REQUIRE(read<true>(in_one, piece) == "abcd|");
        REQUIRE(read<true>(in_one + "GET ", piece) == "abcd|GET ");
        REQUIRE(read<false>("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n0\r\n\r\n",
                            piece) == "ab|");
    }
}

TEST_CASE("a last chunk that comes byte by byte harms nobody", "[http]") {
    for (const std::string_view end : {"0\r\n\r\n", "00000\r\n\r\n", "0;a=b\r\n\r\n", "0\r\nA: b\r\n\r\n"})
        REQUIRE(read<true>(chunked + std::string(end), 1) == "|");
    for (std::size_t length = 0; length < 5; ++length)
        REQUIRE(read<true>(chunked + std::string("0\r\n\r\n").substr(0, length), 1) == "more");
}

TEST_CASE("where the headers are read, none follows the body", "[http]") {
    const auto fault_of = [](std::string_view rest) {
        http::parser<true, http::string_body> parser;
        beast::error_code error;
        parser.put(boost::asio::buffer(chunked), error);
        REQUIRE(parser.is_header_done());
        MessageFeed feed(parser);
        beast::flat_buffer buffer;
        buffer.commit(boost::asio::buffer_copy(buffer.prepare(rest.size()), boost::asio::buffer(rest)));
        return feed.take(buffer);
    };
    REQUIRE(fault_of("1\r\na\r\n0\r\n\r\n") == beast::error_code());
    for (const std::string_view trailer : {"Host: b", "X-Forwarded-For: 127.0.0.1", "Anything: else"})
        REQUIRE(fault_of("1\r\na\r\n0\r\n" + std::string(trailer) + "\r\n\r\n") == http::error::bad_field);
}

TEST_CASE("a line of a chunk, or a trailer, that does not end is not waited for", "[http]") {
    const std::string long_line(20'000, 'a');
    REQUIRE(read<true>(chunked + "1;" + long_line, 1'000) == "buffer overflow");
    REQUIRE(read<true>(chunked + "0\r\nA: " + long_line, 1'000) == "buffer overflow");
}
