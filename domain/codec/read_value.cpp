#include "domain/codec/read_value.hpp"

#include <fmt/format.h>

namespace mosty::codec {

namespace {

Rejection rejected(RejectionCode code, Place place, std::string_view advice, RejectionParams params = {}) {
    return Rejection{code, fmt::format("{}: {}", place.field, advice), std::string(place.field),
                     std::move(params)};
}

Fault invalid(Place place, std::string_view advice) {
    return rejected(RejectionCode::invalid_field, place, advice);
}

bool is_capital(char c) {
    return c >= 'A' && c <= 'Z';
}

} // namespace

std::string_view advice_for(TextFault fault) {
    switch (fault) {
    case TextFault::not_utf8:
        return "the text is not well-formed. Type it again.";
    case TextFault::control_character:
        return "the text holds a control character. Remove it.";
    case TextFault::bidi_override:
        break;
    }
    return "the text holds a character that reverses the direction of writing. Remove it.";
}

Fault wrong_form(Place place, std::string_view wanted) {
    return rejected(RejectionCode::malformed, place, fmt::format("this must be {}.", wanted));
}

Fault named_twice(Place place) {
    return invalid(place, "the same value stands here twice. Name it once.");
}

Fault wrong_count(Place place, std::size_t count, std::size_t min, std::size_t max) {
    if (count > max) {
        return rejected(RejectionCode::too_many, place,
                        fmt::format("give at most {}; these are {}.", max, count),
                        {{"max", std::to_string(max)}});
    }
    if (count < min)
        return invalid(place, fmt::format("give at least {}.", min));
    return std::nullopt;
}

Fault unknown_word(Place place, std::string_view given, const std::string_view* words, std::size_t count) {
    return invalid(place, fmt::format("\"{}\" is not known here. Choose one of: {}.", given.substr(0, 64),
                                      fmt::join(words, words + count, ", ")));
}

Fault read_word_text(Place place, Element element, std::string_view& out) {
    if (element.get(out) != simdjson::SUCCESS)
        return wrong_form(place, "a word in quotation marks");
    return std::nullopt;
}

Fault read_id_text(Place place, Element element, std::string_view& out) {
    if (element.get(out) != simdjson::SUCCESS)
        return wrong_form(place, "an id in quotation marks");
    if (!is_id(out))
        return invalid(place, "an id has 1 to 64 letters A-Z a-z, digits, hyphens and underscores.");
    return std::nullopt;
}

Fault read_value(Place place, Element element, const Text& rule, std::string& out) {
    std::string_view text;
    if (element.get(text) != simdjson::SUCCESS)
        return wrong_form(place, "text in quotation marks");
    if (place.origin == Origin::recorded) {
        out = text;
        return std::nullopt;
    }
    if (const auto fault = find_text_fault(text))
        return invalid(place, advice_for(*fault));
    text = trimmed(text);
    const std::size_t length = utf16_length(text);
    if (length > rule.max) {
        return rejected(RejectionCode::too_long, place,
                        fmt::format("write at most {} characters; these are {}.", rule.max, length),
                        {{"max", std::to_string(rule.max)}, {"length", std::to_string(length)}});
    }
    if (length < rule.min) {
        if (length == 0)
            return invalid(place, "this cannot be empty.");
        return invalid(place, fmt::format("write at least {} characters.", rule.min));
    }
    out = text;
    return std::nullopt;
}

Fault read_value(Place place, Element element, const Country&, std::string& out) {
    std::string_view text;
    if (element.get(text) != simdjson::SUCCESS)
        return wrong_form(place, "a country code in quotation marks");
    if (text.size() != 2 || !is_capital(text[0]) || !is_capital(text[1]))
        return invalid(place, "give the country as two capital letters, such as UA.");
    out = text;
    return std::nullopt;
}

Fault read_value(Place place, Element element, const Whole& rule, std::int64_t& out) {
    if (element.get(out) != simdjson::SUCCESS)
        return wrong_form(place, "a whole number");
    const bool fits = place.origin == Origin::recorded || (out >= rule.min && out <= rule.max);
    if (fits)
        return std::nullopt;
    return rejected(RejectionCode::invalid_field, place,
                    fmt::format("give a number from {} to {}.", rule.min, rule.max),
                    {{"min", std::to_string(rule.min)}, {"max", std::to_string(rule.max)}});
}

Fault read_value(Place place, Element element, const Date& rule, PartialDate& out) {
    std::string_view text;
    if (element.get(text) != simdjson::SUCCESS)
        return wrong_form(place, "a date in quotation marks");
    const auto parsed = parse_partial_date(text);
    if (!parsed)
        return invalid(place, "give a date such as 2023, 2023-06 or 2023-06-19, from 1900 to 2199.");
    if (rule.full && place.origin == Origin::sent && !parsed->is_full())
        return invalid(place, "give the full date, such as 2023-06-19.");
    out = *parsed;
    return std::nullopt;
}

Fault read_value(Place place, Element element, const CurrencyCode&, Currency& out) {
    std::string_view text;
    if (element.get(text) != simdjson::SUCCESS)
        return wrong_form(place, "a currency in quotation marks");
    const auto currency = parse_currency(text);
    if (!currency)
        return invalid(place, "give the currency as ISO 4217 writes it, such as EUR or UAH.");
    out = *currency;
    return std::nullopt;
}

Fault read_value(Place place, Element element, const Truth&, bool& out) {
    if (element.get(out) != simdjson::SUCCESS)
        return wrong_form(place, "true or false");
    return std::nullopt;
}

Fault read_value(Place place, Element element, const Flag&, bool& out) {
    if (element.get(out) != simdjson::SUCCESS)
        return wrong_form(place, "true, or left out");
    // Only what an entry never says is refused: a false flag is left out when it is written.
    if (!out && place.origin == Origin::recorded)
        return wrong_form(place, "true, or left out");
    return std::nullopt;
}

} // namespace mosty::codec
