#pragma once

#include <simdjson.h>

#include <optional>
#include <string_view>

namespace mosty::openid {

// A JSON object that says nothing twice: two members of one name are read in one way here and in another
// elsewhere, so such an object is refused. The value lives as long as the object does, and no other is
// parsed.
//
// Threads: one.
class JsonObject {
public:
    // Whether the text is such an object.
    bool parse(std::string_view text);

    simdjson::dom::object value() const { return object_; }

    bool has(std::string_view name) const;
    // Nothing when it is absent or no text.
    std::optional<std::string_view> text(std::string_view name) const;
    // Nothing when it is absent or no number that a moment in seconds can be; whole seconds of it.
    std::optional<std::int64_t> moment(std::string_view name) const;
    bool is_true(std::string_view name) const;

private:
    simdjson::dom::parser parser_;
    simdjson::dom::object object_;
};

// Whether the object has two members of one name.
bool says_twice(simdjson::dom::object object);

std::optional<std::string_view> text_in(simdjson::dom::object object, std::string_view name);

} // namespace mosty::openid
