#pragma once

#include "server/core/core.hpp"

#include <boost/asio/post.hpp>

#include <utility>

namespace mosty::core {

template <class Task>
void Core::post_core(Task task) {
    boost::asio::post(threads_.core, [this, task = std::move(task)]() mutable {
        tasks_.push_back(std::move(task));
        take_turn();
    });
}

} // namespace mosty::core
