#include "domain/codec/event_types.hpp"

#include <algorithm>
#include <array>

namespace mosty::codec {
namespace {

template <class... Events>
consteval auto types_of(std::type_identity<std::variant<Events...>>) {
    return std::array{EventType{Events::type, version_of<Events>}...};
}

template <std::size_t... Sizes>
consteval auto joined(const std::array<EventType, Sizes>&... parts) {
    std::array<EventType, (Sizes + ...)> all{};
    auto* end = all.data();
    ((end = std::ranges::copy(parts, end).out), ...);
    std::ranges::sort(all, {}, &EventType::name);
    return all;
}

template <class... EntityEvents>
consteval auto types_of_all(std::type_identity<std::variant<EntityEvents...>>) {
    return joined(types_of(std::type_identity<EntityEvents>{})...);
}

constexpr auto known = types_of_all(std::type_identity<domain::Event>{});
static_assert(std::ranges::adjacent_find(known, {}, &EventType::name) == known.end(),
              "every event has a name of its own");

template <class... Events>
bool is_sealed_in(std::string_view type, std::type_identity<std::variant<Events...>>) {
    return ((is_sealed<Events> && Events::type == type) || ...);
}

template <class... EntityEvents>
bool is_sealed_in_any(std::string_view type, std::type_identity<std::variant<EntityEvents...>>) {
    return (is_sealed_in(type, std::type_identity<EntityEvents>{}) || ...);
}

} // namespace

std::span<const EventType> event_types() {
    return known;
}

std::optional<int> newest_version(std::string_view type) {
    const auto found = std::ranges::lower_bound(known, type, {}, &EventType::name);
    if (found == known.end() || found->name != type)
        return std::nullopt;
    return found->version;
}

bool is_sealed_type(std::string_view type) {
    return is_sealed_in_any(type, std::type_identity<domain::Event>{});
}

bool is_restricted_type(std::string_view type) {
    return type == sites::Described::type;
}

bool is_erasing_type(std::string_view type) {
    return type == person::Erased::type || type == text::Erased::type || type == text::Redacted::type;
}

int newest_version(const domain::Event& event) {
    return std::visit(
        [](const auto& entity) {
            return std::visit([]<class One>(const One&) { return version_of<One>; }, entity);
        },
        event);
}

} // namespace mosty::codec
