#pragma once

#include <string>
#include <string_view>
#include <vector>

// For whom a key is that seals an entry's data. Most often that is the entry's stream. What a place of
// critical infrastructure is has a key for each site and each audience: "sites/p-7f3/s-1:town", which is no
// stream.
namespace mosty::codec {

// Of a plain entry whose type is sealed.
std::string sealing_owner(std::string_view entry);

// Whose keys are to be destroyed, those from before it, since this entry says so; nobody's most often.
std::vector<std::string> owners_erased(std::string_view entry);

} // namespace mosty::codec
