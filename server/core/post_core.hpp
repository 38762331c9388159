#pragma once

#include "server/core/core.hpp"

#include <boost/asio/post.hpp>

#include <ctime>
#include <utility>

namespace mosty::core {

// The processor time that this thread has used.
inline double thread_seconds() {
    timespec used{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &used);
    return static_cast<double>(used.tv_sec) + 1e-9 * static_cast<double>(used.tv_nsec);
}

template <class Task>
void Core::post_core(Task task) {
    boost::asio::post(threads_.core, [this, task = std::move(task)]() mutable {
        const double started = thread_seconds();
        finish_ended_append();
        task();
        metrics_.core_task_seconds.Observe(thread_seconds() - started);
    });
}

} // namespace mosty::core
