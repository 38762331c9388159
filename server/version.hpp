#pragma once

#include <string_view>

namespace mosty {

inline constexpr std::string_view version = "0.1.0";

} // namespace mosty
