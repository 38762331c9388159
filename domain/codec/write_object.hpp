#pragma once

#include "domain/base/ids.hpp"
#include "domain/base/money.hpp"
#include "domain/base/names.hpp"
#include "domain/base/partial_date.hpp"
#include "domain/codec/field.hpp"
#include "domain/codec/json_writer.hpp"
#include "domain/codec/rules.hpp"

#include <optional>
#include <string>
#include <vector>

namespace mosty::codec {

inline void write_value(std::string& out, const std::string& value) {
    append_string(out, value);
}

inline void write_value(std::string& out, std::int64_t value) {
    append_integer(out, value);
}

inline void write_value(std::string& out, bool value) {
    out += value ? "true" : "false";
}

inline void write_value(std::string& out, PartialDate value) {
    out += '"';
    out += to_string(value);
    out += '"';
}

inline void write_value(std::string& out, Currency value) {
    out += '"';
    out += value.code();
    out += '"';
}

template <class Tag>
void write_value(std::string& out, const Id<Tag>& value) {
    append_string(out, value.text());
}

template <Worded Enum>
void write_value(std::string& out, Enum value) {
    out += '"';
    out += to_string(value);
    out += '"';
}

template <Described T>
void write_object(std::string& out, const T& object);

template <Described T>
void write_value(std::string& out, const T& part) {
    write_object(out, part);
}

template <class T>
void write_value(std::string& out, const std::vector<T>& values) {
    out += '[';
    for (std::size_t i = 0; i < values.size(); ++i) {
        if (i > 0)
            out += ',';
        write_value(out, values[i]);
    }
    out += ']';
}

template <class T>
void write_value(std::string& out, const std::optional<T>& value) {
    write_value(out, *value);
}

// Whether a field stands in the JSON: what is absent, not flagged or omitted when empty does not.
template <class Rule, class T>
bool is_written(const Rule&, const T& value) {
    if constexpr (is_optional<T>)
        return value.has_value();
    else if constexpr (std::is_same_v<Rule, Flag>)
        return value;
    else
        return true;
}

template <class Inner, class T>
bool is_written(const List<Inner>& rule, const std::vector<T>& values) {
    return !rule.omit_empty || !values.empty();
}

// Appends the JSON object of all fields that are there, in the order of their table.
template <Described T>
void write_object(std::string& out, const T& object) {
    char separator = '{';
    const auto write_field = [&](const auto& field) {
        const auto& value = field.get(object);
        if (!is_written(field.rule, value))
            return;
        out += separator;
        out += '"';
        out += field.name;
        out += "\":";
        write_value(out, value);
        separator = ',';
    };
    std::apply([&](const auto&... fields) { (write_field(fields), ...); }, fields_of<T>);
    if (separator == '{')
        out += '{';
    out += '}';
}

} // namespace mosty::codec
