#include "event_fields.hpp"

#include "domain/codec/event_types.hpp"
#include "domain/codec/fields.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace mosty::test {
namespace {

using namespace mosty::codec;

constexpr std::string_view kind_of(const Text&) {
    return "text";
}
constexpr std::string_view kind_of(const Identifier&) {
    return "id";
}
constexpr std::string_view kind_of(const Country&) {
    return "country";
}
constexpr std::string_view kind_of(const Whole&) {
    return "whole";
}
constexpr std::string_view kind_of(const Date&) {
    return "date";
}
constexpr std::string_view kind_of(const CurrencyCode&) {
    return "currency";
}
constexpr std::string_view kind_of(const Truth&) {
    return "truth";
}
constexpr std::string_view kind_of(const Flag&) {
    return "flag";
}
constexpr std::string_view kind_of(const DeltaRule&) {
    return "delta";
}

template <class T>
struct Bare {
    using type = T;
};
template <class T>
struct Bare<std::optional<T>> : Bare<T> {};
template <class T>
struct Bare<std::vector<T>> : Bare<T> {};

template <Worded Enum>
std::string words() {
    return fmt::format("{}", fmt::join(WordsOf<Enum>::words, "|"));
}

template <class Part>
std::string kinds_of_part();

template <class Rule, class Member>
std::string kind(const Rule& rule) {
    using Value = typename Bare<Member>::type;
    if constexpr (requires { rule.each; })
        return "list:" + kind<std::decay_t<decltype(rule.each)>, Value>(rule.each);
    else if constexpr (std::is_same_v<Rule, Word>)
        return "word:" + words<Value>();
    else if constexpr (std::is_same_v<Rule, Object>)
        return "{" + kinds_of_part<Value>() + "}";
    else if constexpr (std::is_same_v<Rule, TextRevisionsRule>)
        return "revisions:" + words<text::Section>();
    else
        return std::string(kind_of(rule));
}

template <class Rule, class Member>
bool is_optional_field(const Rule& rule) {
    if constexpr (is_optional<Member> || std::is_same_v<Rule, Flag>)
        return true;
    else if constexpr (requires { rule.omit_empty; })
        return rule.omit_empty;
    else
        return false;
}

// Calls `see(name, kind, is_optional)` for every field of an event.
template <class Event, class See>
void each_field(const See& see) {
    std::apply(
        [&](const auto&... fields) {
            Event event{};
            const auto one = [&](const auto& field) {
                using Member = std::decay_t<decltype(field.get(event))>;
                using Rule = std::decay_t<decltype(field.rule)>;
                see(field.name, kind<Rule, Member>(field.rule), is_optional_field<Rule, Member>(field.rule));
            };
            (one(fields), ...);
        },
        fields_of<Event>);
}

// The fields of a part: "name:text,count?:whole".
template <class Part>
std::string kinds_of_part() {
    std::string text;
    each_field<Part>([&](std::string_view name, std::string_view kind, bool optional) {
        text += fmt::format("{}{}{}:{}", text.empty() ? "" : ",", name, optional ? "?" : "", kind);
    });
    return text;
}

template <class... Events, class Visit>
void each_of(std::type_identity<std::variant<Events...>>, const Visit& visit) {
    (visit(std::type_identity<Events>{}), ...);
}

template <class... Entities, class Visit>
void each_event(std::type_identity<std::variant<Entities...>>, const Visit& visit) {
    (each_of(std::type_identity<Entities>{}, visit), ...);
}

template <class Visit>
void each_event(const Visit& visit) {
    each_event(std::type_identity<domain::Event>{}, visit);
}

} // namespace

std::vector<std::string> event_fields(std::string_view type) {
    std::vector<std::string> lines;
    each_event([&]<class Event>(std::type_identity<Event>) {
        if (Event::type != type)
            return;
        const auto line = [&](std::string_view name, std::string_view kind, bool optional) {
            lines.push_back(fmt::format("{} {} {} {} {}", type, version_of<Event>, name, kind,
                                        optional ? "optional" : "required"));
        };
        each_field<Event>(line);
        if (lines.empty())
            line("-", "nothing", true);
    });
    return lines;
}

} // namespace mosty::test
