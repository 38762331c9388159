#pragma once

#include <boost/json/fwd.hpp>

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

// JSON as text, written straight into a string.
namespace mosty::projections {

// Appends the parts one after the other, growing the string once.
void append_all(std::string& out, std::initializer_list<std::string_view> parts);

// Appends a string with its quotation marks; the text is UTF-8.
void append_quoted(std::string& out, std::string_view text);

void append_number(std::string& out, std::int64_t number);

// Appends a value without white space, the members of objects in the order they have.
void append_value(std::string& out, const boost::json::value& value);
void append_object(std::string& out, const boost::json::object& object);

// Appends `"name":` to an object being written, with a comma before it unless it is the first.
void append_name(std::string& out, std::string_view name);

// Appends a whole member to an object being written.
void append_member(std::string& out, std::string_view name, std::string_view text);
void append_member(std::string& out, std::string_view name, std::int64_t number);
void append_member(std::string& out, std::string_view name, const boost::json::value& value);

// Appends a JSON text, its strings of more than 300 characters cut there and ended with "…".
void append_shortened(std::string& out, std::string_view json);

// The text of a string value, or of nothing when the value is absent.
std::string_view text_of(const boost::json::value& value);
std::string_view text_of(const boost::json::object& object, std::string_view member);

} // namespace mosty::projections
