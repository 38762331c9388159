#include "random_history.hpp"

#include "domain/codec/command.hpp"
#include "domain/codec/data.hpp"
#include "domain/text/section.hpp"

#include <fmt/format.h>

namespace mosty::test {
namespace {

constexpr std::string_view towns[] = {"UA1", "UA2", "HU_1", "PL_1", "AT_1"};

Actor actor_of(std::string_view organisation, Role role) {
    return {ActorId(fmt::format("u-{}-{}", organisation, to_string(role))),
            OrganisationId(std::string(organisation)), role};
}

std::string no_hash(std::string_view) {
    return std::string(64, '0');
}

} // namespace

RandomHistory::RandomHistory(std::uint64_t seed) : random_(seed) {
    const Actor service = actor_of("cemr", Role::service);
    for (const std::string_view town : towns) {
        const std::string country(town.substr(0, 2));
        send(service, fmt::format("municipality/{}", town), "register_municipality",
             fmt::format(R"({{"name":"Town {0}","country":"{1}","scheme":"{2}","code":"{0}","source":"x"}})",
                         town, country, country == "UA" ? "katottg" : "gisco"));
    }
    send(service, "person/u-1", "register_person",
         R"({"name":"Ана","organisation":"UA1","role":"officer","language":"uk","invented":true})");
}

std::string RandomHistory::visit(std::uint64_t number) {
    return fmt::format("visit/p-{}_v{}", number % partnerships, number);
}

std::string RandomHistory::proposal(std::uint64_t number) {
    return fmt::format("proposal/p-{}_x{}", number % partnerships, number);
}

std::uint64_t RandomHistory::below(std::uint64_t bound) {
    return std::uniform_int_distribution<std::uint64_t>(0, bound - 1)(random_);
}

std::string RandomHistory::one_of(std::initializer_list<std::string_view> words) {
    return std::string(words.begin()[below(words.size())]);
}

void RandomHistory::grow_to(Size size) {
    while (history_.size() < size)
        send_random();
}

void RandomHistory::send(const Actor& actor, const std::string& stream, std::string_view name,
                         const std::string& data) {
    simdjson::dom::parser parser;
    const auto command = codec::parse_command(name, parser.parse(data).value());
    if (!command)
        return;
    const StreamId id(stream);
    auto& state = states_.try_emplace(stream, domain::initial_state(id)).first->second;
    std::vector<Context::Other> others;
    for (const StreamId& other : domain::reads(state, id, *command))
        if (const auto found = states_.find(other.text()); found != states_.end())
            others.push_back({other, &found->second});
    const Context context{.now_ms = 1'795'341'600'000,
                          .today = {2026, 11, 22},
                          .actor = actor,
                          .others = others,
                          .sha256_hex = no_hash};
    const auto events = domain::decide(state, context, id, *command);
    if (!events)
        return;
    for (const domain::Event& event : *events) {
        std::string recorded;
        codec::append_data(recorded, event);
        history_.record(stream, domain::type_of(event), recorded, actor.id.text());
        domain::apply(state, event, history_.entries().back().envelope.recorded());
    }
}

void RandomHistory::send_random() {
    const Role role = chance(40)   ? Role::officer
                      : chance(60) ? Role::mayor
                      : chance(60) ? Role::service
                                   : Role::secretariat;
    const bool of_town = role == Role::officer || role == Role::mayor;
    const Actor actor = actor_of(of_town ? towns[below(std::size(towns))] : "cemr", role);
    switch (below(20)) {
    case 0:
        return chance(20) ? about_register(actor) : about_visit(actor);
    case 1:
    case 2:
    case 3:
        return about_partnership(actor);
    case 4:
    case 5:
    case 6:
    case 7:
    case 8:
        return about_visit(actor);
    default:
        return about_proposal(actor);
    }
}

// The id of a random event, most often of this stream.
std::string RandomHistory::event_of(const std::string& stream) {
    for (int tries = 0; tries < 40; ++tries) {
        const auto& envelope = history_.entries()[below(history_.size())].envelope;
        if (envelope.stream.text() == stream)
            return envelope.id.text();
    }
    return "e-0";
}

void RandomHistory::about_register(const Actor& actor) {
    const std::string town(towns[below(std::size(towns))]);
    const std::string stream = "municipality/" + town;
    if (chance(50))
        send(actor, stream, "correct_municipality",
             fmt::format(R"({{"corrects":"{}","reason":"Counted","population":{},"name":"Town {}"}})",
                         event_of(stream), below(9'000), below(50)));
    else if (chance(50))
        send(actor, stream, "register_municipality",
             fmt::format(
                 R"({{"name":"New Town {0}","country":"{1}","scheme":"{2}","code":"{3}","source":"x"}})",
                 below(9), town.substr(0, 2), town.starts_with("UA") ? "katottg" : "gisco", town));
    else
        send(actor, "person/u-1", "correct_person",
             fmt::format(R"({{"corrects":"{}","reason":"Wedding","name":"Ана {}"}})", event_of("person/u-1"),
                         below(9)));
}

void RandomHistory::about_partnership(const Actor& actor) {
    const std::string stream = fmt::format("partnership/p-{}", below(partnerships));
    switch (below(8)) {
    case 0:
    case 1:
        return send(actor, stream, "propose_partnership",
                    fmt::format(R"({{"ua":"{}","eu":"{}","sectors":["energy"],"note":"N {}"}})",
                                one_of({"UA1", "UA2"}), one_of({"HU_1", "PL_1", "AT_1"}), below(9)));
    case 2:
    case 3:
        return send(actor, stream, "accept_partnership", chance(50) ? R"({"on":"2025"})" : R"({})");
    case 4:
        return send(actor, stream, "accept_partnership", R"({"side":"eu"})");
    case 5:
        if (chance(20))
            return send(actor, stream, "end_partnership", R"({"on":"2026-01","reason":"All done"})");
        return send(actor, stream, chance(50) ? "decline_partnership" : "withdraw_partnership",
                    R"({"reason":"A mistake"})");
    case 6:
        return send(
            actor, stream, "correct_partnership",
            fmt::format(R"({{"corrects":"{}","reason":"A slip","sectors":["health"]}})", event_of(stream)));
    default:
        return send(
            actor, stream, "correct_partnership",
            fmt::format(R"({{"corrects":"{}","reason":"A slip","retracted":true}})", event_of(stream)));
    }
}

void RandomHistory::about_visit(const Actor& actor) {
    const auto number = below(6);
    const std::string stream = visit(number);
    switch (below(9)) {
    case 0:
    case 1:
        return send(
            actor, stream, "plan_visit",
            fmt::format(R"({{"partnership":"p-{}","title":"Visit {}","host":"eu","kind":"study_visit",)"
                        R"("from":"2024-0{}"}})",
                        number % partnerships, below(9), 1 + below(9)));
    case 2:
        return send(actor, stream, "confirm_visit", R"({})");
    case 3:
        return send(actor, stream, "confirm_visit", R"({"side":"ua"})");
    case 4:
        return send(actor, stream, "postpone_visit",
                    chance(50) ? R"({"reason":"No power"})"
                               : R"({"from":"2025-03","to":"2025-04","reason":"No power"})");
    case 5:
        if (chance(30))
            return send(actor, stream, "cancel_visit", R"({"reason":"No power"})");
        return send(actor, stream, "report_visit", R"({"summary":"Good","lessons":["One","Two"]})");
    case 6:
        return send(actor, stream, "hold_visit",
                    fmt::format(R"({{"from":"2025-05-1{}","participants_ua":{}}})", below(9), below(9)));
    case 7:
        return send(
            actor, stream, "correct_visit",
            fmt::format(R"({{"corrects":"{}","reason":"A slip",{}}})", event_of(stream),
                        one_of({R"("from":"2025-06")", R"("title":"Another")", R"("fact_reason":"Rain")",
                                R"("summary":"Better")", R"("participants_ua":3)"})));
    default:
        return send(
            actor, stream, "correct_visit",
            fmt::format(R"({{"corrects":"{}","reason":"A slip","retracted":true}})", event_of(stream)));
    }
}

void RandomHistory::about_proposal(const Actor& actor) {
    const auto number = below(8);
    const std::string stream = proposal(number);
    switch (below(26)) {
    case 0:
        return send(
            actor, stream, "draft_proposal",
            fmt::format(R"({{"partnership":"p-{}","title":"Proposal {}","sectors":["energy"],"lead":"ua"}})",
                        number % partnerships, below(9)));
    case 1:
        return send(actor, stream, "ask_approval", R"({})");
    case 2:
    case 3:
        return send(actor, stream, "approve_proposal", fmt::format(R"({{"version":{}}})", 1 + below(3)));
    case 4:
        return send(actor, stream, "return_proposal",
                    fmt::format(R"({{"version":{},"reason":"Too dear"}})", 1 + below(3)));
    case 5:
        return send(actor, stream, "withdraw_approval",
                    fmt::format(R"({{"version":{},"reason":"Too dear"}})", 1 + below(3)));
    case 6:
        return send(actor, stream, "submit_proposal",
                    fmt::format(R"({{"version":{},"funder":"Interreg","on":"2026-11-20"}})", 1 + below(3)));
    case 7:
        return send(actor, stream, "record_answer",
                    fmt::format(R"({{"answer":"{}","on":"2026-11-21"}})",
                                one_of({"granted", "rejected", "more_information"})));
    case 8:
        return send(
            actor, stream, "correct_proposal",
            fmt::format(R"({{"corrects":"{}","reason":"A slip",{}}})", event_of(stream),
                        one_of({R"("lead":"eu")", R"("funder":"LIFE")", R"("fact_reason":"Too big")"})));
    case 9:
        return send(
            actor, stream, "correct_proposal",
            fmt::format(R"({{"corrects":"{}","reason":"A slip","retracted":true}})", event_of(stream)));
    case 10:
    case 11:
    case 12:
        return about_text(actor, stream);
    case 13:
        for (std::size_t i = 0; i < text::section_count; ++i)
            write(actor, text::text_stream(StreamId(stream), static_cast<text::Section>(i)).text(),
                  R"([{"insert":"Слово 🌉"}])");
        return;
    case 14:
        return about_sites(actor, stream);
    default:
        return about_content(actor, stream);
    }
}

void RandomHistory::write(const Actor& actor, const std::string& text, const std::string& change) {
    const auto& state =
        std::get<text::State>(states_.try_emplace(text, domain::initial_state(StreamId(text))).first->second);
    const std::string client = "k-" + actor.id.text();
    const auto known = state.clients.find(text::ClientId(client));
    send(actor, text, "edit_text",
         fmt::format(R"({{"client":"{}","sequence":{},"base":{},"change":{}}})", client,
                     known == state.clients.end() ? 1 : known->second.sequence + 1, state.revision, change));
}

void RandomHistory::about_text(const Actor& actor, const std::string& proposal) {
    const auto section = static_cast<text::Section>(below(text::section_count));
    const std::string stream = text::text_stream(StreamId(proposal), section).text();
    const auto found = states_.find(stream);
    const std::size_t length =
        found == states_.end() ? 1 : std::get<text::State>(found->second).content.length();
    switch (below(6)) {
    case 0:
        return write(actor, stream, fmt::format(R"([{{"delete":{}}}])", length));
    case 1:
        return write(actor, stream, fmt::format(R"([{{"insert":"{}"}}])", std::string(1'900, 'x')));
    case 2:
        return send(
            actor, stream, "comment_text",
            fmt::format(R"({{"thread":"t-{}","kind":"comment","base":0,"from":0,"to":1,"body":"Why?"}})",
                        below(9)));
    default:
        return write(actor, stream, fmt::format(R"([{{"insert":"Word {}\n"}}])", below(99)));
    }
}

void RandomHistory::about_sites(const Actor& actor, const std::string& proposal) {
    const std::string stream = "sites" + proposal.substr(proposal.find('/'));
    const std::string site = fmt::format(R"({{"site":"s-{}")", below(4));
    const std::string audience = one_of({"town", "partners"});
    switch (below(6)) {
    case 0:
    case 1:
        return send(actor, stream, "record_site", fmt::format(R"({},"audience":"{}"}})", site, audience));
    case 2:
    case 3:
        return send(actor, stream, "describe_site",
                    fmt::format(R"({},"audience":"{}","name":"Place {}","kind":"bridge"}})", site, audience,
                                below(9)));
    case 4:
        return send(actor, stream, one_of({"share_site", "withdraw_site"}), site + "}");
    default:
        return send(actor, stream, one_of({"remove_site", "erase_site", "share_site"}), site + "}");
    }
}

void RandomHistory::about_content(const Actor& actor, const std::string& stream) {
    switch (below(10)) {
    case 0:
        return send(actor, stream, "edit_proposal", fmt::format(R"({{"title":"Title {}"}})", below(99)));
    case 1:
        return send(actor, stream, "edit_proposal",
                    chance(25) ? R"({"summary":null})"
                               : fmt::format(R"({{"summary":"Summary \"{}\"\n"}})", below(99)));
    case 2:
        return send(actor, stream, "edit_proposal",
                    R"({"sectors":["water_supply","culture"],"summary":"S"})");
    case 3:
        return send(actor, stream, "add_partner", fmt::format(R"({{"municipality":"{}"}})", towns[below(5)]));
    case 4:
        return send(actor, stream, "remove_partner",
                    fmt::format(R"({{"municipality":"{}"}})", towns[below(5)]));
    case 5:
    case 6:
        return send(
            actor, stream, "set_budget_line",
            fmt::format(R"({{"line":"l-{}","category":"staff","partner":"{}","description":"D","amount":{},)"
                        R"("currency":"{}","invented":{}}})",
                        below(4), towns[below(5)], below(900), one_of({"EUR", "EUR", "HUF"}), chance(20)));
    case 7:
        return send(actor, stream, "set_funding_source",
                    fmt::format(R"({{"source":"s-{}","name":"N","kind":"grant","amount":{},"currency":"{}",)"
                                R"("status":"{}","invented":false}})",
                                below(3), below(900), one_of({"EUR", "UAH"}),
                                one_of({"planned", "confirmed"})));
    case 8:
        return send(actor, stream, "set_indicator",
                    fmt::format(R"({{"indicator":"i-{}","name":"N","unit":"%",{}"invented":{}}})", below(3),
                                chance(50) ? R"("baseline":11,"target":60,)" : "", chance(20)));
    default:
        send(actor, stream, "remove_budget_line", fmt::format(R"({{"line":"l-{}"}})", below(4)));
        send(actor, stream, "remove_funding_source", fmt::format(R"({{"source":"s-{}"}})", below(3)));
        return send(actor, stream, "remove_indicator", fmt::format(R"({{"indicator":"i-{}"}})", below(3)));
    }
}

} // namespace mosty::test
