#pragma once

#include "domain/base/actor.hpp"
#include "domain/base/names.hpp"

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace mosty::person {

using namespace std::string_view_literals;

enum class Language { uk, en };

// Who somebody is, and for whom they act.
struct Profile {
    std::string name;
    OrganisationId organisation;
    Role role = Role::officer;
    Language language = Language::uk;
    bool invented = false; // a made-up person of a demo

    friend bool operator==(const Profile&, const Profile&) = default;
};

struct Changes {
    std::optional<std::string> name;
    std::optional<OrganisationId> organisation;
    std::optional<Role> role;
    std::optional<Language> language;

    friend bool operator==(const Changes&, const Changes&) = default;
};

// Stored for ever: a new meaning is a new type or a new schema version.
struct Registered {
    static constexpr auto type = "person.registered"sv;
    Profile profile;
    friend bool operator==(const Registered&, const Registered&) = default;
};

struct Corrected {
    static constexpr auto type = "person.corrected"sv;
    EventId corrects;
    std::string reason;
    Changes changes;
    friend bool operator==(const Corrected&, const Corrected&) = default;
};

// Whoever this was is forgotten: the key of the stream's sealed events is destroyed. An event that was sealed
// under it reads as one of these, without a reason.
struct Erased {
    static constexpr auto type = "person.erased"sv;
    std::string reason;
    friend bool operator==(const Erased&, const Erased&) = default;
};

using Event = std::variant<Registered, Corrected, Erased>;
using Events = std::vector<Event>;

} // namespace mosty::person

template <>
struct mosty::WordsOf<mosty::person::Language> {
    static constexpr std::array words{std::string_view{"uk"}, std::string_view{"en"}};
};
