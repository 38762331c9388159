#pragma once

#include "domain/base/ids.hpp"
#include "domain/base/money.hpp"
#include "domain/base/names.hpp"
#include "domain/base/partial_date.hpp"
#include "domain/base/rejection.hpp"
#include "domain/base/text.hpp"
#include "domain/codec/rules.hpp"

#include <simdjson.h>

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mosty::codec {

// Where a value comes from. A sent one is trimmed and measured against its rule; a recorded one only has to
// have the right form.
enum class Origin { sent, recorded };

// The member being read, for sentences.
struct Place {
    Origin origin = Origin::sent;
    std::string_view field;
};

using Element = simdjson::dom::element;
using Fault = std::optional<Rejection>;

// Each reads one value, or says what is wrong with it and leaves `out` unspecified.
Fault read_value(Place place, Element element, const Text& rule, std::string& out);
Fault read_value(Place place, Element element, const Country& rule, std::string& out);
Fault read_value(Place place, Element element, const Whole& rule, std::int64_t& out);
Fault read_value(Place place, Element element, const Date& rule, PartialDate& out);
Fault read_value(Place place, Element element, const CurrencyCode& rule, Currency& out);
Fault read_value(Place place, Element element, const Truth& rule, bool& out);
Fault read_value(Place place, Element element, const Flag& rule, bool& out);

// Reads an id's text, or a word's; shared by all ids and all enumerations.
Fault read_id_text(Place place, Element element, std::string_view& out);
Fault read_word_text(Place place, Element element, std::string_view& out);
Fault unknown_word(Place place, std::string_view given, const std::string_view* words, std::size_t count);
Fault wrong_form(Place place, std::string_view wanted);
Fault wrong_count(Place place, std::size_t count, std::size_t min, std::size_t max);
Fault named_twice(Place place);

// What to do about a text that we do not keep.
std::string_view advice_for(TextFault fault);

template <class Tag>
Fault read_value(Place place, Element element, const Identifier&, Id<Tag>& out) {
    std::string_view text;
    if (auto fault = read_id_text(place, element, text))
        return fault;
    out = Id<Tag>(std::string(text));
    return std::nullopt;
}

template <Worded Enum>
Fault read_value(Place place, Element element, const Word&, Enum& out) {
    std::string_view text;
    if (auto fault = read_word_text(place, element, text))
        return fault;
    const auto value = from_word<Enum>(text);
    if (!value)
        return unknown_word(place, text, WordsOf<Enum>::words.data(), WordsOf<Enum>::words.size());
    out = *value;
    return std::nullopt;
}

template <class Rule, class T>
Fault read_value(Place place, Element element, const Rule& rule, std::optional<T>& out) {
    return read_value(place, element, rule, out.emplace());
}

template <class Rule, class T>
Fault read_value(Place place, Element element, const List<Rule>& rule, std::vector<T>& out) {
    simdjson::dom::array array;
    if (element.get(array) != simdjson::SUCCESS)
        return wrong_form(place, "a list");
    out.clear();
    for (const Element each : array) {
        T value{};
        if (auto fault = read_value(place, each, rule.each, value))
            return fault;
        const bool repeated = std::ranges::find(out, value) != out.end();
        if (repeated && place.origin == Origin::sent)
            return named_twice(place);
        out.push_back(std::move(value));
        if (place.origin == Origin::sent && out.size() > rule.max)
            break;
    }
    if (place.origin == Origin::sent)
        return wrong_count(place, array.size(), rule.min, rule.max);
    return std::nullopt;
}

} // namespace mosty::codec
