#pragma once

#include "domain/base/ids.hpp"
#include "domain/sites/state.hpp"

#include <optional>
#include <string_view>

namespace mosty::sites {

// What a proposal's sites are is seen in three views, each by one audience: what the Ukrainian town keeps to
// itself, what the European one does, and what both see.
enum class View { ua, eu, partners };

inline constexpr std::size_t view_count = 3;

struct ViewName {
    StreamId sites;
    View view;
};

// "sites/p-7f3/ua"; nothing for any other text.
std::optional<ViewName> view_named(std::string_view text);

View view_of(const Site& site);

} // namespace mosty::sites

template <>
struct mosty::WordsOf<mosty::sites::View> {
    static constexpr std::array words{std::string_view{"ua"}, std::string_view{"eu"},
                                      std::string_view{"partners"}};
    static_assert(words.size() == mosty::sites::view_count);
};
