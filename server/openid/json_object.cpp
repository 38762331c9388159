#include "server/openid/json_object.hpp"

#include <cmath>
#include <cstdint>
#include <unordered_set>

namespace mosty::openid {

bool says_twice(simdjson::dom::object object) {
    std::unordered_set<std::string_view> names;
    for (const auto member : object)
        if (!names.insert(member.key).second)
            return true;
    return false;
}

std::optional<std::string_view> text_in(simdjson::dom::object object, std::string_view name) {
    std::string_view text;
    if (object[name].get(text) != simdjson::SUCCESS)
        return std::nullopt;
    return text;
}

bool JsonObject::parse(std::string_view text) {
    simdjson::dom::element root;
    return parser_.parse(text.data(), text.size()).get(root) == simdjson::SUCCESS &&
           root.get(object_) == simdjson::SUCCESS && !says_twice(object_);
}

bool JsonObject::has(std::string_view name) const {
    return object_[name].error() == simdjson::SUCCESS;
}

std::optional<std::string_view> JsonObject::text(std::string_view name) const {
    return text_in(object_, name);
}

std::optional<std::int64_t> JsonObject::moment(std::string_view name) const {
    constexpr double moment_max = 1e12;
    double seconds = 0;
    if (object_[name].get(seconds) != simdjson::SUCCESS || seconds < 0 || seconds > moment_max)
        return std::nullopt;
    return static_cast<std::int64_t>(std::floor(seconds));
}

bool JsonObject::is_true(std::string_view name) const {
    bool value = false;
    return object_[name].get(value) == simdjson::SUCCESS && value;
}

} // namespace mosty::openid
