#include "domain/rights/check.hpp"

#include <fmt/format.h>

#include <string>
#include <string_view>

namespace mosty::rights {
namespace {

using enum Deed;

bool is_for_mayors(Deed deed) {
    return deed == approve_proposal || deed == return_proposal;
}

Rejection not_a_partner(Deed deed) {
    return {RejectionCode::not_a_partner,
            is_for_mayors(deed) ? "Only the mayors of the partnership's two towns decide on this proposal."
                                : "Your town is not a partner here. Ask one of the partners to do this.",
            {},
            {}};
}

// What those are told who write, but stand in the wrong relation.
std::string_view sentence_of_relation(Deed deed) {
    switch (deed) {
    case withdraw_partnership:
        return "Only who proposed a partnership withdraws it. A town that was asked can decline it.";
    case decline_partnership:
        return "Only a town declines its partnership. Withdraw the proposal if the programme made it.";
    case add_partner:
    case remove_partner:
        return "The two towns choose further partners themselves. Ask one of them to do it.";
    case accept_suggestion:
    case decline_suggestion:
        return "Your own town suggested this. The other side accepts or declines it.";
    case record_site:
        return "Only the two towns record places here. Ask an officer of one of them.";
    case describe_site:
    case share_site:
    case withdraw_site:
    case remove_site:
    case erase_site:
        return "Only the town that recorded this place decides about it. Ask an officer of that town.";
    default:
        return "This belongs to others. Ask them to do it.";
    }
}

std::string sentence_of(Role role, Deed deed) {
    switch (deed) {
    case register_municipality:
    case correct_municipality:
    case register_person:
    case erase_person:
    case erase_text:
    case redact_text:
        return "Only the programme's secretariat does this. Write to the secretariat.";
    case correct_person:
        return "You can correct your own entry only. Write to the secretariat about this one.";
    case correct_person_place:
        return "The secretariat changes organisations and roles. You can correct your name and language.";
    case approve_proposal:
    case return_proposal:
        return "Only a mayor decides on this. Ask your mayor to do it.";
    case advise_in_text:
        return "Only an expert gives advice. Write a comment, or suggest a change.";
    case answer_advice:
        return "Those who write the proposal answer advice. Ask an officer of one of the towns.";
    default:
        break;
    }
    if (acts_for_municipality(role) || acts_for_programme(role))
        return std::string(sentence_of_relation(deed));
    return fmt::format("Your role ({}) reads here but does not write. Ask an officer of one of the towns.",
                       to_string(role));
}

Rejection refusal(Role role, Deed deed, Relation relation) {
    const bool is_stranger = relation == Relation::none || relation == Relation::partner;
    if (is_stranger && acts_for_municipality(role) && may(role, deed, Relation::own))
        return not_a_partner(deed);
    const bool answers_suggestion = deed == accept_suggestion || deed == decline_suggestion;
    std::string_view field;
    if (deed == advise_in_text)
        field = "kind";
    else if (answers_suggestion && acts_for_municipality(role))
        field = "suggestion";
    return {RejectionCode::not_allowed,
            sentence_of(role, deed),
            std::string(field),
            {{"role", std::string(to_string(role))}}};
}

} // namespace

Result<void, Rejection> check(const Actor& actor, Deed deed, Relation relation) {
    if (may(actor.role, deed, relation))
        return {};
    return std::unexpected(refusal(actor.role, deed, relation));
}

} // namespace mosty::rights
