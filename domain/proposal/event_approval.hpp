#pragma once

#include "domain/base/ids.hpp"
#include "domain/base/money.hpp"
#include "domain/base/names.hpp"
#include "domain/base/partial_date.hpp"
#include "domain/base/side.hpp"
#include "domain/text/section.hpp"

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace mosty::proposal {

// The revision of each section's text that a version names; none of a text that was never written.
using TextRevisions = std::map<text::Section, std::int64_t>;

// Names a version of the content and locks it. Asking approves nothing. Stored for ever, as all below.
struct ApprovalAsked {
    static constexpr auto type = "proposal.approval_asked"sv;
    std::int64_t version = 1;
    std::int64_t content_revision = 0; // of the last event that touched the content
    std::string content_hash;          // SHA-256 of the canonical content, in hexadecimal
    Party by = Party::ua;
    TextRevisions texts; // none of what was asked before there were texts
    friend bool operator==(const ApprovalAsked&, const ApprovalAsked&) = default;
};

struct Approved {
    static constexpr auto type = "proposal.approved"sv;
    std::int64_t version = 1;
    Side side = Side::ua;
    friend bool operator==(const Approved&, const Approved&) = default;
};

// A mayor wants something else first: unlocks the content, voids the approvals.
struct Returned {
    static constexpr auto type = "proposal.returned"sv;
    std::int64_t version = 1;
    Side side = Side::ua;
    std::string reason;
    friend bool operator==(const Returned&, const Returned&) = default;
};

// Those who write want to go on writing: unlocks the content, voids the approvals.
struct ApprovalWithdrawn {
    static constexpr auto type = "proposal.approval_withdrawn"sv;
    std::int64_t version = 1;
    std::string reason;
    friend bool operator==(const ApprovalWithdrawn&, const ApprovalWithdrawn&) = default;
};

struct Submitted {
    static constexpr auto type = "proposal.submitted"sv;
    std::int64_t version = 1;
    std::string funder;
    PartialDate on; // a full date
    std::optional<std::string> reference;
    friend bool operator==(const Submitted&, const Submitted&) = default;
};

enum class Answer { granted, rejected, more_information };

// What the funder said. Asking for more information leaves the proposal submitted.
struct Answered {
    static constexpr auto type = "proposal.answered"sv;
    Answer answer = Answer::granted;
    PartialDate on;
    std::optional<std::int64_t> amount; // in minor units
    std::optional<Currency> currency;
    std::optional<std::string> note;
    friend bool operator==(const Answered&, const Answered&) = default;
};

} // namespace mosty::proposal

template <>
struct mosty::WordsOf<mosty::proposal::Answer> {
    static constexpr std::array words{std::string_view{"granted"}, std::string_view{"rejected"},
                                      std::string_view{"more_information"}};
};
