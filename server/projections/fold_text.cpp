#include "domain/codec/data.hpp"
#include "domain/text/section.hpp"
#include "server/projections/fold.hpp"
#include "server/projections/json_text.hpp"
#include "server/projections/proposal_figures.hpp"
#include "server/projections/text_event.hpp"
#include "server/projections/text_traces.hpp"

#include <algorithm>

namespace mosty::projections {
namespace json = boost::json;
namespace {

using namespace text;

// Who goes on writing is told of again after this pause, so that the feed names people, not letters.
constexpr std::int64_t quiet_ms = 30 * 60'000;
constexpr std::size_t writers_max = 32; // remembered of one text

std::ptrdiff_t growth_of(const Event& event) {
    const auto with_repair = [](const Delta& change, const std::optional<Delta>& repair) {
        return change.growth() + (repair ? repair->growth() : 0);
    };
    return std::visit(
        Overloaded{
            [&](const Edited& edited) { return with_repair(edited.change, edited.repair); },
            [&](const SuggestionAccepted& accepted) { return with_repair(accepted.change, accepted.repair); },
            [](const Restored& restored) { return restored.change.growth(); },
            [](const auto&) { return std::ptrdiff_t{0}; },
        },
        event);
}

// How a section stands in the form; empty says itself by being absent. The last newline does not count.
std::string_view standing_of(Section section, std::size_t length) {
    if (length <= 1)
        return "empty";
    return length - 1 > approval_length_max(section) ? "too_long" : "written";
}

// By the type alone: the same whether the event can still be read or not.
bool takes_a_row(TextTrace& trace, const Fold& fold) {
    const std::string_view type = fold.envelope.type;
    if (type == ThreadResolved::type || type == ThreadReopened::type)
        return false;
    if (type != Edited::type)
        return true;
    const std::int64_t now = fold.envelope.time_ms;
    const auto last = std::ranges::find(trace.rows, fold.actor(), &WriterRow::writer);
    if (last != trace.rows.end() && now - last->at_ms < quiet_ms)
        return false;
    if (last != trace.rows.end())
        trace.rows.erase(last);
    else if (trace.rows.size() == writers_max)
        trace.rows.erase(trace.rows.begin());
    trace.rows.push_back({std::string(fold.actor()), now});
    return true;
}

// What a row says of an event: a change of the text is read in the text, not in the feed.
std::string row_data(const Event& event, Section section, std::string_view data) {
    std::string row = R"({"section":")" + std::string(to_string(section)) + '"';
    const bool shows_more = std::visit([](const auto& one) { return !requires { one.change; }; }, event);
    if (shows_more && data.size() > 2) {
        row += ',';
        row += data.substr(1);
        return row;
    }
    return row + '}';
}

void tell_form(Fold& fold, Entity& proposal, Section section, std::string_view standing) {
    ViewChange change(proposal.document.value);
    if (standing == "empty")
        change.erase_in("texts", to_string(section));
    else
        change.set_in("texts", to_string(section), json::value(standing));
    change_missing(change);
    publish_view(fold, proposal, std::move(change));
}

} // namespace

Tally fold_text(Fold& fold, const Event& event) {
    const auto name = name_of_text(fold.stream());
    TextTrace& trace = fold.texts.open(fold.stream());
    if (fold.store.failure())
        return {};
    std::string data(erased_data);
    if (!fold.is_erased()) {
        data.clear();
        codec::append_data(data, fold.event);
    }
    fold.out.push_back({trace.stream, Change::Kind::event,
                        std::make_shared<const std::string>(text_event(fold.envelope, fold.at, data)),
                        fold.size(), fold.envelope.revision});

    const auto before = standing_of(name->section, trace.length);
    if (std::holds_alternative<Erased>(event) || std::holds_alternative<Redacted>(event))
        trace.length = 1;
    trace.length += static_cast<std::size_t>(growth_of(event));
    fold.texts.mark(trace);
    const auto after = standing_of(name->section, trace.length);
    const bool has_row = takes_a_row(trace, fold);
    if (before == after && !has_row)
        return {};

    Entity& proposal = open_proposal(fold, name->owner.text());
    if (fold.store.failure())
        return {};
    if (before != after)
        tell_form(fold, proposal, name->section, after);
    if (has_row) {
        const json::object& view = proposal.document.value;
        publish_feed(fold, proposal.feeds, feed_subject(text_of(view, "partnership"), view),
                     row_data(event, name->section, data), {});
    }
    return {};
}

} // namespace mosty::projections
