// Only what reads messages is needed of Beast, not the parts that are compiled once beside the sockets.
#undef BOOST_BEAST_SEPARATE_COMPILATION

#include "server/net/message_feed.hpp"
#include "tests/fuzz/fuzz.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

#include <limits>
#include <optional>
#include <string>

// What another server answers, a witness or a provider of sign-ins: however it comes in, the same is read.
using namespace mosty;
namespace bhttp = boost::beast::http;

namespace {

constexpr std::size_t body_bytes_max = 16 * 1024;

// The status and the body as server/net/http_client.cpp reads them; nothing when there is no whole answer.
std::optional<std::string> read(std::string_view bytes, std::size_t piece) {
    bhttp::response_parser<bhttp::string_body> parser;
    parser.body_limit(body_bytes_max);
    net::MessageFeed feed(parser);
    boost::beast::flat_buffer buffer;
    while (const auto fault = feed.take(buffer)) {
        if (fault != bhttp::error::need_more)
            return std::nullopt;
        if (bytes.empty()) {
            boost::beast::error_code end;
            if (parser.got_some())
                parser.put_eof(end);
            if (end || !parser.is_done())
                return std::nullopt;
            break;
        }
        const auto next = bytes.substr(0, piece);
        bytes.remove_prefix(next.size());
        buffer.commit(boost::asio::buffer_copy(buffer.prepare(next.size()),
                                               boost::asio::buffer(next.data(), next.size())));
    }
    MOSTY_PROMISE(parser.get().body().size() <= body_bytes_max);
    return std::to_string(parser.get().result_int()) + " " + parser.get().body();
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view bytes = fuzz::text_of(data, size);
    const auto whole = read(bytes, std::numeric_limits<std::size_t>::max());
    MOSTY_PROMISE(read(bytes, 1) == whole);
    MOSTY_PROMISE(read(bytes, 2 + size % 11) == whole);
    return 0;
}
