#pragma once

#include "domain/base/result.hpp"
#include "server/http/message.hpp"
#include "server/realtime/problem.hpp"

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <set>
#include <string>

namespace mosty::http {

// Reads the parameters of a request's query. A mistake is remembered, the first one; so is whatever nobody
// asked for, and what stands twice: a mistyped filter must not look like an answer to it.
//
// Threads: one.
class Parameters {
public:
    // The request must outlive it.
    explicit Parameters(const Request& request) : request_(request) {}

    // Empty when it is absent. One that is there without a value is a mistake.
    std::string text(const std::string& name);

    // The same of what may stand there without a value: a cursor at the beginning, a search for anything.
    std::string text_or_nothing(const std::string& name);

    // A whole number up to 2^53; nothing when it is absent or none.
    std::optional<std::uint64_t> number(const std::string& name);

    // RFC 3339 with milliseconds, or a date, which stands for its first or last moment (UTC): milliseconds
    // since 1970.
    std::optional<std::int64_t> moment(const std::string& name, bool end_of_day);

    // How many rows are wanted: 1 to 500, or 100.
    std::size_t limit();

    // These say the same in different ways.
    void at_most_one(std::initializer_list<std::string> names);

    void note(realtime::Problem problem);
    void note(const std::string& name, std::string sentence);

    // What is wrong with the query; nothing when all of it was asked for and right. To be called last.
    std::optional<realtime::Problem> mistake();

private:
    const Request& request_;
    std::set<std::string> asked_;
    std::optional<realtime::Problem> mistake_;
};

} // namespace mosty::http
