#pragma once

#include <boost/asio/buffer.hpp>

#include <array>
#include <cstddef>
#include <memory>
#include <span>

namespace mosty::net {

// Where a connection reads into: small while little comes, since most connections are idle at any time, and
// large for the next read when one has filled it.
class ReadBuffer {
public:
    boost::asio::mutable_buffer room() {
        if (was_filled_ && !large_)
            large_ = std::make_unique_for_overwrite<Large>();
        else if (!was_filled_)
            large_.reset();
        return large_ ? boost::asio::buffer(*large_) : boost::asio::buffer(small_);
    }

    // The bytes that were read into room(), until the next call of it.
    std::span<char> taken(std::size_t count) {
        const std::span<char> all = large_ ? std::span<char>(*large_) : std::span<char>(small_);
        was_filled_ = count == all.size();
        return all.first(count);
    }

private:
    using Large = std::array<char, 16 * 1024>;

    std::array<char, 1024> small_;
    std::unique_ptr<Large> large_;
    bool was_filled_ = false;
};

} // namespace mosty::net
