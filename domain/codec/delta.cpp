#include "domain/codec/delta.hpp"

#include "domain/base/text.hpp"
#include "domain/base/utf16.hpp"
#include "domain/base/utf8.hpp"
#include "domain/codec/json_writer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace mosty::codec {

namespace {

using text::Attributes;
using text::Format;
using text::Operation;
using Kind = Operation::Kind;

constexpr std::size_t link_bytes_max = 2048;

// One operation of the list, for sentences; they count from 1.
struct Step {
    Place place;
    std::size_t number = 0;
};

Fault invalid(Place place, std::string_view advice) {
    return Rejection{RejectionCode::invalid_delta,
                     fmt::format("{}: {}", place.field, advice),
                     std::string(place.field),
                     {}};
}

Fault invalid(Step step, std::string_view advice) {
    return Rejection{RejectionCode::invalid_delta,
                     fmt::format("{}: operation {}: {}", step.place.field, step.number, advice),
                     std::string(step.place.field),
                     {{"operation", std::to_string(step.number)}}};
}

// Schemes are written in either case, as browsers read them.
bool begins_with_scheme(std::string_view address, std::string_view scheme) {
    return address.size() > scheme.size() &&
           std::ranges::equal(address.substr(0, scheme.size()), scheme, [](char given, char wanted) {
               return (given >= 'A' && given <= 'Z' ? given - 'A' + 'a' : given) == wanted;
           });
}

bool is_link(std::string_view address) {
    const bool known = begins_with_scheme(address, "http:") || begins_with_scheme(address, "https:") ||
                       begins_with_scheme(address, "mailto:");
    if (!known || address.size() > link_bytes_max || find_text_fault(address))
        return false;
    while (!address.empty()) {
        const Character character = first_character(address);
        if (character.code <= 0x20 || (character.code >= 0x7F && character.code <= 0xA0))
            return false;
        address.remove_prefix(character.length);
    }
    return true;
}

Fault read_length(Step step, Element element, std::size_t& out) {
    std::int64_t length = 0;
    if (element.get(length) != simdjson::SUCCESS || length < 1 || length > integer_max)
        return invalid(step, "a length is a whole number above 0. Count in UTF-16 units.");
    out = static_cast<std::size_t>(length);
    return std::nullopt;
}

Fault read_text(Step step, Element element, Operation& out) {
    std::string_view text;
    if (element.get(text) != simdjson::SUCCESS)
        return invalid(step, "only text can be inserted. Leave out pictures and other objects.");
    if (text.empty())
        return invalid(step, "the inserted text is empty. Leave the operation out.");
    if (step.place.origin == Origin::sent) {
        if (const auto fault = find_text_fault(text))
            return invalid(step, advice_for(*fault));
    } else if (!is_utf8(text)) {
        return invalid(step, advice_for(TextFault::not_utf8));
    }
    out.text = utf16_of(text);
    out.length = out.text.size();
    return std::nullopt;
}

Fault read_link(Step step, Element element, Attributes& out) {
    std::string_view address;
    const bool is_text = element.get(address) == simdjson::SUCCESS;
    if (!is_text || (step.place.origin == Origin::sent && !is_link(address)))
        return invalid(step, "a link is an address that begins with http:, https: or mailto:, without spaces "
                             "and of at most 2,048 bytes.");
    out.set_link(address);
    return std::nullopt;
}

// The value of a format other than a link as Attributes keeps it; nothing when it is none.
std::optional<std::uint8_t> format_value(Format format, Element element) {
    if (format == Format::header) {
        std::int64_t level = 0;
        if (element.get(level) != simdjson::SUCCESS || level < 1 || level > 3)
            return std::nullopt;
        return static_cast<std::uint8_t>(1 + level);
    }
    if (format == Format::list) {
        std::string_view kind;
        if (element.get(kind) != simdjson::SUCCESS)
            return std::nullopt;
        if (kind == "ordered")
            return 2;
        return kind == "bullet" ? std::optional<std::uint8_t>(3) : std::nullopt;
    }
    bool given = false;
    if (element.get(given) != simdjson::SUCCESS || !given)
        return std::nullopt;
    return text::true_value;
}

Fault read_attribute(Step step, const simdjson::dom::key_value_pair& member, Attributes& out) {
    const bool takes_away = member.value.is_null();
    if (member.key == "link") {
        if (out.link_kind() != Attributes::Link::absent)
            return invalid(step, "an attribute stands here twice. Name it once.");
        if (!takes_away)
            return read_link(step, member.value, out);
        out.set_link_null();
        return std::nullopt;
    }
    const auto format = from_word<Format>(member.key);
    if (!format)
        return invalid(step, "an attribute is not known here. Use bold, italic, underline, link, header, "
                             "list and blockquote only.");
    if (out.format(*format) != text::not_named)
        return invalid(step, "an attribute stands here twice. Name it once.");
    const auto value = takes_away ? text::null_value : format_value(*format, member.value);
    if (!value)
        return invalid(step, "an attribute has a value that is not known here. Give true, a header from 1 to "
                             "3, or a list that is \"ordered\" or \"bullet\".");
    out.set(*format, *value);
    return std::nullopt;
}

Fault read_attributes(Step step, Element element, Attributes& out) {
    simdjson::dom::object object;
    if (element.get(object) != simdjson::SUCCESS)
        return invalid(step, "attributes are an object, such as {\"bold\":true}.");
    for (const simdjson::dom::key_value_pair member : object)
        if (auto fault = read_attribute(step, member, out))
            return fault;
    if (out.is_empty())
        return invalid(step, "there are no attributes in it. Leave them out.");
    return std::nullopt;
}

std::optional<Kind> kind_of(std::string_view member) {
    if (member == "insert")
        return Kind::insert;
    if (member == "retain")
        return Kind::retain;
    return member == "delete" ? std::optional(Kind::remove) : std::nullopt;
}

Fault read_operation(Step step, Element element, Operation& out) {
    simdjson::dom::object object;
    if (element.get(object) != simdjson::SUCCESS)
        return invalid(step, "an operation is an object, such as {\"retain\":1}.");
    bool has_kind = false;
    bool has_attributes = false;
    for (const simdjson::dom::key_value_pair member : object) {
        Fault fault;
        if (const auto kind = kind_of(member.key)) {
            if (std::exchange(has_kind, true))
                return invalid(step, "an operation does one thing: insert, retain or delete.");
            out.kind = *kind;
            fault = *kind == Kind::insert ? read_text(step, member.value, out)
                                          : read_length(step, member.value, out.length);
        } else if (member.key == "attributes") {
            if (std::exchange(has_attributes, true))
                return invalid(step, "attributes stand here twice. Give them once.");
            fault = read_attributes(step, member.value, out.attributes);
        } else {
            return invalid(step, "a member is not known here. Leave it out.");
        }
        if (fault)
            return fault;
    }
    if (!has_kind)
        return invalid(step, "the operation does nothing. Leave it out.");
    if (has_attributes && out.kind == Kind::remove)
        return invalid(step, "what is deleted has no attributes. Leave them out.");
    if (out.kind == Kind::insert && out.attributes.has_null())
        return invalid(step, "an insert cannot take attributes away. Leave out what is null.");
    return std::nullopt;
}

void write_attributes(std::string& out, const Attributes& attributes) {
    char before = '{';
    const auto name = [&](std::string_view word) {
        out += std::exchange(before, ',');
        append_string(out, word);
        out += ':';
    };
    const auto write_format = [&](Format format) {
        const std::uint8_t value = attributes.format(format);
        if (value == text::not_named)
            return;
        name(to_string(format));
        if (value == text::null_value)
            out += "null";
        else if (format == Format::header)
            append_integer(out, value - 1);
        else if (format == Format::list)
            out += value == 2 ? "\"ordered\"" : "\"bullet\"";
        else
            out += "true";
    };
    out += ",\"attributes\":";
    write_format(Format::bold);
    write_format(Format::italic);
    write_format(Format::underline);
    if (attributes.link_kind() != Attributes::Link::absent) {
        name("link");
        if (attributes.link_kind() == Attributes::Link::null)
            out += "null";
        else
            append_string(out, attributes.link());
    }
    write_format(Format::header);
    write_format(Format::list);
    write_format(Format::blockquote);
    out += '}';
}

void write_operation(std::string& out, const Operation& operation) {
    if (operation.kind == Kind::insert) {
        out += "{\"insert\":";
        append_string(out, utf8_of(operation.text));
    } else {
        out += operation.kind == Kind::retain ? "{\"retain\":" : "{\"delete\":";
        append_integer(out, static_cast<std::int64_t>(operation.length));
    }
    if (!operation.attributes.is_empty())
        write_attributes(out, operation.attributes);
    out += '}';
}

} // namespace

Fault read_value(Place place, Element element, const DeltaRule& rule, text::Delta& out) {
    simdjson::dom::array array;
    if (element.get(array) != simdjson::SUCCESS)
        return invalid(place, "a change is a list of operations.");
    out = {};
    std::size_t base_length = 0;
    Step step{place};
    for (const Element each : array) {
        ++step.number;
        Operation operation;
        if (auto fault = read_operation(step, each, operation))
            return fault;
        if (operation.kind != Kind::insert)
            base_length += operation.length;
        if (base_length > static_cast<std::size_t>(integer_max))
            return invalid(step, "the lengths together are greater than any text. Count in UTF-16 units.");
        out.push(std::move(operation));
    }
    out.chop();
    if (place.origin == Origin::recorded)
        return std::nullopt;
    if (out.is_empty())
        return invalid(place, "the change does nothing. Do not send it.");

    std::string written;
    write_value(written, out);
    if (written.size() <= rule.json_bytes_max)
        return std::nullopt;
    return Rejection{
        RejectionCode::edit_too_big,
        fmt::format("{}: this is too much at once: {} bytes, and at most {} go into one edit. Send it "
                    "in parts.",
                    place.field, written.size(), rule.json_bytes_max),
        std::string(place.field),
        {{"max", std::to_string(rule.json_bytes_max)}, {"size", std::to_string(written.size())}}};
}

void write_value(std::string& out, const text::Delta& delta) {
    out += '[';
    const char* before = "";
    for (const Operation& operation : delta.operations()) {
        out += std::exchange(before, ",");
        write_operation(out, operation);
    }
    out += ']';
}

} // namespace mosty::codec
