#include "server/http/parameters.hpp"

#include "server/events/span.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <charconv>
#include <utility>
#include <vector>

namespace mosty::http {
namespace {

constexpr std::uint64_t number_max = 1ull << 53;
constexpr std::size_t limit_max = 500;
constexpr std::size_t limit_default = 100;

} // namespace

std::string Parameters::text(const std::string& name) {
    std::string value = text_or_nothing(name);
    if (value.empty() && request_.query.contains(name))
        note(name, fmt::format("“{}” has no value. Give one, or leave it out.", name));
    return value;
}

std::string Parameters::text_or_nothing(const std::string& name) {
    asked_.insert(name);
    const auto found = request_.query.find(name);
    return found == request_.query.end() ? std::string{} : found->second;
}

std::optional<std::uint64_t> Parameters::number(const std::string& name) {
    const std::string value = text(name);
    if (value.empty())
        return std::nullopt;
    std::uint64_t number = 0;
    const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
    if (error == std::errc{} && end == value.data() + value.size() && number <= number_max)
        return number;
    note(name, fmt::format("“{}” must be a whole number.", name));
    return std::nullopt;
}

std::optional<std::int64_t> Parameters::moment(const std::string& name, bool end_of_day) {
    const std::string value = text(name);
    if (value.empty())
        return std::nullopt;
    if (const auto time = events::parse_moment(value, end_of_day))
        return time;
    note(name,
         fmt::format("“{}” must be a date such as 2026-11-22, or a time such as 2026-11-22T10:00:00.000Z.",
                     name));
    return std::nullopt;
}

std::size_t Parameters::limit() {
    const auto value = number("limit");
    if (value && (*value < 1 || *value > limit_max))
        note("limit", fmt::format("“limit” must be from 1 to {}.", limit_max));
    return static_cast<std::size_t>(value.value_or(limit_default));
}

void Parameters::at_most_one(std::initializer_list<std::string> names) {
    std::vector<std::string> given;
    for (const std::string& name : names)
        if (!text_or_nothing(name).empty())
            given.push_back(name);
    if (given.size() > 1)
        note(given.back(),
             fmt::format("Only one of “{}” can be asked for at once.", fmt::join(given, "”, “")));
}

void Parameters::note(realtime::Problem problem) {
    if (!mistake_)
        mistake_ = std::move(problem);
}

void Parameters::note(const std::string& name, std::string sentence) {
    note({"invalid_field", std::move(sentence), name, {}});
}

std::optional<realtime::Problem> Parameters::mistake() {
    if (!request_.repeated.empty())
        note(request_.repeated, fmt::format("“{}” stands twice.", request_.repeated));
    for (const auto& [name, value] : request_.query)
        if (!asked_.contains(name))
            note(name,
                 fmt::format("“{}” is none of the parameters here: {}.", name,
                             asked_.empty() ? "there are none" : fmt::format("{}", fmt::join(asked_, ", "))));
    return mistake_;
}

} // namespace mosty::http
