#pragma once

#include "domain/codec/field.hpp"
#include "domain/codec/read_value.hpp"

#include <array>
#include <string>
#include <utility>

namespace mosty::codec {

Fault unknown_member(std::string_view member);
Fault repeated_member(std::string_view member);
Fault missing_member(Place place);

// Whether a sent object may leave the field out.
template <class Rule, class Member>
constexpr bool may_be_absent(Origin origin, const Rule&, const Member&) {
    if constexpr (is_optional<Member> || std::is_same_v<Rule, Flag>)
        return true;
    else if constexpr (std::is_same_v<Rule, Truth>)
        return origin == Origin::sent;
    else
        return false;
}

template <class Inner, class T>
constexpr bool may_be_absent(Origin origin, const List<Inner>& rule, const std::vector<T>&) {
    return rule.omit_empty || (origin == Origin::sent && rule.min == 0);
}

// Reads the members of an object into the fields of `out`, strictly: each known, each once, each needed one
// there. `reads_nothing(place, element, is_optional, out)` may deal with a member that says "nothing" (null,
// or empty text) and then returns true; every other member is read by its rule.
template <Described T, class ReadsNothing>
Fault read_object(Origin origin, simdjson::dom::object object, T& out, const ReadsNothing& reads_nothing) {
    constexpr std::size_t count = std::tuple_size_v<std::remove_cv_t<decltype(fields_of<T>)>>;
    std::array<bool, count == 0 ? 1 : count> seen{};
    Fault fault;

    // Reads one member if it is the field at `Index`; true when it is.
    const auto read_field = [&]<std::size_t Index>(std::integral_constant<std::size_t, Index>,
                                                   const simdjson::dom::key_value_pair& member) {
        const auto& field = std::get<Index>(fields_of<T>);
        if (member.key != field.name)
            return false;
        const Place place{origin, field.name};
        auto& value = field.get(out);
        if (std::exchange(seen[Index], true))
            fault = repeated_member(member.key);
        else if (!reads_nothing(place, member.value, is_optional<std::decay_t<decltype(value)>>, out))
            fault = read_value(place, member.value, field.rule, value);
        return true;
    };
    const auto check_field = [&]<std::size_t Index>(std::integral_constant<std::size_t, Index>) {
        const auto& field = std::get<Index>(fields_of<T>);
        if (!fault && !seen[Index] && !may_be_absent(origin, field.rule, field.get(out)))
            fault = missing_member({origin, field.name});
    };

    [&]<std::size_t... Indices>(std::index_sequence<Indices...>) {
        for (const simdjson::dom::key_value_pair member : object) {
            const bool known = (read_field(std::integral_constant<std::size_t, Indices>{}, member) || ...);
            if (!known)
                fault = unknown_member(member.key);
            if (fault)
                return;
        }
        (check_field(std::integral_constant<std::size_t, Indices>{}), ...);
    }(std::make_index_sequence<count>{});
    return fault;
}

// A part of something: what is wrong with it is told of the whole's field.
template <Described T>
Fault read_value(Place place, Element element, const Object&, T& out) {
    simdjson::dom::object object;
    if (element.get(object) != simdjson::SUCCESS)
        return wrong_form(place, "an object");
    auto fault = read_object(place.origin, object, out, [](Place, Element, bool, T&) { return false; });
    if (fault)
        fault->field = place.field;
    return fault;
}

} // namespace mosty::codec
