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
#include "domain/visit/decide.hpp"
#include "domain/visit/evolve.hpp"

#include <fmt/format.h>

namespace mosty::domain {

std::optional<Kind> kind_of(const StreamId& stream) {
    const std::string_view text = stream.text();
    const std::size_t slash = text.find('/');
    if (slash == std::string_view::npos || !is_id(text.substr(slash + 1)))
        return std::nullopt;
    return from_word<Kind>(text.substr(0, slash));
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
        break;
    }
    return proposal::State{};
}

Revision revision_of(const State& state) {
    return std::visit([](const auto& entity) { return entity.revision; }, state);
}

std::vector<StreamId> reads(const State&, const StreamId&, const Command& command) {
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
    }
    return streams;
}

namespace {

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
    return std::visit(Overloaded{
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
