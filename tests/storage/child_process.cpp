#include "tests/storage/child_process.hpp"

#include "domain/base/invariant.hpp"

#include <cstdlib>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

namespace mosty::storage {

ChildProcess::ChildProcess(const std::string& hidden_test,
                           const std::vector<std::pair<std::string, std::string>>& variables) {
    int ends[2];
    MOSTY_INVARIANT(::pipe2(ends, O_CLOEXEC) == 0, "a test can make a pipe");
    read_end_ = FileDescriptor(ends[0]);
    const FileDescriptor write_end(ends[1]);

    std::vector<std::string> environment;
    for (char** variable = environ; *variable; ++variable)
        environment.emplace_back(*variable);
    for (const auto& [name, value] : variables)
        environment.push_back(name + "=" + value);
    std::vector<char*> environment_pointers;
    for (std::string& variable : environment)
        environment_pointers.push_back(variable.data());
    environment_pointers.push_back(nullptr);

    std::string program = "/proc/self/exe", test = hidden_test;
    char* arguments[] = {program.data(), test.data(), nullptr};
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_adddup2(&actions, write_end.number(), pipe_number);
    const int failure =
        ::posix_spawn(&process_, program.c_str(), &actions, nullptr, arguments, environment_pointers.data());
    posix_spawn_file_actions_destroy(&actions);
    MOSTY_INVARIANT(failure == 0, "a test can start itself");
}

ChildProcess::~ChildProcess() {
    if (process_ < 0)
        return;
    kill();
    wait();
}

void ChildProcess::kill() {
    ::kill(process_, SIGKILL);
}

int ChildProcess::wait() {
    int status = 0;
    MOSTY_INVARIANT(::waitpid(process_, &status, 0) == process_, "a child can be waited for");
    process_ = -1;
    return status;
}

bool aborts(const std::string& hidden_test,
            const std::vector<std::pair<std::string, std::string>>& variables) {
    ChildProcess child(hidden_test, variables);
    const int status = child.wait();
    // Catch2 turns the signal into a failed test first, and then dies of it.
    return WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT;
}

} // namespace mosty::storage
