#pragma once

#include <string>
#include <string_view>

namespace mosty {

// Writes Ukrainian in Latin letters by the official table (resolution 55 of the Cabinet of Ministers,
// 27 January 2010): "Згурівка" becomes "Zghurivka", "Єнакієве" "Yenakiieve", "Знам'янка" "Znamianka".
// A word written in capitals stays in capitals. What is not Ukrainian Cyrillic passes unchanged.
std::string transliterate_ukrainian(std::string_view utf8);

} // namespace mosty
