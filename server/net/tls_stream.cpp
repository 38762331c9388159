#include "server/net/tls_stream.hpp"

#include "server/net/read_buffer.hpp"

#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/error.hpp>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/ssl.h>

#include <cstring>
#include <new>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace mosty::net {
namespace {

// What stands between the bytes of a session and those of the socket: bytes that came and are not deciphered
// yet, and ciphered ones that are to go. It holds memory only while there are some.
struct Passage {
    std::span<char> incoming;
    std::string outgoing;
};

Passage& passage_of(BIO* bio) {
    return *static_cast<Passage*>(::BIO_get_data(bio));
}

int give(BIO* bio, char* into, int length) {
    auto& incoming = passage_of(bio).incoming;
    ::BIO_clear_retry_flags(bio);
    if (incoming.empty()) {
        ::BIO_set_retry_read(bio);
        return -1;
    }
    const std::size_t count = std::min(incoming.size(), static_cast<std::size_t>(length));
    std::memcpy(into, incoming.data(), count);
    incoming = incoming.subspan(count);
    return static_cast<int>(count);
}

int take(BIO* bio, const char* bytes, int length) {
    ::BIO_clear_retry_flags(bio);
    passage_of(bio).outgoing.append(bytes, static_cast<std::size_t>(length));
    return length;
}

long control(BIO*, int command, long, void*) {
    return command == BIO_CTRL_FLUSH ? 1 : 0;
}

int begin(BIO* bio) {
    ::BIO_set_init(bio, 1);
    return 1;
}

const BIO_METHOD* passage_method() {
    static const BIO_METHOD* const method = [] {
        BIO_METHOD* made = ::BIO_meth_new(::BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "passage");
        if (made == nullptr || ::BIO_meth_set_read(made, give) != 1 ||
            ::BIO_meth_set_write(made, take) != 1 || ::BIO_meth_set_ctrl(made, control) != 1 ||
            ::BIO_meth_set_create(made, begin) != 1)
            throw std::bad_alloc();
        return made;
    }();
    return method;
}

// A flight of a handshake, or a record of the session's: a session writes its next record when the last is
// gone.
constexpr std::size_t outgoing_max = 64 * 1024;

// Records that bring a session nothing, one after the other: new keys, warnings, empty ones. Each costs as
// much as one that is paid for, and no peer that we know sends two.
constexpr unsigned records_without_data_max = 16;

struct Free {
    void operator()(SSL* ssl) const { ::SSL_free(ssl); }
};

} // namespace

// OpenSSL ciphers in memory, and what it asks for is read and written here: Asio's own stream holds 68 KiB of
// buffers for each connection, whether something comes or not. This one waits with the kilobyte of a
// ReadBuffer.
struct TlsStream::Implementation : std::enable_shared_from_this<Implementation> {
    Implementation(TcpStream socket, TlsContext shared)
        : context(std::move(shared)), tcp(std::move(socket)), ssl(::SSL_new(context->native_handle())) {
        BIO* bio = ssl ? ::BIO_new(passage_method()) : nullptr;
        if (bio == nullptr)
            throw std::bad_alloc();
        ::BIO_set_data(bio, &passage);
        ::SSL_set_bio(ssl.get(), bio, bio);
        ::SSL_set_mode(ssl.get(), SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE |
                                      SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
        ::SSL_set_accept_state(ssl.get());
        ::SSL_set_msg_callback_arg(ssl.get(), this);
        ::SSL_set_msg_callback(
            ssl.get(), [](int written, int, int type, const void*, std::size_t, SSL* of, void* self) {
                if (written == 0 && type == SSL3_RT_HEADER && ::SSL_is_init_finished(of) == 1)
                    ++static_cast<Implementation*>(self)->records_without_data;
            });
    }

    // Does what it can with what has come, reads more for the rest, and calls `done` with the end. `step`
    // calls OpenSSL and answers its result; it says in `count` how many bytes it dealt with.
    template <class Step>
    void go_on(Step step, Done done, bool may_be_at_once) {
        ::ERR_clear_error();
        std::size_t count = 0;
        const int result = step(ssl.get(), count);
        const int state = ::SSL_get_error(ssl.get(), result);
        flush();
        if (count > 0)
            records_without_data = 0;
        const bool asks_too_much = passage.outgoing.size() > outgoing_max || // and does not take the answers
                                   records_without_data > records_without_data_max;
        if (asks_too_much)
            return end(asio::error::no_buffer_space, 0, std::move(done), may_be_at_once);
        if (state != SSL_ERROR_WANT_READ)
            return end(error_of(state), count, std::move(done), may_be_at_once);
        wait_for_more([self = shared_from_this(), step = std::move(step),
                       done = std::move(done)](beast::error_code error) mutable {
            if (error)
                done(error == asio::error::eof ? asio::ssl::error::stream_truncated : error, 0);
            else
                self->go_on(std::move(step), std::move(done), true);
        });
    }

    // Whoever waits for the peer's goodbye may do so beside a read: what comes is for both.
    void wait_for_more(std::move_only_function<void(beast::error_code)> then) {
        waiting.push_back(std::move(then));
        if (waiting.size() > 1)
            return;
        tcp.async_read_some(cipher.room(),
                            [self = shared_from_this()](beast::error_code error, std::size_t bytes) {
                                if (!error)
                                    self->passage.incoming = self->cipher.taken(bytes);
                                for (auto& one : std::exchange(self->waiting, {}))
                                    one(error);
                            });
    }

    static beast::error_code error_of(int state) {
        switch (state) {
        case SSL_ERROR_NONE:
            return {};
        case SSL_ERROR_ZERO_RETURN:
            return asio::error::eof;
        case SSL_ERROR_SSL:
            return {static_cast<int>(::ERR_get_error()), asio::error::get_ssl_category()};
        default:
            return asio::ssl::error::unexpected_result;
        }
    }

    void end(beast::error_code error, std::size_t count, Done done, bool may_be_at_once) {
        if (may_be_at_once)
            return done(error, count);
        asio::post(tcp.get_executor(),
                   [error, count, done = std::move(done)]() mutable { done(error, count); });
    }

    // Calls `done` when all that OpenSSL has ciphered so far is gone.
    void await_flush(std::size_t count, Done done) {
        flushed = [count, done = std::move(done)](beast::error_code error) mutable {
            done(error, error ? 0 : count);
        };
        flush();
        if (!is_flushing)
            asio::post(tcp.get_executor(), [self = shared_from_this()] { self->tell_flushed(); });
    }

    void flush() {
        if (is_flushing || passage.outgoing.empty())
            return;
        is_flushing = true;
        going = std::exchange(passage.outgoing, {});
        send(0);
    }

    void send(std::size_t from) {
        tcp.async_write_some(asio::buffer(going) + from,
                             [self = shared_from_this(), from](beast::error_code error, std::size_t bytes) {
                                 if (error)
                                     self->failure = error;
                                 else if (from + bytes < self->going.size())
                                     return self->send(from + bytes);
                                 std::string().swap(self->going);
                                 self->is_flushing = false;
                                 if (!error)
                                     self->flush();
                                 if (!self->is_flushing)
                                     self->tell_flushed();
                             });
    }

    void tell_flushed() {
        if (auto done = std::exchange(flushed, nullptr))
            done(failure);
    }

    const TlsContext context; // alive until the stream is gone
    TcpStream tcp;
    Passage passage;
    const std::unique_ptr<SSL, Free> ssl;
    ReadBuffer cipher; // where `incoming` is
    std::string going; // to the socket, now
    bool is_flushing = false;
    unsigned records_without_data = 0;                                     // since the last that had some
    std::vector<std::move_only_function<void(beast::error_code)>> waiting; // for bytes of the peer
    beast::error_code failure;                                // of writing; nothing is written after it
    std::move_only_function<void(beast::error_code)> flushed; // whoever waits for that
};

TlsStream::TlsStream(TcpStream tcp, TlsContext context)
    : implementation_(std::make_shared<Implementation>(std::move(tcp), std::move(context))) {}

// What is still under way ends with an error, and keeps the rest alive until then.
TlsStream::~TlsStream() {
    if (implementation_)
        implementation_->tcp.close();
}

TcpStream& TlsStream::tcp() {
    return implementation_->tcp;
}

void TlsStream::shake_hands(Done done) {
    const auto step = [](SSL* ssl, std::size_t&) { return ::SSL_do_handshake(ssl); };
    implementation_->go_on(
        step,
        [weak = std::weak_ptr(implementation_), done = std::move(done)](beast::error_code error,
                                                                        std::size_t) mutable {
            const auto self = weak.lock();
            if (error || !self)
                return done(error, 0);
            self->await_flush(0, std::move(done));
        },
        false);
}

void TlsStream::read_some(asio::mutable_buffer buffer, Done done) {
    const auto step = [buffer](SSL* ssl, std::size_t& count) {
        return ::SSL_read_ex(ssl, buffer.data(), buffer.size(), &count);
    };
    implementation_->go_on(step, std::move(done), false);
}

void TlsStream::write_some(asio::const_buffer buffer, Done done) {
    Implementation& self = *implementation_;
    if (self.failure)
        return self.end(self.failure, 0, std::move(done), false);
    ::ERR_clear_error();
    std::size_t count = 0;
    const int result = buffer.size() == 0 ? 1
                                          : ::SSL_write_ex(self.ssl.get(), buffer.data(),
                                                           std::min(buffer.size(), record_bytes_max), &count);
    if (const int state = ::SSL_get_error(self.ssl.get(), result); result != 1)
        return self.end(Implementation::error_of(state), 0, std::move(done), false);
    self.await_flush(count, std::move(done));
}

void TlsStream::say_goodbye(Done done) {
    const auto step = [](SSL* ssl, std::size_t&) {
        const int said = ::SSL_shutdown(ssl);
        return said == 0 ? ::SSL_shutdown(ssl) : said; // said, not heard: now the peer's word is waited for
    };
    implementation_->go_on(step, std::move(done), false);
}

} // namespace mosty::net
