#include "server/realtime/problem.hpp"

#include "server/realtime/json_text.hpp"

#include <algorithm>
#include <array>

namespace mosty::realtime {
namespace {

struct Known {
    std::string_view code;
    int status;
    std::string_view title;
};

constexpr std::array known_problems = {
    Known{"malformed", 400, "Not understood"},
    Known{"not_json", 400, "Not JSON"},
    Known{"not_utf8", 400, "Not UTF-8"},
    Known{"not_text", 400, "Not a text message"},
    Known{"unknown_type", 400, "Unknown message"},
    Known{"unknown_command", 400, "Unknown command"},
    Known{"wrong_stream", 400, "Wrong stream"},
    Known{"invalid_delta", 400, "Not a change of a text"},
    Known{"invalid_field", 422, "A field is not right"},
    Known{"unknown_actor", 422, "Nobody of that id"},
    Known{"unknown_organisation", 422, "No organisation of that id"},
    Known{"until_before_since", 422, "The end lies before the beginning"},
    Known{"too_long", 422, "Too long"},
    Known{"too_many", 422, "Too many"},
    Known{"not_signed_in", 401, "Not signed in"},
    Known{"signed_out", 401, "Signed out"},
    Known{"session_over", 401, "Sign-in over"},
    Known{"sign_in_refused", 401, "Not signed in"},
    Known{"code_refused", 403, "Code refused"},
    Known{"wrong_password", 403, "Not the password"},
    Known{"token_scope", 403, "Not with this token"},
    Known{"may_not_read", 403, "Not allowed to read"},
    Known{"not_allowed", 403, "Not allowed"},
    Known{"not_a_partner", 403, "Not a partner"},
    Known{"unknown_client", 403, "Unknown writer"},
    Known{"bad_origin", 403, "Request from elsewhere"},
    Known{"not_secure", 403, "Not over https"},
    Known{"not_found", 404, "Not found"},
    Known{"unknown_topic", 404, "Unknown topic"},
    Known{"no_such_tile", 404, "No such tile"},
    Known{"no_such_size", 404, "No tree of that size"},
    Known{"no_such_entry", 404, "No such entry"},
    Known{"not_cosigned", 404, "Not cosigned"},
    Known{"unknown_event", 404, "Unknown event"},
    Known{"method_not_allowed", 405, "Method not allowed"},
    Known{"invitation_closed", 410, "Invitation closed"},
    Known{"sign_in_again", 403, "Sign in again"},
    Known{"last_way_in", 409, "The last way in"},
    Known{"openid_cancelled", 403, "Sign-in cancelled"},
    Known{"openid_refused", 403, "Sign-in not believed"},
    Known{"openid_unknown", 403, "Nobody known"},
    Known{"openid_not_for_you", 403, "Another organisation's sign-in"},
    Known{"openid_taken", 409, "Somebody else's sign-in"},
    Known{"openid_over", 410, "Sign-in over"},
    Known{"openid_unavailable", 503, "Provider not available"},
    Known{"weak_password", 422, "Password too weak"},
    Known{"email_taken", 409, "Address in use"},
    Known{"already_exists", 409, "Already there"},
    Known{"same_side", 409, "Same side"},
    Known{"wrong_status", 409, "Not at this stage"},
    Known{"already_done", 409, "Already done"},
    Known{"locked", 409, "Locked"},
    Known{"incomplete", 409, "Incomplete"},
    Known{"version_mismatch", 409, "Another version"},
    Known{"partnership_not_active", 409, "Partnership not active"},
    Known{"too_early", 409, "Too early"},
    Known{"not_correctable", 409, "Cannot be corrected"},
    Known{"later_facts_depend_on_it", 409, "Later facts depend on it"},
    Known{"revision_mismatch", 409, "Changed meanwhile"},
    Known{"edit_out_of_range", 409, "Does not fit the text"},
    Known{"text_too_long", 409, "The text is full"},
    Known{"base_from_future", 409, "Revision not reached yet"},
    Known{"sequence_gap", 409, "An earlier edit is missing"},
    Known{"sequence_reused", 409, "Edit number used before"},
    Known{"orphaned", 409, "The passage is gone"},
    Known{"erased", 409, "Erased for ever"},
    Known{"command_id_reused", 409, "Command id used before"},
    Known{"future_position", 409, "Position not reached yet"},
    Known{"history_changed", 409, "Another log"},
    Known{"too_big", 413, "Too big"},
    Known{"edit_too_big", 413, "Too much at once"},
    Known{"too_many_fragments", 413, "Too many parts"},
    Known{"too_fast", 429, "Too fast"},
    Known{"unknown_host", 421, "Unknown host"},
    Known{"try_later", 429, "Too many attempts"},
    Known{"too_many_subscriptions", 429, "Too many subscriptions"},
    Known{"header_too_big", 431, "Header too big"},
    Known{"overloaded", 503, "Overloaded"},
    Known{"unavailable", 503, "Unavailable"},
};

const Known* find_known(std::string_view code) {
    const auto found = std::ranges::find(known_problems, code, &Known::code);
    return found == known_problems.end() ? nullptr : &*found;
}

} // namespace

Problem problem_of(const Rejection& rejection) {
    return {std::string{to_string(rejection.code)}, rejection.sentence, rejection.field, rejection.params};
}

Problem problem_of(access::Ending ending) {
    const bool is_signed_out = ending == access::Ending::signed_out;
    return {std::string{access::to_string(ending)},
            is_signed_out ? "You were signed out here. Sign in again."
                          : "You have not been here for long, so your sign-in is over. Sign in again.",
            {},
            {}};
}

int status_of(std::string_view code) {
    const Known* known = find_known(code);
    return known ? known->status : 400;
}

void append_json(std::string& out, const Problem& problem) {
    const Known* known = find_known(problem.code);
    out += '{';
    append_member(out, "type", "urn:mosty:problem:" + problem.code);
    append_member(out, "title", known ? known->title : std::string_view{problem.code});
    append_member(out, "status", static_cast<unsigned long long>(status_of(problem.code)));
    append_member(out, "code", problem.code);
    append_member(out, "detail", problem.detail);
    if (!problem.field.empty())
        append_member(out, "field", problem.field);
    if (!problem.params.empty()) {
        out += ",\"params\":{";
        for (const auto& [name, value] : problem.params)
            append_member(out, name, value);
        out += '}';
    }
    out += '}';
}

std::string to_json(const Problem& problem) {
    std::string out;
    append_json(out, problem);
    return out;
}

} // namespace mosty::realtime
