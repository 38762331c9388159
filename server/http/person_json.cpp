#include "server/http/person_json.hpp"

#include "server/realtime/json_text.hpp"

namespace mosty::http {

using realtime::append_member;

std::string person_json(const core::Person& person) {
    std::string json = "{";
    append_member(json, "actor", person.actor.text());
    append_member(json, "name", person.profile.name);
    append_member(json, "organisation", person.profile.organisation.text());
    append_member(json, "role", to_string(person.acts_as));
    if (person.acts_as != person.profile.role)
        append_member(json, "own_role", to_string(person.profile.role));
    append_member(json, "language", to_string(person.profile.language));
    json += person.profile.invented ? ",\"invented\":true" : ",\"invented\":false";
    return json + '}';
}

std::string me_json(const core::Person& person, bool demo) {
    std::string json = person_json(person);
    json.back() = ',';
    return json + (demo ? "\"demo\":true}" : "\"demo\":false}");
}

} // namespace mosty::http
