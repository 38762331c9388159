#include "server/http/head.hpp"

#include <catch2/catch.hpp>

#include <string>

using namespace mosty;
using http::fault_in_head;
using http::head_length;
using http::may_become_head;

namespace {

std::string head(std::string_view fields, std::string_view first_line = "GET / HTTP/1.1") {
    return std::string{first_line} + "\r\n" + std::string{fields} + "\r\n";
}

bool is_sound(const std::string& text) {
    return !fault_in_head(text).has_value();
}

} // namespace

TEST_CASE("a head ends with its first empty line, wherever its bytes were parted", "[http][head]") {
    const std::string bytes = head("Host: x\r\n") + "the body\r\n\r\n";
    const std::size_t length = bytes.size() - std::string_view("the body\r\n\r\n").size();
    for (std::size_t seen = 0; seen < length; ++seen) {
        INFO(seen);
        REQUIRE(head_length(std::string_view(bytes).substr(0, seen), 0) == 0);
        REQUIRE(head_length(bytes, seen) == length);
    }
}

TEST_CASE("bytes that no head holds are known at once", "[http][head]") {
    REQUIRE(may_become_head("GET / HT", 0));
    REQUIRE(may_become_head("GET / HTTP/1.1\r", 0));
    REQUIRE(may_become_head("GET / HTTP/1.1\r\nX: a\tb \xd0\xb9\r\n", 0));
    REQUIRE_FALSE(may_become_head("GET / HTTP/1.1\n", 0));
    REQUIRE_FALSE(may_become_head("\n", 0));
    REQUIRE_FALSE(may_become_head("\x16\x03\x01\x02", 0));
    REQUIRE_FALSE(may_become_head(std::string_view("GET /\0", 6), 0));
    REQUIRE_FALSE(may_become_head("GET / HTTP/1.1\r\nX: \x7f", 16));
    // What was looked at before is not looked at again, but tells what a line end belongs to.
    REQUIRE(may_become_head("GET / HTTP/1.1\r\n", 15));
}

TEST_CASE("usual heads are sound", "[http][head]") {
    REQUIRE(is_sound(head("Host: mosty.example\r\n")));
    REQUIRE(is_sound(head("host:127.0.0.1:8080\r\nAccept: */*\r\n", "POST /v1/commands?x=1 HTTP/1.1")));
    REQUIRE(is_sound(head("Host: [::1]:8080\r\nContent-Length: 12\r\n")));
    REQUIRE(is_sound(head("Host: x\r\nTransfer-Encoding: Chunked\r\n")));
    REQUIRE(is_sound(head("Host: x\r\nX-Empty:\r\nX-Blank: \t \r\nX-Name: Бишів\r\n")));
    REQUIRE(is_sound(head("", "GET / HTTP/1.0")));
}

TEST_CASE("a first line that is not one is refused", "[http][head]") {
    for (const auto line : {"", "GET", "GET /", "GET / HTTP/1.2", "GET / HTTP/9.9", "GET / http/1.1",
                            "GET  HTTP/1.1", "GET /a b HTTP/1.1", "G(T / HTTP/1.1", " GET / HTTP/1.1",
                            "GET / HTTP/1.1 ", "GET /\xd0\xb9 HTTP/1.1", "GET\t/ HTTP/1.1"}) {
        INFO(line);
        REQUIRE_FALSE(is_sound(head("Host: x\r\n", line)));
    }
}

TEST_CASE("what a proxy could read in another way is refused", "[http][head]") {
    for (const auto fields : {
             "",                                                      // no host
             "Host: x\r\nHost: x\r\n",                                // two
             "Host: x\r\nhost: y\r\n",                                //
             "Host:\r\n",                                             //
             "Host: x, y\r\n",                                        //
             "Host: user@x\r\n",                                      //
             "Host: x/y\r\n",                                         //
             "Host: x\r\nX-Folded: a\r\n b\r\n",                      // on two lines
             "Host: x\r\nX-Folded: a\r\n\tb\r\n",                     //
             " Host: x\r\n",                                          //
             "Host : x\r\n",                                          // a name with a blank
             "Host: x\r\nTransfer-Encoding : chunked\r\n",            //
             "Host: x\r\nno colon\r\n",                               //
             "Host: x\r\n: nothing\r\n",                              //
             "Host: x\r\nX: a\rb\r\n",                                // a bare line end
             "Host: x\r\nX: a\nContent-Length: 5\r\n",                //
             "Host: x\r\nContent-Length: 5\r\nContent-Length: 5\r\n", // a length said twice
             "Host: x\r\nContent-Length: 5\r\nContent-Length: 6\r\n", //
             "Host: x\r\nContent-Length: 5, 5\r\n",                   //
             "Host: x\r\nContent-Length: +5\r\n",                     //
             "Host: x\r\nContent-Length: -5\r\n",                     //
             "Host: x\r\nContent-Length: 0x5\r\n",                    //
             "Host: x\r\nContent-Length:\r\n",                        //
             "Host: x\r\nContent-Length: 9999999999999999999\r\n",    //
             "Host: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n",
             "Host: x\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n",
             "Host: x\r\nTransfer-Encoding: gzip, chunked\r\n",
             "Host: x\r\nTransfer-Encoding: identity\r\n",
             "Host: x\r\nTransfer-Encoding: xchunked\r\n",
             "Host: x\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n",
         }) {
        INFO(fields);
        REQUIRE_FALSE(is_sound(head(fields)));
    }
    REQUIRE_FALSE(is_sound(head("Host: x\r\nTransfer-Encoding: chunked\r\n", "POST / HTTP/1.0")));
    REQUIRE_FALSE(is_sound(head(std::string_view("Host: x\r\nX: a\0b\r\n", 18))));
    REQUIRE_FALSE(is_sound("GET / HTTP/1.1\r\nHost: x\r\n"));
}

TEST_CASE("what a request says of its sender is said once", "[http][head]") {
    for (const std::string name : {"Origin", "Sec-Fetch-Site", "Authorization", "Cookie", "X-Forwarded-Proto",
                                   "Last-Event-ID", "Sec-WebSocket-Key", "Sec-WebSocket-Version"}) {
        INFO(name);
        REQUIRE(is_sound(head("Host: x\r\n" + name + ": a\r\n")));
        REQUIRE(is_sound(head("Host: x\r\n" + name + ": a\r\nX-" + name + ": a\r\n")));
        std::string in_capitals = name;
        for (char& c : in_capitals)
            if (c >= 'a' && c <= 'z')
                c = static_cast<char>(c - 'a' + 'A');
        for (const std::string& second : {name + ": a", in_capitals + ": b", name + ":"}) {
            INFO(second);
            REQUIRE_FALSE(is_sound(head("Host: x\r\n" + name + ": a\r\nAccept: */*\r\n" + second + "\r\n")));
            REQUIRE_FALSE(is_sound(head("Host: x\r\n" + second + "\r\n" + name + ": a\r\n")));
        }
    }
}

TEST_CASE("lists may stand on several lines", "[http][head]") {
    REQUIRE(is_sound(head("Host: x\r\nX-Forwarded-For: 192.0.2.1\r\nX-Forwarded-For: 192.0.2.2\r\n")));
    REQUIRE(is_sound(head("Host: x\r\nAccept: a/b\r\nAccept: c/d\r\nConnection: a\r\nConnection: b\r\n")));
}
