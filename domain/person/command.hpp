#pragma once

#include "domain/person/event.hpp"

namespace mosty::person {

struct Register {
    static constexpr auto name = "register_person"sv;
    Profile profile;
};

struct Correct {
    static constexpr auto name = "correct_person"sv;
    EventId corrects;
    std::string reason;
    Changes changes;
};

struct Erase {
    static constexpr auto name = "erase_person"sv;
    std::string reason;
};

struct ChangeRole {
    static constexpr auto name = "change_role"sv;
    std::optional<OrganisationId> organisation;
    Role role = Role::officer;
    std::string reason;
};

// Sent to the stream of the one who is represented.
struct AppointDeputy {
    static constexpr auto name = "appoint_deputy"sv;
    ActorId deputy;
    PartialDate from;
    PartialDate until;
};

struct EndDeputy {
    static constexpr auto name = "end_deputy"sv;
    ActorId deputy;
};

struct Leave {
    static constexpr auto name = "leave"sv;
    std::string reason;
};

struct HandOver {
    static constexpr auto name = "hand_over"sv;
    ActorId to;
    std::string reason;
};

// The commands from here on come from the server's accounts alone: whoever else says that a secret was made
// would say what is not so.

// Enters somebody and invites them.
struct Invite {
    static constexpr auto name = "invite_person"sv;
    Profile profile;
    InvitationId invitation;
    PartialDate until;
};

// Invites somebody who is entered already. What they signed in with before is void.
struct InviteAgain {
    static constexpr auto name = "invite_again"sv;
    InvitationId invitation;
    PartialDate until;
};

struct WithdrawInvitation {
    static constexpr auto name = "withdraw_invitation"sv;
    InvitationId invitation;
};

struct Join {
    static constexpr auto name = "join"sv;
    InvitationId invitation;
};

struct SetPassword {
    static constexpr auto name = "set_password"sv;
};

struct SetSecondFactor {
    static constexpr auto name = "set_second_factor"sv;
};

struct RemoveSecondFactor {
    static constexpr auto name = "remove_second_factor"sv;
};

struct SignOutEverywhere {
    static constexpr auto name = "sign_out_everywhere"sv;
};

struct MakeToken {
    static constexpr auto name = "make_token"sv;
    TokenId token;
    std::string label;
    std::vector<Scope> scope;
    PartialDate until;
};

struct RevokeToken {
    static constexpr auto name = "revoke_token"sv;
    TokenId token;
};

struct LinkProvider {
    static constexpr auto name = "link_provider"sv;
    ProviderId provider;
};

struct UnlinkProvider {
    static constexpr auto name = "unlink_provider"sv;
    ProviderId provider;
};

using Command =
    std::variant<Register, Correct, ChangeRole, AppointDeputy, EndDeputy, Leave, HandOver, Invite,
                 InviteAgain, WithdrawInvitation, Join, SetPassword, SetSecondFactor, RemoveSecondFactor,
                 SignOutEverywhere, MakeToken, RevokeToken, LinkProvider, UnlinkProvider, Erase>;

} // namespace mosty::person
