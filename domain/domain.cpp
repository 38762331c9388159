#include "domain/domain.hpp"

#include "domain/base/invariant.hpp"
#include "domain/base/text.hpp"
#include "domain/codec/content.hpp"
#include "domain/municipality/decide.hpp"
#include "domain/municipality/evolve.hpp"
#include "domain/partnership/decide.hpp"
#include "domain/partnership/evolve.hpp"
#include "domain/person/decide.hpp"
#include "domain/person/evolve.hpp"
#include "domain/proposal/decide.hpp"
#include "domain/proposal/evolve.hpp"
#include "domain/proposal/rules.hpp"
#include "domain/sites/decide.hpp"
#include "domain/sites/evolve.hpp"
#include "domain/text/decide.hpp"
#include "domain/text/evolve.hpp"
#include "domain/text/section.hpp"
#include "domain/visit/decide.hpp"
#include "domain/visit/evolve.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace mosty::domain {

std::optional<Kind> kind_of(const StreamId& stream) {
    const std::string_view text = stream.text();
    if (text::name_of_text(text))
        return Kind::text;
    const std::size_t slash = text.find('/');
    if (slash == std::string_view::npos || !is_id(text.substr(slash + 1)))
        return std::nullopt;
    const auto kind = from_word<Kind>(text.substr(0, slash));
    return kind == Kind::text ? std::nullopt : kind;
}

std::string_view local_id(const StreamId& stream) {
    const std::string_view text = stream.text();
    return text.substr(text.find('/') + 1);
}

State initial_state(const StreamId& stream) {
    const auto kind = kind_of(stream);
    MOSTY_INVARIANT(kind, "only well-formed stream ids reach the state");
    switch (*kind) {
    case Kind::municipality:
        return municipality::State{};
    case Kind::person:
        return person::State{};
    case Kind::partnership:
        return partnership::State{};
    case Kind::visit:
        return visit::State{};
    case Kind::proposal:
        return proposal::State{};
    case Kind::text:
        return text::State{};
    case Kind::sites:
        break;
    }
    return sites::State{};
}

Revision revision_of(const State& state) {
    return std::visit([](const auto& entity) { return entity.revision; }, state);
}

std::size_t memory_bytes(const State& state) {
    constexpr std::size_t entity_bytes = 4'096; // what an entity takes in the middle
    constexpr std::size_t site_bytes = 2'048;
    if (const auto* text = std::get_if<text::State>(&state))
        return entity_bytes + text->memory_bytes();
    const auto* sites = std::get_if<sites::State>(&state);
    return sites ? entity_bytes + site_bytes * sites->sites.size() : entity_bytes;
}

std::optional<text::Preparation> preparation_for(const State& own, const Command& command,
                                                 const text::Prepared* prepared) {
    const auto* state = std::get_if<text::State>(&own);
    const auto* one = std::get_if<text::Command>(&command);
    return state && one ? text::preparation_for(*state, *one, prepared) : std::nullopt;
}

bool is_next(const State& own, const Command& command) {
    const auto* state = std::get_if<text::State>(&own);
    const auto* one = std::get_if<text::Command>(&command);
    const auto* edit = one ? std::get_if<text::Edit>(one) : nullptr;
    if (!state || !edit)
        return false;
    const auto known = state->clients.find(edit->client);
    return known != state->clients.end() && edit->sequence == known->second.sequence + 1;
}

namespace {

// The text's owner, and whoever suggested what is to be answered.
std::vector<StreamId> reads_of_text(const State& own, const StreamId& stream, const text::Command& command) {
    const auto name = text::name_of_text(stream.text());
    const auto* state = std::get_if<text::State>(&own);
    if (!name || !state)
        return {};
    std::vector<StreamId> streams{name->owner};
    const auto read_suggester = [&](const text::SuggestionId& id) {
        if (const auto found = state->suggestions.find(id); found != state->suggestions.end())
            streams.push_back(stream_of(found->second.by.actor));
    };
    if (const auto* accept = std::get_if<text::AcceptSuggestion>(&command))
        read_suggester(accept->suggestion);
    if (const auto* decline = std::get_if<text::DeclineSuggestion>(&command))
        read_suggester(decline->suggestion);
    return streams;
}

std::vector<StreamId> sections_of(const StreamId& proposal) {
    std::vector<StreamId> streams;
    streams.reserve(text::section_count);
    for (std::size_t i = 0; i < text::section_count; ++i)
        streams.push_back(text::text_stream(proposal, static_cast<text::Section>(i)));
    return streams;
}

} // namespace

std::vector<StreamId> reads(const State& own, const StreamId& stream, const Command& command) {
    std::vector<StreamId> streams;
    if (const auto* partnerships = std::get_if<partnership::Command>(&command)) {
        if (const auto* propose = std::get_if<partnership::Propose>(partnerships))
            streams = {stream_of(propose->ua), stream_of(propose->eu)};
    } else if (const auto* visits = std::get_if<visit::Command>(&command)) {
        if (const auto* plan = std::get_if<visit::Plan>(visits))
            streams = {stream_of(plan->partnership)};
    } else if (const auto* proposals = std::get_if<proposal::Command>(&command)) {
        if (const auto* draft = std::get_if<proposal::Draft>(proposals))
            streams = {stream_of(draft->partnership)};
        if (const auto* add = std::get_if<proposal::AddPartner>(proposals))
            streams = {stream_of(add->municipality)};
        if (std::holds_alternative<proposal::AskApproval>(*proposals) && kind_of(stream) == Kind::proposal)
            streams = sections_of(stream);
    } else if (const auto* people = std::get_if<person::Command>(&command)) {
        if (const auto* appoint = std::get_if<person::AppointDeputy>(people))
            streams = {stream_of(appoint->deputy)};
        if (const auto* hand_over = std::get_if<person::HandOver>(people))
            streams = {stream_of(hand_over->to)};
    } else if (const auto* texts = std::get_if<text::Command>(&command)) {
        streams = reads_of_text(own, stream, *texts);
    } else if (std::holds_alternative<sites::Command>(command) && kind_of(stream) == Kind::sites) {
        streams = {sites::proposal_of(stream)};
    }
    return streams;
}

void read_on(std::vector<StreamId>& reads, const State& read, const Command& command) {
    constexpr std::size_t reads_max = 64;
    const auto* texts = std::get_if<text::Command>(&command);
    const auto* person = std::get_if<person::State>(&read);
    const bool answers = texts && (std::holds_alternative<text::AcceptSuggestion>(*texts) ||
                                   std::holds_alternative<text::DeclineSuggestion>(*texts));
    if (!answers || !person || !person->successor || reads.size() >= reads_max)
        return;
    StreamId further = stream_of(*person->successor);
    if (std::ranges::find(reads, further) == reads.end())
        reads.push_back(std::move(further));
}

bool is_seen(const State& own, const Context& context, const StreamId& stream) {
    const auto reads = [&](rights::Reading reading, rights::Relation relation) {
        return revision_of(own) > 0 && rights::may_read(context.actor.role, reading, relation);
    };
    return std::visit(
        Overloaded{
            [&](const municipality::State&) {
                return reads(rights::Reading::municipalities, rights::Relation::none);
            },
            [&](const person::State&) {
                return reads(rights::Reading::person, stream == stream_of(context.actor.id)
                                                          ? rights::Relation::self
                                                          : rights::Relation::none);
            },
            [&](const partnership::State& state) {
                return reads(rights::Reading::partnership,
                             relation_to(context.actor, state.standing.ua, state.standing.eu));
            },
            [&](const visit::State& state) { return visit::is_seen_by(state, context.actor); },
            [&](const proposal::State& state) { return proposal::is_seen_by(state, context.actor); },
            [&](const text::State&) {
                return context.relation_to_text_of(text::owner_of_text(stream)).has_value();
            },
            [&](const sites::State&) {
                return context.tie_to_proposal(sites::proposal_of(stream)).has_value();
            },
        },
        own);
}

namespace {

// Who may do what stands in the table of rights: a command that is not in it does not compile.
template <class... Commands>
consteval bool have_deeds(std::type_identity<std::variant<Commands...>>) {
    return ((static_cast<std::size_t>(rights::deed_of<Commands>) < rights::deed_count) && ...);
}
template <class... Entities>
consteval bool have_deeds_each(std::type_identity<std::variant<Entities...>>) {
    return (have_deeds(std::type_identity<Entities>{}) && ...);
}
static_assert(have_deeds_each(std::type_identity<Command>{}));

template <class EntityState, class EntityCommand>
Result<Events, Rejection> decide_entity(const State& state, const Context& context, const StreamId& stream,
                                        const EntityCommand& command) {
    const auto* own = std::get_if<EntityState>(&state);
    if (!own || kind_of(stream) != static_cast<Kind>(state.index())) {
        return refuse(RejectionCode::wrong_stream,
                      fmt::format("The command {} cannot be sent to {}. Send it to a stream of its own kind.",
                                  name_of(Command(command)), stream.text()),
                      {}, {{"stream", stream.text()}});
    }
    auto decided = decide(*own, context, stream, command);
    if (!decided)
        return std::unexpected(std::move(decided.error()));
    return Events(std::make_move_iterator(decided->begin()), std::make_move_iterator(decided->end()));
}

} // namespace

Result<Events, Rejection> decide(const State& state, const Context& context, const StreamId& stream,
                                 const Command& command) {
    return std::visit(
        Overloaded{
            [&](const municipality::Command& one) {
                return decide_entity<municipality::State>(state, context, stream, one);
            },
            [&](const person::Command& one) {
                return decide_entity<person::State>(state, context, stream, one);
            },
            [&](const partnership::Command& one) {
                return decide_entity<partnership::State>(state, context, stream, one);
            },
            [&](const visit::Command& one) {
                return decide_entity<visit::State>(state, context, stream, one);
            },
            [&](const proposal::Command& one) {
                if (!std::holds_alternative<proposal::AskApproval>(one))
                    return decide_entity<proposal::State>(state, context, stream, one);
                // A version is known by the hash of its content's JSON, and JSON is the
                // codec's.
                Context complete = context;
                complete.canonical_content = codec::canonical_content;
                return decide_entity<proposal::State>(state, complete, stream, one);
            },
            [&](const text::Command& one) { return decide_entity<text::State>(state, context, stream, one); },
            [&](const sites::Command& one) {
                return decide_entity<sites::State>(state, context, stream, one);
            },
        },
        command);
}

void apply(State& state, const Event& event, const Recorded& recorded) {
    const auto apply_to = [&]<class EntityState>(std::type_identity<EntityState>, const auto& one) {
        auto* own = std::get_if<EntityState>(&state);
        MOSTY_INVARIANT(own, "an event changes the state of its own stream");
        apply(*own, one, recorded);
    };
    std::visit(
        Overloaded{
            [&](const municipality::Event& one) { apply_to(std::type_identity<municipality::State>{}, one); },
            [&](const person::Event& one) { apply_to(std::type_identity<person::State>{}, one); },
            [&](const partnership::Event& one) { apply_to(std::type_identity<partnership::State>{}, one); },
            [&](const visit::Event& one) { apply_to(std::type_identity<visit::State>{}, one); },
            [&](const proposal::Event& one) { apply_to(std::type_identity<proposal::State>{}, one); },
            [&](const text::Event& one) { apply_to(std::type_identity<text::State>{}, one); },
            [&](const sites::Event& one) { apply_to(std::type_identity<sites::State>{}, one); },
        },
        event);
}

State evolve(State state, const Event& event, const Recorded& recorded) {
    apply(state, event, recorded);
    return state;
}

std::string_view type_of(const Event& event) {
    return std::visit(
        [](const auto& entity) {
            return std::visit([](const auto& one) { return std::string_view(one.type); }, entity);
        },
        event);
}

std::string_view name_of(const Command& command) {
    return std::visit(
        [](const auto& entity) {
            return std::visit([](const auto& one) { return std::string_view(one.name); }, entity);
        },
        command);
}

std::optional<Rejection> refuse_revision(Revision expected, Revision actual) {
    if (expected == actual)
        return std::nullopt;
    return Rejection{
        RejectionCode::revision_mismatch,
        fmt::format("You saw revision {}, but this stands at revision {}. Look at what has changed.",
                    expected, actual),
        {},
        {{"expected", std::to_string(expected)}, {"actual", std::to_string(actual)}}};
}

} // namespace mosty::domain
