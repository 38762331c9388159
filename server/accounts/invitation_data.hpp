#pragma once

#include "domain/person/event.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace mosty::accounts {

// The data of `invite_person`, or of `invite_again` for an empty profile: `profile` is a JSON object of which
// name, organisation, role and language are taken, whatever else it holds.
std::string invitation_data(std::string_view profile, const person::InvitationId& invitation,
                            std::int64_t until_ms);

} // namespace mosty::accounts
