#pragma once

#include "domain/codec/fields_towns.hpp"
#include "domain/person/command.hpp"

// The JSON of people.
namespace mosty::codec {

inline constexpr Date day{true};
inline constexpr Text token_name{1, 60};
inline constexpr List<Word> scope{1, 3, {}, false};

template <>
inline constexpr auto fields_of<person::Profile> = [] {
    using person::Profile;
    return std::tuple{
        field("name", &Profile::name, name),          field("organisation", &Profile::organisation, id),
        field("role", &Profile::role, word),          field("language", &Profile::language, word),
        field("invented", &Profile::invented, truth),
    };
}();

template <>
inline constexpr auto fields_of<person::Changes> = [] {
    using person::Changes;
    return std::tuple{
        field("name", &Changes::name, name),
        field("organisation", &Changes::organisation, id),
        field("role", &Changes::role, word),
        field("language", &Changes::language, word),
    };
}();

template <>
inline constexpr auto fields_of<person::Registered> = fields_of_part(&person::Registered::profile);
template <>
inline constexpr auto fields_of<person::Register> = fields_of_part(&person::Register::profile);
template <>
inline constexpr auto fields_of<person::Corrected> = fields_of_correction<person::Corrected>();
template <>
inline constexpr auto fields_of<person::Correct> = fields_of_correction<person::Correct>();

// An event and the wish for it say the same, here and below.
template <class T>
constexpr auto fields_of_role_change() {
    return std::tuple{field("organisation", &T::organisation, id), field("role", &T::role, word),
                      field("reason", &T::reason, reason)};
}

template <class T>
constexpr auto fields_of_appointment() {
    return std::tuple{field("deputy", &T::deputy, id), field("from", &T::from, day),
                      field("until", &T::until, day)};
}

template <class T>
constexpr auto fields_of_handover() {
    return std::tuple{field("to", &T::to, id), field("reason", &T::reason, reason)};
}

template <class T>
constexpr auto fields_of_invitation() {
    return std::tuple{field("invitation", &T::invitation, id), field("until", &T::until, day)};
}

template <>
inline constexpr auto fields_of<person::RoleChanged> = fields_of_role_change<person::RoleChanged>();
template <>
inline constexpr auto fields_of<person::ChangeRole> = fields_of_role_change<person::ChangeRole>();
template <>
inline constexpr auto fields_of<person::DeputyAppointed> = fields_of_appointment<person::DeputyAppointed>();
template <>
inline constexpr auto fields_of<person::AppointDeputy> = fields_of_appointment<person::AppointDeputy>();
template <>
inline constexpr auto fields_of<person::DeputyEnded> =
    std::tuple{field("deputy", &person::DeputyEnded::deputy, id)};
template <>
inline constexpr auto fields_of<person::EndDeputy> =
    std::tuple{field("deputy", &person::EndDeputy::deputy, id)};
template <>
inline constexpr auto fields_of<person::Left> = std::tuple{field("reason", &person::Left::reason, reason)};
template <>
inline constexpr auto fields_of<person::Leave> = std::tuple{field("reason", &person::Leave::reason, reason)};
template <>
inline constexpr auto fields_of<person::HandedOver> = fields_of_handover<person::HandedOver>();
template <>
inline constexpr auto fields_of<person::HandOver> = fields_of_handover<person::HandOver>();

template <>
inline constexpr auto fields_of<person::Invited> = fields_of_invitation<person::Invited>();
template <>
inline constexpr auto fields_of<person::Invite> =
    std::tuple_cat(fields_of_part(&person::Invite::profile), fields_of_invitation<person::Invite>());
template <>
inline constexpr auto fields_of<person::InviteAgain> = fields_of_invitation<person::InviteAgain>();
template <>
inline constexpr auto fields_of<person::InvitationWithdrawn> =
    std::tuple{field("invitation", &person::InvitationWithdrawn::invitation, id)};
template <>
inline constexpr auto fields_of<person::WithdrawInvitation> =
    std::tuple{field("invitation", &person::WithdrawInvitation::invitation, id)};
template <>
inline constexpr auto fields_of<person::Joined> =
    std::tuple{field("invitation", &person::Joined::invitation, id)};
template <>
inline constexpr auto fields_of<person::Join> =
    std::tuple{field("invitation", &person::Join::invitation, id)};

template <>
inline constexpr auto fields_of<person::PasswordSet> = std::tuple<>{};
template <>
inline constexpr auto fields_of<person::SetPassword> = std::tuple<>{};
template <>
inline constexpr auto fields_of<person::SecondFactorSet> = std::tuple<>{};
template <>
inline constexpr auto fields_of<person::SetSecondFactor> = std::tuple<>{};
template <>
inline constexpr auto fields_of<person::SecondFactorRemoved> = std::tuple<>{};
template <>
inline constexpr auto fields_of<person::RemoveSecondFactor> = std::tuple<>{};
template <>
inline constexpr auto fields_of<person::SignedOutEverywhere> = std::tuple<>{};
template <>
inline constexpr auto fields_of<person::SignOutEverywhere> = std::tuple<>{};

template <>
inline constexpr auto fields_of<person::TokenMade> = [] {
    using person::TokenMade;
    return std::tuple{
        field("token", &TokenMade::token, id),
        field("name", &TokenMade::name, token_name),
        field("scope", &TokenMade::scope, scope),
        field("until", &TokenMade::until, day),
    };
}();
template <>
inline constexpr auto fields_of<person::MakeToken> = [] {
    using person::MakeToken;
    return std::tuple{
        field("token", &MakeToken::token, id),
        field("name", &MakeToken::label, token_name),
        field("scope", &MakeToken::scope, scope),
        field("until", &MakeToken::until, day),
    };
}();
template <>
inline constexpr auto fields_of<person::TokenRevoked> =
    std::tuple{field("token", &person::TokenRevoked::token, id)};
template <>
inline constexpr auto fields_of<person::RevokeToken> =
    std::tuple{field("token", &person::RevokeToken::token, id)};

template <>
inline constexpr auto fields_of<person::ProviderLinked> =
    std::tuple{field("provider", &person::ProviderLinked::provider, id)};
template <>
inline constexpr auto fields_of<person::LinkProvider> =
    std::tuple{field("provider", &person::LinkProvider::provider, id)};
template <>
inline constexpr auto fields_of<person::ProviderUnlinked> =
    std::tuple{field("provider", &person::ProviderUnlinked::provider, id)};
template <>
inline constexpr auto fields_of<person::UnlinkProvider> =
    std::tuple{field("provider", &person::UnlinkProvider::provider, id)};

template <>
inline constexpr auto fields_of<person::Erased> =
    std::tuple{field("reason", &person::Erased::reason, reason)};
template <>
inline constexpr auto fields_of<person::Erase> = std::tuple{field("reason", &person::Erase::reason, reason)};

} // namespace mosty::codec
