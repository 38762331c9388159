#pragma once

#include "domain/base/names.hpp"

#include <array>
#include <expected>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mosty {

using namespace std::string_view_literals;

// Why a command was refused. Clients react to these words; none is renamed, none is used again.
enum class RejectionCode {
    malformed,
    unknown_command,
    wrong_stream,
    not_found,
    already_exists,
    invalid_field,
    too_long,
    too_many,
    not_allowed,
    not_a_partner,
    same_side,
    wrong_status,
    already_done,
    locked,
    incomplete,
    version_mismatch,
    partnership_not_active,
    too_early,
    unknown_event,
    not_correctable,
    later_facts_depend_on_it,
    revision_mismatch,
    invalid_delta,
    edit_out_of_range,
    edit_too_big,
    text_too_long,
    base_from_future,
    unknown_client,
    sequence_gap,
    sequence_reused,
    orphaned,
    erased,
};

template <>
struct WordsOf<RejectionCode> {
    static constexpr std::array words{
        "malformed"sv,
        "unknown_command"sv,
        "wrong_stream"sv,
        "not_found"sv,
        "already_exists"sv,
        "invalid_field"sv,
        "too_long"sv,
        "too_many"sv,
        "not_allowed"sv,
        "not_a_partner"sv,
        "same_side"sv,
        "wrong_status"sv,
        "already_done"sv,
        "locked"sv,
        "incomplete"sv,
        "version_mismatch"sv,
        "partnership_not_active"sv,
        "too_early"sv,
        "unknown_event"sv,
        "not_correctable"sv,
        "later_facts_depend_on_it"sv,
        "revision_mismatch"sv,
        "invalid_delta"sv,
        "edit_out_of_range"sv,
        "edit_too_big"sv,
        "text_too_long"sv,
        "base_from_future"sv,
        "unknown_client"sv,
        "sequence_gap"sv,
        "sequence_reused"sv,
        "orphaned"sv,
        "erased"sv,
    };
};

// A refusal that a person reads: what is the matter and what to do. The code decides; `params` are the
// values that the sentence names ("status", "max", "missing" …), for those who say it in another language.
struct Rejection {
    RejectionCode code;
    std::string sentence;
    std::string field; // empty when no field is at fault
    std::vector<std::pair<std::string, std::string>> params;

    friend bool operator==(const Rejection&, const Rejection&) = default;
};

using RejectionParams = std::vector<std::pair<std::string, std::string>>;

// Refuses from within a function that returns a Result.
inline std::unexpected<Rejection> refuse(RejectionCode code, std::string sentence,
                                         std::string_view field = {}, RejectionParams params = {}) {
    return std::unexpected(Rejection{code, std::move(sentence), std::string(field), std::move(params)});
}

} // namespace mosty
