#include "world.hpp"

#include "domain/base/invariant.hpp"
#include "domain/cause.hpp"
#include "domain/codec/command.hpp"
#include "domain/codec/content.hpp"
#include "domain/codec/data.hpp"
#include "domain/codec/text_state.hpp"
#include "domain/text/event.hpp"

#include <fmt/format.h>

#include <functional>

namespace mosty::test {

namespace {

// Stands in for SHA-256: 64 digits that differ when the bytes differ.
std::string digits_of(std::string_view bytes) {
    return fmt::format("{:064x}", std::hash<std::string_view>{}(bytes));
}

std::string told(const domain::Events& events) {
    if (events.empty())
        return "nothing";
    std::string text;
    for (const domain::Event& event : events) {
        if (!text.empty())
            text += "; ";
        text += domain::type_of(event);
        text += ' ';
        codec::append_data(text, event);
    }
    return text;
}

std::string town(std::string_view name, std::string_view country, std::string_view scheme,
                 std::string_view code) {
    return fmt::format(R"({{"name":"{}","country":"{}","scheme":"{}","code":"{}","source":"register"}})",
                       name, country, scheme, code);
}

} // namespace

Actor officer_of(std::string_view organisation) {
    return {ActorId(fmt::format("officer-{}", organisation)), OrganisationId(std::string(organisation)),
            Role::officer};
}

Actor mayor_of(std::string_view organisation) {
    return {ActorId(fmt::format("mayor-{}", organisation)), OrganisationId(std::string(organisation)),
            Role::mayor};
}

Actor acting_as(Role role) {
    return {ActorId(fmt::format("the-{}", to_string(role))), OrganisationId("cemr"), role};
}

World World::with_partners() {
    World world;
    world.given(service, fmt::format("municipality/{}", ua_town), "register_municipality",
                town("Byshiv", "UA", "katottg", ua_town));
    world.given(service, fmt::format("municipality/{}", eu_town), "register_municipality",
                town("Tata", "HU", "gisco", eu_town));
    world.given(service, fmt::format("municipality/{}", third_town), "register_municipality",
                town("Jonava", "LT", "gisco", third_town));
    world.given(service, fmt::format("municipality/{}", stranger), "register_municipality",
                town("Eisenstadt", "AT", "gisco", stranger));
    world.given(ua_officer, "partnership/p-1", "propose_partnership",
                fmt::format(R"({{"ua":"{}","eu":"{}","sectors":["water_supply"]}})", ua_town, eu_town));
    world.given(eu_officer, "partnership/p-1", "accept_partnership");
    return world;
}

Result<domain::Command, Rejection> parsed(std::string_view name, std::string_view data) {
    simdjson::dom::parser parser;
    simdjson::dom::element element;
    const auto error = parser.parse(data.data(), data.size()).get(element);
    if (error)
        return refuse(RejectionCode::malformed, simdjson::error_message(error));
    return codec::parse_command(name, element);
}

const domain::State& World::state(std::string_view stream) {
    const auto found = states_.find(stream);
    if (found != states_.end())
        return found->second;
    const StreamId id{std::string(stream)};
    return states_.emplace(id.text(), domain::initial_state(id)).first->second;
}

// As the server does, from what was recorded.
text::Prepared World::prepare(const StreamId& stream, const text::Preparation& wanted) const {
    const auto for_each_change = [&](const auto& see) {
        for (const std::string& bytes : entries_) {
            const auto entry = codec::decode_entry(bytes);
            if (entry->envelope.stream == stream)
                see(change_of(std::get<text::Event>(entry->event)), entry->envelope.revision);
        }
    };
    if (const auto* rebase = std::get_if<text::Rebase>(&wanted)) {
        text::Based based = rebase->from;
        for_each_change([&](const text::Delta& change, Revision revision) {
            if (revision == based.base + 1 && revision <= rebase->until)
                based.step_over(change);
        });
        return based;
    }
    text::Past past{std::get<text::LookBack>(wanted).revision, {}};
    for_each_change([&](const text::Delta& change, Revision revision) {
        if (revision <= past.revision)
            past.content.apply(change, revision);
    });
    return past;
}

Result<domain::Events, Rejection> World::decide(const Actor& actor, const StreamId& stream,
                                                const domain::Command& command) const {
    const auto state_of = [&](const StreamId& id) -> const domain::State* {
        const auto found = states_.find(id.text());
        return found == states_.end() ? nullptr : &found->second;
    };
    const domain::State empty = domain::initial_state(stream);
    const domain::State& own = state_of(stream) ? *state_of(stream) : empty;
    std::vector<Context::Other> others;
    auto reads = domain::reads(own, stream, command);
    for (std::size_t i = 0; i < reads.size(); ++i) {
        const domain::State* read = state_of(reads[i]);
        others.push_back({reads[i], read});
        if (read)
            domain::read_on(reads, *read, command);
    }
    Context context;
    context.now_ms = 1'795'341'600'123;
    context.today = {2026, 11, 22};
    context.actor = actor;
    context.others = others;
    context.sha256_hex = digits_of;
    std::optional<text::Prepared> prepared;
    while (const auto wanted = domain::preparation_for(own, command, context.prepared))
        context.prepared = &prepared.emplace(prepare(stream, *wanted));
    return domain::decide(own, context, stream, command);
}

// As the sequencer has it.
void World::follow(codec::Envelope& envelope, Revision cause) const {
    const auto place = places_.find({envelope.stream.text(), cause});
    MOSTY_INVARIANT(place != places_.end(), "a cause stands earlier in its stream");
    const auto origin = codec::decode_envelope(entries_[place->second]);
    envelope.cause = origin->id;
    envelope.correlation = origin->correlation;
}

void World::record(const Actor& actor, const StreamId& stream, const domain::Event& event,
                   std::optional<Revision> cause) {
    const domain::State& before = state(stream.text());
    codec::Envelope envelope;
    envelope.id = EventId(fmt::format("e-{}", entries_.size() + 1));
    envelope.type = domain::type_of(event);
    envelope.stream = stream;
    envelope.revision = domain::revision_of(before) + 1;
    envelope.time_ms = 1'795'341'600'123 + static_cast<std::int64_t>(entries_.size());
    envelope.actor = actor.id;
    envelope.command = CommandId(fmt::format("c-{}", entries_.size() + 1));
    envelope.command_hash = "00112233445566778899aabbccddeeff";
    envelope.correlation = envelope.command;
    if (cause)
        follow(envelope, *cause);
    envelope.source = "urn:mosty:test";
    places_.emplace(std::pair{stream.text(), envelope.revision}, entries_.size());
    entries_.push_back(codec::encode_entry(envelope, event));
    ids_.emplace_back(stream.text() + " " + envelope.type, envelope.id.text());
    auto& own = states_.at(stream.text());
    own = domain::evolve(std::move(own), event, envelope.recorded());
}

std::string World::send(const Actor& actor, std::string_view stream, std::string_view command,
                        std::string_view data) {
    const StreamId id{std::string(stream)};
    const auto wish = parsed(command, data);
    const auto decided = wish ? decide(actor, id, *wish) : std::unexpected(wish.error());
    if (!decided) {
        last_rejection = decided.error();
        std::string text(to_string(last_rejection.code));
        if (!last_rejection.field.empty())
            text += " " + last_rejection.field;
        return text;
    }
    const Revision before = domain::revision_of(state(stream));
    std::vector<std::optional<Revision>> causes;
    for (const domain::Event& event : *decided)
        causes.push_back(domain::cause_of(state(stream), event,
                                          causes.empty() ? std::nullopt : std::optional{before + 1}));
    for (std::size_t i = 0; i < causes.size(); ++i)
        record(actor, id, (*decided)[i], causes[i]);
    return told(*decided);
}

void World::given(const Actor& actor, std::string_view stream, std::string_view command,
                  std::string_view data) {
    const std::string answer = send(actor, stream, command, data);
    const bool is_event = answer.find(' ') != std::string::npos && answer.find('.') != std::string::npos;
    if (!is_event)
        fmt::print(stderr, "{} {} was answered {}: {}\n", command, data, answer, last_rejection.sentence);
    MOSTY_INVARIANT(is_event, "what a test begins with is accepted");
}

void World::write_sections(const Actor& actor, std::string_view proposal) {
    for (std::size_t i = 0; i < text::section_count; ++i) {
        const StreamId stream = text_stream(StreamId(std::string(proposal)), static_cast<text::Section>(i));
        given(actor, stream.text(), "edit_text",
              fmt::format(R"({{"client":"k-form","sequence":1,"base":{},"change":[{{"insert":"Вода."}}]}})",
                          domain::revision_of(state(stream.text()))));
    }
}

std::string World::event_id(std::string_view stream, std::string_view type) const {
    const std::string wanted = fmt::format("{} {}", stream, type);
    for (auto each = ids_.rbegin(); each != ids_.rend(); ++each)
        if (each->first == wanted)
            return each->second;
    return "e-0";
}

namespace {

template <class Data>
std::string shown_trail(const Trail<Data>& trail) {
    std::string text;
    for (const auto& fact : trail.facts()) {
        text += fmt::format("|{}@{}{} ", fact.id.text(), fact.revision, fact.retracted ? " retracted" : "");
        if constexpr (std::is_same_v<Data, municipality::Row>)
            codec::append_row(text, fact.data);
        else if constexpr (std::is_same_v<Data, person::Profile>)
            codec::append_profile(text, fact.data);
        else
            std::visit([&](const auto& data) { codec::append_data(text, domain::Event(data)); }, fact.data);
    }
    return text;
}

std::string shown_standing(const partnership::State& state) {
    const auto& now = state.standing;
    return fmt::format("{} {} {} {}{}", to_string(now.status), now.ua.text(), now.eu.text(), now.accepted.ua,
                       now.accepted.eu);
}

std::string shown_standing(const visit::State& state) {
    const auto& now = state.standing;
    return fmt::format("{} {} {}{} {} {}", to_string(now.status), now.partnership.text(), now.confirmed.ua,
                       now.confirmed.eu, now.from ? to_string(*now.from) : "",
                       now.to ? to_string(*now.to) : "");
}

std::string shown_standing(const proposal::State& state) {
    const auto& now = state.standing;
    return fmt::format("{} {} {}{} {} {} {} {}", to_string(now.status), now.version, now.approved.ua,
                       now.approved.eu, to_string(now.lead), state.content_revision, state.versions_named,
                       codec::canonical_content(state.content, {}));
}

std::string shown_standing(const municipality::State& state) {
    std::string text;
    codec::append_row(text, state.row);
    codec::append_row(text, state.as_registered);
    return text;
}

std::string shown_standing(const person::State& state) {
    std::string text;
    codec::append_profile(text, state.profile);
    text += fmt::format(" {} {} {} {}", state.invitation.value_or(person::InvitationId("-")).text(),
                        state.joined.value_or(person::InvitationId("-")).text(),
                        state.successor.value_or(ActorId("-")).text(), state.left);
    for (const auto& deputy : state.deputies)
        text += fmt::format(" {} {}-{} {}", deputy.deputy.text(), to_string(deputy.from),
                            to_string(deputy.until), deputy.appointed);
    text += fmt::format(" {} {} {}", state.invited, state.leaving, state.second_factor);
    for (const auto& [token, made] : state.tokens)
        text += fmt::format(" {} {}", token.text(), made);
    for (const auto& [provider, linked] : state.providers)
        text += fmt::format(" {} {}", provider.text(), linked);
    return text;
}

std::string shown_sites(const sites::State& state) {
    std::string text = std::to_string(state.revision);
    for (const auto& [id, site] : state.sites) {
        text +=
            fmt::format(" {} {} {} {} {} {} {}", id.text(), to_string(site.side), to_string(site.audience),
                        site.removed, site.erased, site.recorded, site.for_partners);
        if (site.description)
            codec::append_description(text, *site.description);
    }
    return text;
}

} // namespace

std::string shown(const domain::State& state) {
    return std::visit(Overloaded{
                          [](const text::State& text) { return codec::encode_text_state(text); },
                          [](const sites::State& sites) { return shown_sites(sites); },
                          [](const auto& entity) {
                              return fmt::format("{} {}{}", entity.revision, shown_standing(entity),
                                                 shown_trail(entity.trail));
                          },
                      },
                      state);
}

} // namespace mosty::test
