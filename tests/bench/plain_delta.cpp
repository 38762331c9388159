#include "tests/bench/plain_delta.hpp"

#include "domain/base/utf16.hpp"
#include "domain/codec/json_writer.hpp"
#include "tests/bench/measure.hpp"

#include <string_view>

namespace mosty::bench {

using Kind = text::Operation::Kind;

void append_json(std::string& out, const text::Delta& delta) {
    out += '[';
    for (const text::Operation& operation : delta.operations()) {
        if (out.back() != '[')
            out += ',';
        if (operation.kind == Kind::insert) {
            out += R"({"insert":)";
            codec::append_string(out, utf8_of(operation.text));
        } else {
            out += operation.kind == Kind::retain ? R"({"retain":)" : R"({"delete":)";
            codec::append_integer(out, static_cast<std::int64_t>(operation.length));
        }
        out += '}';
    }
    out += ']';
}

text::Delta read_delta(simdjson::dom::element list) {
    text::Delta delta;
    for (const simdjson::dom::object operation : list.get_array()) {
        for (const auto& [name, value] : operation) {
            if (name == "insert")
                delta.insert(utf16_of(value.get_string()));
            else if (name == "retain")
                delta.retain(value.get_uint64());
            else if (name == "delete")
                delta.remove(value.get_uint64());
            else
                give_up("an operation with {} was not expected", name);
        }
    }
    return delta;
}

std::size_t length_of(const text::Delta& content) {
    return static_cast<std::size_t>(content.growth());
}

} // namespace mosty::bench
