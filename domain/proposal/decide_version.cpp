#include "domain/base/invariant.hpp"
#include "domain/proposal/rules.hpp"
#include "domain/text/state.hpp"

#include <fmt/format.h>

namespace mosty::proposal {

namespace {

using Refused = std::unexpected<Rejection>;

Refused already(std::string sentence) {
    return refuse(RejectionCode::already_done, std::move(sentence));
}

template <class Command>
Result<Party, Rejection> party_in(const State& state, const Context& context, const Command&) {
    return party_for(rights::deed_of<Command>, context.actor, state.towns.ua, state.towns.eu);
}

Result<void, Rejection> check_version(const State& state, std::int64_t version) {
    if (version == state.standing.version)
        return {};
    return refuse(RejectionCode::version_mismatch,
                  fmt::format("You saw version {}, but version {} is up for approval. Read that one first.",
                              version, state.standing.version),
                  "version", {{"version", std::to_string(state.standing.version)}});
}

SectionTexts texts_of(const Context& context, const StreamId& proposal) {
    SectionTexts texts{};
    for (std::size_t i = 0; i < texts.size(); ++i)
        texts[i] = context.text(text::text_stream(proposal, static_cast<text::Section>(i)));
    return texts;
}

// Nothing when the content can be put before the mayors.
std::vector<std::string_view> missing_parts(const Content& content, const SectionTexts& texts) {
    std::vector<std::string_view> missing;
    if (content.title.empty())
        missing.emplace_back("title");
    if (content.sectors.empty())
        missing.emplace_back("sectors");
    if (content.budget.empty())
        missing.emplace_back("budget");
    if (!content.summary)
        missing.emplace_back("summary");
    for (std::size_t i = 0; i < texts.size(); ++i)
        // Where it was erased nobody can write any more.
        if (!texts[i] || (texts[i]->content.is_blank() && !texts[i]->erased))
            missing.emplace_back(to_string(static_cast<text::Section>(i)));
    return missing;
}

// Refuses the first section that is longer than its place in the form. The last newline does not count.
Result<void, Rejection> check_lengths(const SectionTexts& texts) {
    for (std::size_t i = 0; i < texts.size(); ++i) {
        const auto section = static_cast<text::Section>(i);
        const std::size_t length = texts[i] ? texts[i]->content.length() - 1 : 0;
        const std::size_t max = text::approval_length_max(section);
        if (length > max) {
            return refuse(
                RejectionCode::too_long,
                fmt::format("The section \"{}\" has {} characters, {} more than its {}. Shorten it, "
                            "then ask again.",
                            to_string(section), length, length - max, max),
                to_string(section), {{"max", std::to_string(max)}, {"length", std::to_string(length)}});
        }
    }
    return {};
}

TextRevisions revisions_of(const SectionTexts& texts) {
    TextRevisions revisions;
    for (std::size_t i = 0; i < texts.size(); ++i)
        if (texts[i])
            revisions.emplace(static_cast<text::Section>(i), static_cast<std::int64_t>(texts[i]->revision));
    return revisions;
}

} // namespace

Result<Events, Rejection> decide_version(const State& state, const Context& context, const StreamId& stream,
                                         const AskApproval& command) {
    const auto by = party_in(state, context, command);
    if (!by)
        return std::unexpected(by.error());
    if (state.standing.status == Status::in_approval)
        return already("This proposal already waits for approval by both mayors.");
    if (state.standing.status != Status::draft)
        return wrong_status(state.standing.status);
    const SectionTexts texts = texts_of(context, stream);
    const auto missing = missing_parts(state.content, texts);
    if (!missing.empty()) {
        const std::string list = fmt::format("{}", fmt::join(missing, ", "));
        return refuse(
            RejectionCode::incomplete,
            fmt::format("This proposal still lacks: {}. Add what is missing, then ask again.", list),
            missing.front(), {{"missing", list}});
    }
    if (const auto checked = check_lengths(texts); !checked)
        return std::unexpected(checked.error());
    MOSTY_INVARIANT(context.sha256_hex && context.canonical_content, "who decides brings what makes a hash");
    return Events{ApprovalAsked{state.versions_named + 1, static_cast<std::int64_t>(state.content_revision),
                                context.sha256_hex(context.canonical_content(state.content, texts)), *by,
                                revisions_of(texts)}};
}

namespace {

bool is_before_the_mayors(Status status) {
    return status == Status::in_approval || status == Status::approved;
}

} // namespace

Result<Events, Rejection> decide_version(const State& state, const Context& context, const Approve& command) {
    const auto side =
        side_to_sign(rights::deed_of<Approve>, context.actor, state.towns.ua, state.towns.eu, command.side);
    if (!side)
        return std::unexpected(side.error());
    if (!is_before_the_mayors(state.standing.status))
        return wrong_status(state.standing.status);
    if (const auto checked = check_version(state, command.version); !checked)
        return std::unexpected(checked.error());
    if (state.standing.approved[*side])
        return already("This side has already approved this version.");
    return Events{Approved{command.version, *side}};
}

Result<Events, Rejection> decide_version(const State& state, const Context& context, const Return& command) {
    const auto side =
        side_to_sign(rights::deed_of<Return>, context.actor, state.towns.ua, state.towns.eu, {});
    if (!side)
        return std::unexpected(side.error());
    if (!is_before_the_mayors(state.standing.status))
        return wrong_status(state.standing.status);
    if (const auto checked = check_version(state, command.version); !checked)
        return std::unexpected(checked.error());
    return Events{Returned{command.version, *side, command.reason}};
}

Result<Events, Rejection> decide_version(const State& state, const Context& context,
                                         const WithdrawApproval& command) {
    if (const auto party = party_in(state, context, command); !party)
        return std::unexpected(party.error());
    if (!is_before_the_mayors(state.standing.status))
        return wrong_status(state.standing.status);
    if (const auto checked = check_version(state, command.version); !checked)
        return std::unexpected(checked.error());
    return Events{ApprovalWithdrawn{command.version, command.reason}};
}

Result<void, Rejection> check_submission(const Submitted& submitted, const Context& context) {
    if (!submitted.on.is_full()) {
        return refuse(RejectionCode::invalid_field, "Give the day of submission in full, such as 2026-11-22.",
                      "on");
    }
    if (is_after(submitted.on, context.today)) {
        return refuse(RejectionCode::too_early,
                      "This day is still to come. Record the submission when it is made.", "on",
                      {{"today", to_string(context.today)}});
    }
    return {};
}

Result<void, Rejection> check_answer(const Answered& answered, const State& state, const Context& context) {
    if (is_after(answered.on, context.today)) {
        return refuse(RejectionCode::too_early,
                      "This day is still to come. Record the answer when it has come.", "on",
                      {{"today", to_string(context.today)}});
    }
    const auto submitted_on = state.standing.submitted_on;
    if (submitted_on && ends_before_it_starts(*submitted_on, answered.on)) {
        return refuse(RejectionCode::invalid_field,
                      fmt::format("The proposal was submitted on {}; its answer came later. Check the day.",
                                  to_string(*submitted_on)),
                      "on", {{"submitted_on", to_string(*submitted_on)}});
    }
    if (answered.amount.has_value() != answered.currency.has_value()) {
        return refuse(RejectionCode::invalid_field,
                      "An amount and its currency go together. Give both or neither.",
                      answered.amount ? "currency" : "amount");
    }
    if (answered.amount && answered.answer != Answer::granted)
        return refuse(RejectionCode::invalid_field, "Only a grant has an amount. Leave it out.", "amount");
    return {};
}

Result<Events, Rejection> decide_version(const State& state, const Context& context, const Submit& command) {
    if (const auto party = party_in(state, context, command); !party)
        return std::unexpected(party.error());
    if (state.standing.status == Status::submitted)
        return already("This proposal has already been submitted.");
    if (state.standing.status != Status::approved)
        return wrong_status(state.standing.status);
    if (const auto checked = check_version(state, command.version); !checked)
        return std::unexpected(checked.error());
    Submitted submitted{command.version, command.funder, command.on, command.reference};
    if (const auto checked = check_submission(submitted, context); !checked)
        return std::unexpected(checked.error());
    return Events{std::move(submitted)};
}

Result<Events, Rejection> decide_version(const State& state, const Context& context,
                                         const RecordAnswer& command) {
    if (const auto party = party_in(state, context, command); !party)
        return std::unexpected(party.error());
    const Status status = state.standing.status;
    if (status == Status::granted || status == Status::rejected)
        return already("The funder's answer has been recorded. Correct that record if it is wrong.");
    if (status != Status::submitted)
        return wrong_status(status);
    Answered answered{command.answer, command.on, command.amount, command.currency, command.note};
    if (const auto checked = check_answer(answered, state, context); !checked)
        return std::unexpected(checked.error());
    return Events{std::move(answered)};
}

} // namespace mosty::proposal
