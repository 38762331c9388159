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

int newest_version(const domain::Event& event) {
    return std::visit(
        [](const auto& entity) {
            return std::visit([]<class One>(const One&) { return version_of<One>; }, entity);
        },
        event);
}

} // namespace mosty::codec
