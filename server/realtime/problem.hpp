#pragma once

#include "domain/base/rejection.hpp"
#include "server/access/sign_in.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mosty::realtime {

// An error as RFC 9457 tells it: a stable code, a status and a sentence that says what to do.
struct Problem {
    std::string code;
    std::string detail;
    std::string field;
    std::vector<std::pair<std::string, std::string>> params;
};

Problem problem_of(const Rejection& rejection);

// What is answered to a browser whose session has ended: `signed_out` or `session_over`.
Problem problem_of(access::Ending ending);

// The HTTP status of a problem's code; 400 for a code that this build does not know.
int status_of(std::string_view code);

// Appends the problem details object.
void append_json(std::string& out, const Problem& problem);

std::string to_json(const Problem& problem);

} // namespace mosty::realtime
