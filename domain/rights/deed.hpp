#pragma once

#include "domain/base/names.hpp"

#include <array>
#include <optional>
#include <string_view>

namespace mosty::rights {

using namespace std::string_view_literals;

// What can be done: each command, and apart from it a part of a command that not everybody may do who may do
// the rest.
enum class Deed {
    register_municipality,
    correct_municipality,
    register_person,
    correct_person,
    correct_person_place, // correct_person, of an organisation or a role
    change_role,
    appoint_deputy,
    end_deputy,
    leave,
    hand_over,
    invite_person,
    invite_again,
    withdraw_invitation,
    join,
    set_password,
    set_second_factor,
    remove_second_factor,
    sign_out_everywhere,
    make_token,
    revoke_token,
    link_provider,
    unlink_provider,
    erase_person,
    propose_partnership,
    accept_partnership,
    decline_partnership,
    withdraw_partnership,
    end_partnership,
    correct_partnership,
    plan_visit,
    confirm_visit,
    postpone_visit,
    cancel_visit,
    hold_visit,
    report_visit,
    correct_visit,
    draft_proposal,
    edit_proposal,
    add_partner,
    remove_partner,
    set_budget_line,
    remove_budget_line,
    set_funding_source,
    remove_funding_source,
    set_indicator,
    remove_indicator,
    ask_approval,
    approve_proposal,
    return_proposal,
    withdraw_approval,
    submit_proposal,
    record_answer,
    correct_proposal,
    edit_text,
    comment_text,
    advise_in_text, // comment_text, of the kind advice
    reply_in_text,
    resolve_thread,
    reopen_thread,
    answer_advice,
    suggest_in_text,
    accept_suggestion,
    decline_suggestion,
    name_text_version,
    restore_text,
    erase_text,
    redact_text,
    record_site,
    describe_site,
    share_site,
    withdraw_site,
    remove_site,
    erase_site,
};

} // namespace mosty::rights

template <>
struct mosty::WordsOf<mosty::rights::Deed> {
    static constexpr std::array words{
        "register_municipality"sv,
        "correct_municipality"sv,
        "register_person"sv,
        "correct_person"sv,
        "correct_person_place"sv,
        "change_role"sv,
        "appoint_deputy"sv,
        "end_deputy"sv,
        "leave"sv,
        "hand_over"sv,
        "invite_person"sv,
        "invite_again"sv,
        "withdraw_invitation"sv,
        "join"sv,
        "set_password"sv,
        "set_second_factor"sv,
        "remove_second_factor"sv,
        "sign_out_everywhere"sv,
        "make_token"sv,
        "revoke_token"sv,
        "link_provider"sv,
        "unlink_provider"sv,
        "erase_person"sv,
        "propose_partnership"sv,
        "accept_partnership"sv,
        "decline_partnership"sv,
        "withdraw_partnership"sv,
        "end_partnership"sv,
        "correct_partnership"sv,
        "plan_visit"sv,
        "confirm_visit"sv,
        "postpone_visit"sv,
        "cancel_visit"sv,
        "hold_visit"sv,
        "report_visit"sv,
        "correct_visit"sv,
        "draft_proposal"sv,
        "edit_proposal"sv,
        "add_partner"sv,
        "remove_partner"sv,
        "set_budget_line"sv,
        "remove_budget_line"sv,
        "set_funding_source"sv,
        "remove_funding_source"sv,
        "set_indicator"sv,
        "remove_indicator"sv,
        "ask_approval"sv,
        "approve_proposal"sv,
        "return_proposal"sv,
        "withdraw_approval"sv,
        "submit_proposal"sv,
        "record_answer"sv,
        "correct_proposal"sv,
        "edit_text"sv,
        "comment_text"sv,
        "advise_in_text"sv,
        "reply_in_text"sv,
        "resolve_thread"sv,
        "reopen_thread"sv,
        "answer_advice"sv,
        "suggest_in_text"sv,
        "accept_suggestion"sv,
        "decline_suggestion"sv,
        "name_text_version"sv,
        "restore_text"sv,
        "erase_text"sv,
        "redact_text"sv,
        "record_site"sv,
        "describe_site"sv,
        "share_site"sv,
        "withdraw_site"sv,
        "remove_site"sv,
        "erase_site"sv,
    };
    static_assert(words.size() == static_cast<std::size_t>(mosty::rights::Deed::erase_site) + 1);
};

namespace mosty::rights {

inline constexpr std::size_t deed_count = WordsOf<Deed>::words.size();

namespace detail {

consteval Deed deed_named(std::string_view command) {
    // Without a value the compiler stops here: the command has no deed, and so no rights.
    return from_word<Deed>(command).value();
}

} // namespace detail

// The deed of a command. A command without one does not compile.
template <class Command>
inline constexpr Deed deed_of = detail::deed_named(Command::name);

} // namespace mosty::rights
