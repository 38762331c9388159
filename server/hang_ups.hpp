#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>

#include <csignal>
#include <utility>

namespace mosty {

// SIGHUP never ends the process: not while it starts, not between two lives, not without a certificate to be
// read again. What comes while no life waits for it is remembered.
class HangUps {
public:
    HangUps() { remember(); }

    // Whether one came that is not dealt with yet.
    bool take() {
        context_.restart();
        context_.poll();
        return std::exchange(came_, false);
    }

private:
    void remember() {
        signals_.async_wait([this](const boost::system::error_code& error, int) {
            if (error)
                return;
            came_ = true;
            remember();
        });
    }

    boost::asio::io_context context_{1};
    boost::asio::signal_set signals_{context_, SIGHUP};
    bool came_ = false;
};

} // namespace mosty
