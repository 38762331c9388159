#pragma once

#include "server/net/tls_context.hpp"
#include "server/net/types.hpp"

#include <boost/asio/buffer.hpp>

#include <algorithm>
#include <cstddef>
#include <functional>
#include <iterator>
#include <memory>
#include <type_traits>
#include <utility>

namespace mosty::net {

// The TLS side of Stream, compiled once: its operations end in a function instead of in a type of their own.
// While nothing comes or goes it holds a kilobyte beside what OpenSSL keeps of the connection.
//
// Threads: the connection's I/O thread. One read and one write at a time; both may be under way together.
class TlsStream {
public:
    using Done = std::move_only_function<void(beast::error_code, std::size_t)>;

    TlsStream(TcpStream tcp, TlsContext context);
    ~TlsStream();

    TcpStream& tcp();

    // Never calls `done` before it returns. The bytes must stay until then.
    void shake_hands(Done done);
    void read_some(asio::mutable_buffer buffer, Done done);
    void write_some(asio::const_buffer buffer, Done done);

    // Says that nothing more comes, and waits for the peer to say the same or to hang up.
    void say_goodbye(Done done);

private:
    struct Implementation;
    const std::shared_ptr<Implementation> implementation_;
};

// As much as goes into one record of TLS.
inline constexpr std::size_t record_bytes_max = 16 * 1024;

template <class Buffers>
auto first_buffer(const Buffers& buffers) {
    auto buffer = asio::buffer_sequence_begin(buffers);
    const auto end = asio::buffer_sequence_end(buffers);
    while (buffer != end && asio::buffer_size(*buffer) == 0 && std::next(buffer) != end)
        ++buffer;
    using One = std::conditional_t<asio::is_mutable_buffer_sequence<Buffers>::value, asio::mutable_buffer,
                                   asio::const_buffer>;
    return buffer == end ? One{} : One{*buffer};
}

// Many small buffers become one record: each record is a system call and 22 bytes or more.
template <class Buffers>
void write_record(TlsStream& stream, const Buffers& buffers, TlsStream::Done done) {
    const asio::const_buffer first = first_buffer(buffers);
    const std::size_t bytes = std::min(asio::buffer_size(buffers), record_bytes_max);
    if (first.size() >= bytes)
        return stream.write_some(first, std::move(done));
    auto gathered = std::make_unique_for_overwrite<char[]>(bytes);
    asio::buffer_copy(asio::buffer(gathered.get(), bytes), buffers);
    const asio::const_buffer record(gathered.get(), bytes);
    stream.write_some(record, [gathered = std::move(gathered),
                               done = std::move(done)](beast::error_code error, std::size_t written) mutable {
        gathered.reset();
        done(error, written);
    });
}

} // namespace mosty::net
