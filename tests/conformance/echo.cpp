// The control of the case table: a plain Beast echo on the loopback interface. It says back each message, as
// text or binary, in one frame, and knows no other limit than Beast's own of 16 MiB a message.
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/websocket/stream.hpp>
#include <fmt/format.h>

#include <cstdio>
#include <thread>
#include <utility>

namespace asio = boost::asio;
namespace websocket = boost::beast::websocket;
using asio::ip::tcp;

namespace {

// Ends with the connection: each read or write that fails is the end of it.
void echo(tcp::socket socket) {
    boost::system::error_code error;
    socket.set_option(tcp::no_delay{true}, error);
    websocket::stream<tcp::socket, false> stream(std::move(socket));
    stream.auto_fragment(false);
    stream.accept(error);
    boost::beast::flat_buffer buffer;
    while (!error) {
        stream.read(buffer, error);
        if (error)
            break;
        stream.text(stream.got_text());
        stream.write(buffer.data(), error);
        buffer.consume(buffer.size());
    }
}

} // namespace

int main() {
    asio::io_context context;
    tcp::acceptor acceptor(context, {asio::ip::address_v4::loopback(), 0});
    fmt::print("The echo is at http://127.0.0.1:{}\n", acceptor.local_endpoint().port());
    std::fflush(stdout);
    for (;;)
        std::thread(echo, acceptor.accept()).detach();
}
