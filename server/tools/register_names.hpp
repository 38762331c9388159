#pragma once

#include <string>
#include <string_view>

namespace mosty::tools {

// Writes Greek in Latin letters by ELOT 743 without accents: "Κοινότητα Αυγερινού" becomes "Koinotita
// Avgerinou", "Μπέλαπαϊς" "Belapais". What is not Greek passes unchanged. The text is well-formed UTF-8.
std::string latin_from_greek(std::string_view utf8);

// Writes Bulgarian in Latin letters by the Transliteration Act of 2009: "Кърджали" becomes "Kardzhali",
// "Търговище" "Targovishte". What is not Bulgarian Cyrillic passes unchanged.
std::string latin_from_bulgarian(std::string_view utf8);

// A name with runs of white space as one space and none at its ends, and with the letters back that some
// French rows lost to a wrong encoding: U+009C, byte 9C of Windows-1252, is "œ" ("Bonnœil").
std::string tidy_name(std::string_view utf8);

} // namespace mosty::tools
