#include "server/http/body.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>

namespace mosty::http {
namespace {

using realtime::Problem;

bool is_of(Member::Kind kind, simdjson::dom::element value) {
    switch (kind) {
    case Member::Kind::flag:
        return value.is_bool();
    case Member::Kind::list:
        return value.is_array();
    case Member::Kind::text:
        break;
    }
    return value.is_string();
}

std::string_view words_for(Member::Kind kind) {
    switch (kind) {
    case Member::Kind::flag:
        return "true or false";
    case Member::Kind::list:
        return "a list";
    case Member::Kind::text:
        break;
    }
    return "a text";
}

} // namespace

std::optional<Problem> mistake_in(simdjson::dom::object body, std::span<const Member> members) {
    std::uint32_t seen = 0; // a bit for each of the members
    for (const auto [name, value] : body) {
        const auto known = std::ranges::find(members, name, &Member::name);
        if (known == members.end())
            return Problem{"malformed", fmt::format("“{}” is not known here.", name), std::string{name}, {}};
        const std::uint32_t bit = 1U << (known - members.begin());
        if (seen & bit)
            return Problem{"malformed", fmt::format("“{}” stands twice.", name), std::string{name}, {}};
        seen |= bit;
        if (!is_of(known->kind, value))
            return Problem{"invalid_field",
                           fmt::format("“{}” must be {}.", name, words_for(known->kind)),
                           std::string{name},
                           {}};
    }
    return std::nullopt;
}

} // namespace mosty::http
