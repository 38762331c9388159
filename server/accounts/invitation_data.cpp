#include "server/accounts/invitation_data.hpp"

#include "server/sequencing/day.hpp"

#include <boost/json.hpp>

namespace mosty::accounts {
namespace json = boost::json;

std::string invitation_data(std::string_view profile, const person::InvitationId& invitation,
                            std::int64_t until_ms) {
    boost::system::error_code error;
    const json::value given = json::parse(profile, error);
    json::object data;
    if (!error && given.is_object())
        for (const std::string_view name : {"name", "organisation", "role", "language"})
            if (const auto* value = given.as_object().if_contains(name))
                data.emplace(name, *value);
    data.emplace("invitation", invitation.text());
    data.emplace("until", to_string(sequencing::day_of(until_ms)));
    return json::serialize(data);
}

} // namespace mosty::accounts
