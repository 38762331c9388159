#pragma once

#include "storage/rocksdb/file_descriptor.hpp"

#include <string>
#include <sys/types.h>
#include <utility>
#include <vector>

namespace mosty::storage {

// This test program once more, running only the hidden test of the given name. A fresh program and not
// a bare fork, because a fork would inherit locks of threads that it does not have.
class ChildProcess {
public:
    // The variables are added to the child's environment; the child finds the write end of a pipe to us
    // at descriptor `pipe_number`. Its standard output and error go nowhere.
    ChildProcess(const std::string& hidden_test,
                 const std::vector<std::pair<std::string, std::string>>& variables);
    ChildProcess(const ChildProcess&) = delete;
    ChildProcess& operator=(const ChildProcess&) = delete;
    ~ChildProcess(); // kills it when it still runs

    static constexpr int pipe_number = 3;

    // The end of the pipe that we read from.
    int pipe() const { return read_end_.number(); }

    void kill();
    // The status that waitpid gives.
    int wait();

private:
    FileDescriptor read_end_;
    pid_t process_ = -1;
};

// How a hidden test ended that is expected to abort.
bool aborts(const std::string& hidden_test,
            const std::vector<std::pair<std::string, std::string>>& variables = {});

} // namespace mosty::storage
