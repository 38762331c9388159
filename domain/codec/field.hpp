#pragma once

#include <cstddef>
#include <optional>
#include <string_view>
#include <tuple>
#include <type_traits>

namespace mosty::codec {

// One member of an object's JSON: its name, how to reach it in the struct, and its rule.
template <class Get, class Rule>
struct Field {
    std::string_view name;
    Get get;
    Rule rule;
};

template <class Class, class Member, class Rule>
constexpr auto field(std::string_view member_name, Member Class::* member, Rule rule) {
    const auto get = [member](auto& object) -> auto& { return object.*member; };
    return Field<decltype(get), Rule>{member_name, get, rule};
}

// The members of a struct in the order in which they are written: a tuple of fields, specialised for each
// event, command and part. Both directions of the codec read this one table.
template <class T>
inline constexpr auto fields_of = nullptr;

template <class T>
concept Described = !std::is_same_v<std::remove_cv_t<decltype(fields_of<T>)>, std::nullptr_t>;

// The fields of a part, as if they were the whole's own.
template <class Whole, class Part>
constexpr auto fields_of_part(Part Whole::* part) {
    return std::apply(
        [part](const auto&... each) {
            const auto lift = [part](const auto& inner) {
                const auto get = [part, get_inner = inner.get](auto& object) -> auto& {
                    return get_inner(object.*part);
                };
                return Field<decltype(get), std::decay_t<decltype(inner.rule)>>{inner.name, get, inner.rule};
            };
            return std::tuple{lift(each)...};
        },
        fields_of<Part>);
}

template <class T>
inline constexpr bool is_optional = false;
template <class T>
inline constexpr bool is_optional<std::optional<T>> = true;

} // namespace mosty::codec
