#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace mosty::projections {

// The words of a text as a search compares them: in Latin letters where it was Ukrainian, without marks,
// in small letters, apostrophes left out. "Згурівка" and "Zghurivka" give the same; "Łódź" gives "lodz",
// "Знам'янка" "znamianka". Letters, digits and the low line make words, all else parts them.
std::vector<std::string> search_words(std::string_view utf8);

} // namespace mosty::projections
