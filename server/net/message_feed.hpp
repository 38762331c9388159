#pragma once

#include <boost/beast/core/error.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/error.hpp>

#include <algorithm>
#include <cstddef>
#include <iterator>

namespace mosty::net {

// Shows the bytes of a request or a response to Beast's parser as they come, in place of Beast's own reading:
// Beast 1.81 aborts when it is shown a last chunk, "0", line end, for a second time with fewer than five
// bytes, so whoever sends it byte by byte would end the process; and it would wait for the end of a chunk's
// line without end. And it adds what stands behind the last chunk to the headers, where somebody would speak
// for a proxy with X-Forwarded-For, or name a second Host.
template <class Parser>
class MessageFeed {
public:
    // The longest line that is waited for, and the longest trailer.
    static constexpr std::size_t unread_bytes_max = 16 * 1024;

    // `parser` outlives this. Where it has read the headers by now, no more may follow the body.
    explicit MessageFeed(Parser& parser)
        : parser_(parser), closed_(parser.is_header_done()), headers_(count()) {
        parser_.eager(true);
    }

    // Takes the message's bytes off the buffer; what stands behind the message stays. No error: the message
    // is whole. `need_more`: add to the buffer and call again. `bad_field`: headers stand behind the body, or
    // are none. Any other: it is no message.
    boost::beast::error_code take(boost::beast::flat_buffer& buffer) {
        namespace http = boost::beast::http;
        while (!parser_.is_done()) {
            if (buffer.size() < wanted_)
                return http::error::need_more;
            boost::beast::error_code error;
            buffer.consume(parser_.put(buffer.data(), error));
            if (error && error != http::error::need_more)
                return error;
            if (error && buffer.size() >= unread_bytes_max)
                return http::error::buffer_overflow;
            // Where bytes stay unread, so much more of the message is to come in any case.
            wanted_ = error ? std::max(last_chunk_bytes, buffer.size() + 1) : 1;
        }
        if (closed_ && count() != headers_)
            return http::error::bad_field;
        return {};
    }

private:
    static constexpr std::size_t last_chunk_bytes = 5;

    auto count() const { return std::ranges::distance(parser_.get()); }

    Parser& parser_;
    const bool closed_;
    const std::ptrdiff_t headers_;
    std::size_t wanted_ = 1; // before the parser is to look again
};

} // namespace mosty::net
