#pragma once

#include "domain/base/actor.hpp"
#include "domain/base/names.hpp"
#include "domain/base/partial_date.hpp"

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace mosty::person {

using namespace std::string_view_literals;

// Both name a secret that the server keeps elsewhere; neither is one.
using InvitationId = Id<struct InvitationTag>;
using TokenId = Id<struct TokenTag>;

// An organisation's own provider of sign-ins (OpenID Connect), as the server's settings name it.
using ProviderId = Id<struct ProviderTag>;

enum class Language { uk, en };

// What a token for scripts may do: read what its person may, send commands, take all events as they come.
enum class Scope { read, write, events };

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

// The events below tell what happened to an account. Addresses, passwords, links and tokens are nowhere in
// the log.

// A link was made by which this person takes up the account, for the first time or anew.
struct Invited {
    static constexpr auto type = "person.invited"sv;
    InvitationId invitation;
    PartialDate until; // the day on which the link runs out
    friend bool operator==(const Invited&, const Invited&) = default;
};

struct InvitationWithdrawn {
    static constexpr auto type = "person.invitation_withdrawn"sv;
    InvitationId invitation;
    friend bool operator==(const InvitationWithdrawn&, const InvitationWithdrawn&) = default;
};

struct Joined {
    static constexpr auto type = "person.joined"sv;
    InvitationId invitation;
    friend bool operator==(const Joined&, const Joined&) = default;
};

struct RoleChanged {
    static constexpr auto type = "person.role_changed"sv;
    std::optional<OrganisationId> organisation;
    Role role = Role::officer;
    std::string reason;
    friend bool operator==(const RoleChanged&, const RoleChanged&) = default;
};

// From the first to the last of these days the deputy acts with this person's role.
struct DeputyAppointed {
    static constexpr auto type = "person.deputy_appointed"sv;
    ActorId deputy;
    PartialDate from;
    PartialDate until;
    friend bool operator==(const DeputyAppointed&, const DeputyAppointed&) = default;
};

struct DeputyEnded {
    static constexpr auto type = "person.deputy_ended"sv;
    ActorId deputy;
    friend bool operator==(const DeputyEnded&, const DeputyEnded&) = default;
};

// Acts no more, for ever. Somebody who comes back is a new person.
struct Left {
    static constexpr auto type = "person.left"sv;
    std::string reason;
    friend bool operator==(const Left&, const Left&) = default;
};

// Somebody of the same organisation goes on with what this person had in hand.
struct HandedOver {
    static constexpr auto type = "person.handed_over"sv;
    ActorId to;
    std::string reason;
    friend bool operator==(const HandedOver&, const HandedOver&) = default;
};

struct PasswordSet {
    static constexpr auto type = "person.password_set"sv;
    friend bool operator==(const PasswordSet&, const PasswordSet&) = default;
};

struct SecondFactorSet {
    static constexpr auto type = "person.second_factor_set"sv;
    friend bool operator==(const SecondFactorSet&, const SecondFactorSet&) = default;
};

struct SecondFactorRemoved {
    static constexpr auto type = "person.second_factor_removed"sv;
    friend bool operator==(const SecondFactorRemoved&, const SecondFactorRemoved&) = default;
};

struct SignedOutEverywhere {
    static constexpr auto type = "person.signed_out_everywhere"sv;
    friend bool operator==(const SignedOutEverywhere&, const SignedOutEverywhere&) = default;
};

struct TokenMade {
    static constexpr auto type = "person.token_made"sv;
    TokenId token;
    std::string name;
    std::vector<Scope> scope;
    PartialDate until;
    friend bool operator==(const TokenMade&, const TokenMade&) = default;
};

struct TokenRevoked {
    static constexpr auto type = "person.token_revoked"sv;
    TokenId token;
    friend bool operator==(const TokenRevoked&, const TokenRevoked&) = default;
};

// The person may sign in as whom the provider knows; who that is there is nowhere in the log.
struct ProviderLinked {
    static constexpr auto type = "person.provider_linked"sv;
    ProviderId provider;
    friend bool operator==(const ProviderLinked&, const ProviderLinked&) = default;
};

struct ProviderUnlinked {
    static constexpr auto type = "person.provider_unlinked"sv;
    ProviderId provider;
    friend bool operator==(const ProviderUnlinked&, const ProviderUnlinked&) = default;
};

using Event =
    std::variant<Registered, Corrected, Invited, InvitationWithdrawn, Joined, RoleChanged, DeputyAppointed,
                 DeputyEnded, Left, HandedOver, PasswordSet, SecondFactorSet, SecondFactorRemoved,
                 SignedOutEverywhere, TokenMade, TokenRevoked, ProviderLinked, ProviderUnlinked, Erased>;
using Events = std::vector<Event>;

} // namespace mosty::person

template <>
struct mosty::WordsOf<mosty::person::Language> {
    static constexpr std::array words{std::string_view{"uk"}, std::string_view{"en"}};
};

template <>
struct mosty::WordsOf<mosty::person::Scope> {
    static constexpr std::array words{std::string_view{"read"}, std::string_view{"write"},
                                      std::string_view{"events"}};
};
