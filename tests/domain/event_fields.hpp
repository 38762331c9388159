#pragma once

#include <string>
#include <string_view>
#include <vector>

// The form in which events are stored, as the codec's own tables have it.
namespace mosty::test {

// One line a field of the type's newest version: "visit.held 1 from date required"; of a word or a list of
// words with all of them: "partnership.accepted 1 side word:ua|eu required". A type without fields has the
// line "visit.confirmed 1 - nothing optional".
std::vector<std::string> event_fields(std::string_view type);

} // namespace mosty::test
