#pragma once

#include "server/realtime/problem.hpp"

#include <simdjson.h>

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace mosty::http {

// A member that the JSON object in the body of a request may have, and what it must be then.
struct Member {
    enum class Kind : std::uint8_t { text, flag, list };

    std::string_view name;
    Kind kind = Kind::text;
};

// What is wrong with such an object: `malformed` for a member that is not among these or that stands twice,
// of which readers could take either; `invalid_field` for one of another kind. Which must be there is judged
// by whoever uses them.
std::optional<realtime::Problem> mistake_in(simdjson::dom::object body, std::span<const Member> members);

} // namespace mosty::http
