#include "server/net/tls_stream.hpp"

#include <boost/asio/ssl/stream.hpp>

#include <utility>

namespace mosty::net {

struct TlsStream::Implementation {
    Implementation(TcpStream tcp, TlsContext c) : context(std::move(c)), stream(std::move(tcp), *context) {}

    const TlsContext context; // alive until the stream is gone
    asio::ssl::stream<TcpStream> stream;
};

TlsStream::TlsStream(TcpStream tcp, TlsContext context)
    : implementation_(std::make_unique<Implementation>(std::move(tcp), std::move(context))) {}

TlsStream::~TlsStream() = default;

TcpStream& TlsStream::tcp() {
    return implementation_->stream.next_layer();
}

void TlsStream::shake_hands(Done done) {
    implementation_->stream.async_handshake(
        asio::ssl::stream_base::server,
        [done = std::move(done)](beast::error_code error) mutable { done(error, 0); });
}

void TlsStream::read_some(asio::mutable_buffer buffer, Done done) {
    implementation_->stream.async_read_some(buffer, std::move(done));
}

void TlsStream::write_some(asio::const_buffer buffer, Done done) {
    implementation_->stream.async_write_some(buffer, std::move(done));
}

void TlsStream::say_goodbye(Done done) {
    implementation_->stream.async_shutdown(
        [done = std::move(done)](beast::error_code error) mutable { done(error, 0); });
}

} // namespace mosty::net
