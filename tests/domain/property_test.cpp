#include "causes.hpp"
#include "domain/codec/entry.hpp"
#include "seed.hpp"
#include "world.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

using namespace mosty;
using namespace mosty::test;

namespace {

template <class T>
const T& any_of(std::mt19937_64& random, const std::vector<T>& choices) {
    return choices[random() % choices.size()];
}

const std::vector<Actor> actors{ua_officer,
                                ua_officer,
                                eu_officer,
                                ua_mayor,
                                eu_mayor,
                                secretariat,
                                service,
                                officer_of(third_town),
                                acting_as(Role::expert)};

std::string any_day(std::mt19937_64& random) {
    return any_of<std::string>(random,
                               {"2026", "2026-11", "2026-11-20", "2026-11-22", "2026-12", "2025-02-28"});
}

// The id of any event recorded in the stream, or of none.
std::string any_event(std::mt19937_64& random, const World& world, std::string_view stream) {
    std::vector<std::string> ids{"e-0"};
    for (const std::string& bytes : world.entries()) {
        const auto envelope = codec::decode_envelope(bytes);
        if (envelope->stream.text() == stream)
            ids.push_back(envelope->id.text());
    }
    return any_of(random, ids);
}

std::string any_correction(std::mt19937_64& random, const World& world, std::string_view stream) {
    const std::string rest = any_of<std::string>(
        random,
        {R"(,"retracted":true)", R"(,"retracted":true)", R"(,"fact_reason":"another")", R"(,"source":"b")",
         fmt::format(R"(,"on":"{}")", any_day(random)), fmt::format(R"(,"from":"{}")", any_day(random)),
         R"(,"lead":"eu")", R"(,"answer":"rejected")", R"(,"note":"n")"});
    return fmt::format(R"({{"corrects":"{}","reason":"a slip"{}}})", any_event(random, world, stream), rest);
}

// Sends a command of any kind, most often one that makes sense to somebody at some time.
std::string send_any(std::mt19937_64& random, World& world) {
    const std::string day = any_day(random);
    const std::string number = std::to_string(random() % 3);
    const std::string town = any_of<std::string>(random, {"LT_21", "AT_10101", "HU_10719"});
    const std::string reasoned = R"({"reason":"a reason"})";
    const std::string versioned = fmt::format(R"({{"version":{},"reason":"a reason"}})", 1 + random() % 2);
    const std::string version = fmt::format(R"({{"version":{}}})", 1 + random() % 2);
    const std::string needs = "text/proposal/p-1_x1/needs";
    const std::string change = any_of<std::string>(
        random, {R"([{"insert":"міст "}])", R"([{"retain":1},{"insert":"🌉"}])", R"([{"delete":1}])",
                 R"([{"retain":1},{"delete":2}])", R"([{"retain":4,"attributes":{"bold":true}}])",
                 R"([{"delete":6}])", R"([{"retain":2},{"insert":"\n","attributes":{"header":1}}])"});
    struct Wish {
        std::string stream, command, data;
    };
    const std::vector<Wish> wishes{
        {"partnership/p-" + number, "propose_partnership",
         fmt::format(R"({{"ua":"{}","eu":"{}","sectors":["youth"]}})", ua_town, eu_town)},
        {"partnership/p-" + number, "accept_partnership", fmt::format(R"({{"on":"{}"}})", day)},
        {"partnership/p-" + number, "accept_partnership", R"({"side":"ua"})"},
        {"partnership/p-" + number, "decline_partnership", reasoned},
        {"partnership/p-" + number, "withdraw_partnership", reasoned},
        {"partnership/p-" + number, "end_partnership", fmt::format(R"({{"on":"{}","reason":"over"}})", day)},
        {"partnership/p-" + number, "correct_partnership",
         any_correction(random, world, "partnership/p-" + number)},
        {"visit/p-1_v1", "plan_visit",
         fmt::format(R"({{"partnership":"p-1","title":"t","host":"eu","kind":"meeting","from":"{}"}})", day)},
        {"visit/p-1_v1", "confirm_visit", "{}"},
        {"visit/p-1_v1", "postpone_visit", fmt::format(R"({{"from":"{}","reason":"rain"}})", day)},
        {"visit/p-1_v1", "cancel_visit", reasoned},
        {"visit/p-1_v1", "hold_visit", fmt::format(R"({{"from":"{}","participants_ua":3}})", day)},
        {"visit/p-1_v1", "report_visit", R"({"summary":"s","lessons":["l"]})"},
        {"visit/p-1_v1", "correct_visit", any_correction(random, world, "visit/p-1_v1")},
        {"visit/p-1_v1", "correct_visit", any_correction(random, world, "visit/p-1_v1")},
        {"proposal/p-1_x1", "draft_proposal",
         R"({"partnership":"p-1","title":"t","sectors":["youth"],"summary":"s"})"},
        {"proposal/p-1_x1", "edit_proposal", fmt::format(R"({{"title":"t{}","summary":null}})", number)},
        {"proposal/p-1_x1", "edit_proposal", R"({"summary":"Води"})"},
        {"proposal/p-1_x1", "add_partner", fmt::format(R"({{"municipality":"{}"}})", town)},
        {"proposal/p-1_x1", "remove_partner", fmt::format(R"({{"municipality":"{}"}})", town)},
        {"proposal/p-1_x1", "set_budget_line",
         fmt::format(R"({{"line":"b-{}","category":"staff","partner":"{}","description":"d","amount":{},)"
                     R"("currency":"EUR"}})",
                     number, town, random() % 9)},
        {"proposal/p-1_x1", "remove_budget_line", fmt::format(R"({{"line":"b-{}"}})", number)},
        {"proposal/p-1_x1", "ask_approval", "{}"},
        {"proposal/p-1_x1", "ask_approval", "{}"},
        {"proposal/p-1_x1", "approve_proposal", version},
        {"proposal/p-1_x1", "approve_proposal", version},
        {"proposal/p-1_x1", "return_proposal", versioned},
        {"proposal/p-1_x1", "withdraw_approval", versioned},
        {"proposal/p-1_x1", "submit_proposal", fmt::format(R"({{"version":1,"funder":"f","on":"{}"}})", day)},
        {"proposal/p-1_x1", "record_answer", fmt::format(R"({{"answer":"granted","on":"{}"}})", day)},
        {"proposal/p-1_x1", "correct_proposal", any_correction(random, world, "proposal/p-1_x1")},
        {"proposal/p-1_x1", "correct_proposal", any_correction(random, world, "proposal/p-1_x1")},
        {needs, "edit_text",
         fmt::format(R"({{"client":"k-{}","sequence":{},"base":{},"change":{}}})", number, 1 + random() % 3,
                     random() % 5, change)},
        {needs, "edit_text",
         fmt::format(R"({{"client":"k-form","sequence":{},"base":{},"change":{}}})", 2 + random() % 4,
                     random() % 9, change)},
        {needs, "comment_text",
         fmt::format(R"({{"thread":"t-{}","kind":"{}","base":{},"from":{},"to":{},"body":"Чому?"}})", number,
                     random() % 2 ? "comment" : "advice", random() % 5, random() % 3, 1 + random() % 5)},
        {needs, "reply_in_text", fmt::format(R"({{"thread":"t-{}","body":"Тому."}})", number)},
        {needs, "resolve_thread", fmt::format(R"({{"thread":"t-{}"}})", number)},
        {needs, "reopen_thread", fmt::format(R"({{"thread":"t-{}"}})", number)},
        {needs, "answer_advice", fmt::format(R"({{"thread":"t-{}","answer":"accepted"}})", number)},
        {needs, "suggest_in_text",
         fmt::format(R"({{"suggestion":"s-{}","base":{},"change":{}}})", number, random() % 5, change)},
        {needs, "accept_suggestion", fmt::format(R"({{"suggestion":"s-{}"}})", number)},
        {needs, "decline_suggestion", fmt::format(R"({{"suggestion":"s-{}"}})", number)},
        {needs, "name_text_version",
         fmt::format(R"({{"version":"v-{}","name":"n","revision":{}}})", number, random() % 5)},
        {needs, "restore_text", fmt::format(R"({{"revision":{}}})", random() % 9)},
        {"sites/p-1_x1", "record_site", fmt::format(R"({{"site":"s-{}","audience":"town"}})", number)},
        {"sites/p-1_x1", "describe_site",
         fmt::format(R"({{"site":"s-{}","audience":"{}","name":"n{}","kind":"bridge"}})", number,
                     random() % 2 ? "town" : "partners", random() % 3)},
        {"sites/p-1_x1", "share_site", fmt::format(R"({{"site":"s-{}"}})", number)},
        {"sites/p-1_x1", "withdraw_site", fmt::format(R"({{"site":"s-{}"}})", number)},
        {"sites/p-1_x1", random() % 2 ? "remove_site" : "erase_site",
         fmt::format(R"({{"site":"s-{}"}})", number)},
    };
    const Wish& wish = any_of(random, wishes);
    const std::string before = shown(world.state(wish.stream));
    const std::size_t recorded = world.entries().size();
    const std::string answer = world.send(any_of(random, actors), wish.stream, wish.command, wish.data);
    if (world.entries().size() == recorded)
        REQUIRE(shown(world.state(wish.stream)) == before);
    return wish.stream;
}

void check_rules(const proposal::State& state) {
    if (!state.exists())
        return;
    REQUIRE(state.content.partners.size() >= 2);
    REQUIRE(state.content.partners[0] == state.towns.ua);
    REQUIRE(state.content_revision <= state.revision);
    REQUIRE(state.standing.version <= state.versions_named);
    for (const auto& [id, line] : state.content.budget) {
        REQUIRE(line.id == id);
        REQUIRE(std::ranges::find(state.content.partners, line.partner) != state.content.partners.end());
    }
    const bool both = state.standing.approved.ua && state.standing.approved.eu;
    REQUIRE((state.standing.status == proposal::Status::draft) == (state.standing.version == 0));
    if (state.standing.status == proposal::Status::in_approval)
        REQUIRE_FALSE(both);
    if (state.standing.status > proposal::Status::in_approval)
        REQUIRE(both);
    if (!state.is_locked())
        return;
    // What is locked is what the request named.
    const proposal::ApprovalAsked* asked = nullptr;
    for (const auto& fact : state.trail.facts())
        if (const auto* one = std::get_if<proposal::ApprovalAsked>(&fact.data); one && !fact.retracted)
            asked = one;
    REQUIRE(asked);
    REQUIRE(asked->version == state.standing.version);
    REQUIRE(asked->content_revision == static_cast<std::int64_t>(state.content_revision));
}

void check_rules(const partnership::State& state) {
    if (!state.exists())
        return;
    const bool both = state.standing.accepted.ua && state.standing.accepted.eu;
    const auto status = state.standing.status;
    if (status == partnership::Status::active || status == partnership::Status::ended)
        REQUIRE(both);
    else
        REQUIRE_FALSE(both);
}

void check_rules(const visit::State& state) {
    if (!state.exists())
        return;
    const bool both = state.standing.confirmed.ua && state.standing.confirmed.eu;
    if (state.standing.status == visit::Status::confirmed)
        REQUIRE(both);
    if (state.standing.status == visit::Status::planned)
        REQUIRE_FALSE(both);
}

void check_rules(const text::State& state) {
    REQUIRE(state.recent.size() <= text::recent_changes_max);
    const std::size_t length = state.content.length();
    REQUIRE(state.content.text(length - 1, length) == u"\n");
    for (const auto& [id, thread] : state.threads) {
        REQUIRE(thread.anchor.range.to <= length);
        REQUIRE(thread.anchor.orphaned == thread.anchor.range.is_empty());
    }
    for (const auto& [id, suggestion] : state.suggestions)
        REQUIRE_FALSE(state.content.misfit(suggestion.change).has_value());
}

void check_rules(const sites::State& state) {
    for (const auto& [id, site] : state.sites)
        if (site.erased)
            REQUIRE_FALSE(site.description.has_value());
}

void check_rules(const municipality::State&) {}
void check_rules(const person::State&) {}

} // namespace

TEST_CASE("whatever is sent, states keep their rules, and replay equals what was lived", "[property]") {
    const auto by_hand = causes_by_hand();
    for_each_seed(40, [&](std::mt19937_64& random) {
        World world = World::with_partners();
        for (int i = 0; i < 250; ++i) {
            const auto& own = std::get<proposal::State>(world.state("proposal/p-1_x1"));
            if (own.exists() && !own.is_locked() &&
                !domain::revision_of(world.state("text/proposal/p-1_x1/risks")))
                world.write_sections(service, "proposal/p-1_x1");
            const std::string touched = send_any(random, world);
            std::visit([](const auto& entity) { check_rules(entity); }, world.state(touched));
        }

        for (const CausePair& pair : causes_in(world)) {
            INFO(pair.first << " was led to by " << pair.second);
            REQUIRE(is_allowed(by_hand, pair));
        }

        std::map<std::string, domain::State> replayed;
        for (const std::string& bytes : world.entries()) {
            const auto entry = codec::decode_entry(bytes);
            REQUIRE(entry.has_value());
            REQUIRE(codec::encode_entry(entry->envelope, entry->event) == bytes);
            const StreamId& stream = entry->envelope.stream;
            auto& state = replayed.try_emplace(stream.text(), domain::initial_state(stream)).first->second;
            state = domain::evolve(std::move(state), entry->event, entry->envelope.recorded());
        }
        for (const auto& [stream, state] : replayed)
            REQUIRE(shown(state) == shown(world.state(stream)));
    });
}
