#include "domain/codec/command.hpp"
#include "domain/domain.hpp"
#include "server/demo/scenario.hpp"
#include "server/sequencing/sha256.hpp"
#include "server/tools/register_rows.hpp"
#include "tests/server/register_shared_data.hpp"

#include <boost/json.hpp>
#include <catch2/catch.hpp>
#include <simdjson.h>

#include <chrono>
#include <cmath>
#include <fstream>
#include <map>
#include <set>
#include <sstream>

using namespace mosty;
using demo::ScenarioCommand;

namespace json = boost::json;

namespace {

constexpr std::int64_t day_ms = 86'400'000;
// 2026-11-22T10:00:00Z
constexpr std::int64_t some_day_ms = 1'795'341'600'000;

PartialDate date_of(std::int64_t at_ms) {
    const std::chrono::sys_time<std::chrono::milliseconds> moment{std::chrono::milliseconds(at_ms)};
    const std::chrono::year_month_day date(std::chrono::floor<std::chrono::days>(moment));
    return {static_cast<int>(date.year()), static_cast<int>(static_cast<unsigned>(date.month())),
            static_cast<int>(static_cast<unsigned>(date.day()))};
}

// All streams in memory, moved by decide and apply as the sequencer moves them.
class Programme {
public:
    // Gives the command and applies its events; answers how many there were.
    Result<std::size_t, Rejection> give(const ScenarioCommand& command) {
        const StreamId stream(command.stream);
        const auto parsed = codec::parse_command(command.name, parser_.parse(command.data_json).value());
        if (!parsed)
            return std::unexpected(parsed.error());
        if (!domain::kind_of(stream))
            return std::unexpected(Rejection{RejectionCode::wrong_stream, "no stream", {}, {}});

        domain::State& own = states_.try_emplace(stream, domain::initial_state(stream)).first->second;
        std::vector<Context::Other> others;
        for (const StreamId& other : domain::reads(own, stream, *parsed)) {
            const auto found = states_.find(other);
            if (found != states_.end())
                others.push_back({other, &found->second});
        }
        const Context context{.now_ms = command.at_ms,
                              .today = date_of(command.at_ms),
                              .actor = actor(command.actor),
                              .others = others,
                              .sha256_hex = sequencing::sha256_hex};
        const auto events = domain::decide(own, context, stream, *parsed);
        if (!events)
            return std::unexpected(events.error());
        for (const domain::Event& event : *events)
            domain::apply(own, event,
                          {EventId("e-" + std::to_string(++event_count_)), domain::revision_of(own) + 1,
                           command.at_ms, ActorId(command.actor)});
        return events->size();
    }

    template <class State>
    std::vector<const State*> all() const {
        std::vector<const State*> found;
        for (const auto& [stream, state] : states_)
            if (const auto* one = std::get_if<State>(&state))
                found.push_back(one);
        return found;
    }

    template <class State>
    const State& one(const std::string& stream) const {
        return std::get<State>(states_.at(StreamId(stream)));
    }

private:
    Actor actor(const std::string& id) const {
        const auto found = states_.find(StreamId("person/" + id));
        if (found == states_.end() || domain::revision_of(found->second) == 0)
            return {ActorId(id), OrganisationId("cemr"), Role::service}; // the loader registers itself
        const person::Profile& profile = std::get<person::State>(found->second).profile;
        return {ActorId(id), profile.organisation, profile.role};
    }

    simdjson::dom::parser parser_;
    std::map<StreamId, domain::State> states_;
    std::size_t event_count_ = 0;
};

Programme whole_programme() {
    Programme programme;
    for (const ScenarioCommand& command : demo::load_scenario(some_day_ms)) {
        const auto given = programme.give(command);
        if (!given)
            FAIL(command.id << " " << command.name << ": " << given.error().sentence << " ["
                            << given.error().field << "]");
        if (*given == 0)
            FAIL(command.id << " changes nothing");
    }
    return programme;
}

template <class States, class Condition>
std::size_t count(const States& states, Condition condition) {
    return static_cast<std::size_t>(
        std::count_if(states.begin(), states.end(), [&](const auto* state) { return condition(*state); }));
}

const partnership::Proposed& proposed(const partnership::State& state) {
    return std::get<partnership::Proposed>(state.trail.facts().front().data);
}

// What the source's coordinate is in units of 1/100,000 of a degree.
std::int64_t e5(const json::value& degrees) {
    return std::llround(degrees.to_number<double>() * 100'000);
}

} // namespace

TEST_CASE("every command of the demo is accepted and changes something", "[demo]") {
    const Programme programme = whole_programme();

    REQUIRE(programme.all<proposal::State>().size() == 5);
}

TEST_CASE("the demo has thirty real partnerships and one that waits", "[demo]") {
    const Programme programme = whole_programme();

    REQUIRE(programme.all<partnership::State>().size() == 31);
    std::size_t real = 0;
    for (const partnership::State* state : programme.all<partnership::State>()) {
        const bool active = state->standing.status == partnership::Status::active;
        REQUIRE(active == proposed(*state).confidence.has_value());
        if (active)
            ++real;
        else
            REQUIRE(proposed(*state).note->starts_with("Invented for the demo"));
    }
    REQUIRE(real == 30);
}

TEST_CASE("the demo's proposals stand at different points of their way", "[demo]") {
    const Programme programme = whole_programme();
    const auto standing = [&programme](const std::string& id) {
        return programme.one<proposal::State>("proposal/" + id).standing;
    };

    REQUIRE(standing("byshiv-bacsalmas_water").status == proposal::Status::draft);
    REQUIRE(standing("fastiv-druskininkai_rehabilitation").status == proposal::Status::draft);
    REQUIRE(standing("novyi-bilous-kekava_nb-2-0").status == proposal::Status::in_approval);
    REQUIRE(standing("novyi-bilous-kekava_nb-2-0").approved.eu);
    REQUIRE_FALSE(standing("novyi-bilous-kekava_nb-2-0").approved.ua);
    REQUIRE(standing("vasylkiv-sundbyberg_youth").status == proposal::Status::approved);
    REQUIRE(standing("kremenchuk-donostia_heat").status == proposal::Status::submitted);
    REQUIRE(standing("kremenchuk-donostia_heat").version == 2);
}

TEST_CASE("the demo's visits are told as far as they are known", "[demo]") {
    const Programme programme = whole_programme();
    const auto visits = programme.all<visit::State>();
    const auto with = [&visits](visit::Status status) {
        return count(visits, [status](const auto& visit) { return visit.standing.status == status; });
    };

    REQUIRE(visits.size() == 26);
    REQUIRE(with(visit::Status::held) + with(visit::Status::reported) == 19);
    REQUIRE(with(visit::Status::planned) == 2);   // each waits for one side
    REQUIRE(with(visit::Status::confirmed) == 4); // one to come, three of which no report gives dates
    REQUIRE(with(visit::Status::postponed) == 1);
}

TEST_CASE("everybody in the demo is invented and named by an opaque id", "[demo]") {
    const Programme programme = whole_programme();
    std::set<std::string> ids;
    for (const ScenarioCommand& command : demo::load_scenario(some_day_ms))
        if (command.name == "register_person")
            ids.insert(command.stream);

    for (const person::State* state : programme.all<person::State>())
        REQUIRE(state->profile.invented);
    for (const std::string& id : ids)
        REQUIRE((id == "person/service-demo" || (id.starts_with("person/u-") && id.size() == 15)));
}

TEST_CASE("no amount in the demo is passed off as real", "[demo]") {
    const Programme programme = whole_programme();

    for (const proposal::State* state : programme.all<proposal::State>()) {
        for (const auto& [id, line] : state->content.budget)
            REQUIRE(line.invented);
        for (const auto& [id, source] : state->content.sources)
            REQUIRE(source.invented);
        for (const auto& [id, indicator] : state->content.indicators)
            REQUIRE(indicator.invented != indicator.source.has_value());
    }
}

TEST_CASE("the demo's times never go back and never lie ahead", "[demo]") {
    std::set<std::string> ids;
    std::int64_t before = 0;
    for (const ScenarioCommand& command : demo::load_scenario(some_day_ms)) {
        REQUIRE(command.at_ms >= before);
        REQUIRE(command.at_ms < some_day_ms - day_ms / 2);
        before = command.at_ms;
        REQUIRE(command.id.size() >= 8);
        REQUIRE(ids.insert(command.id).second);
    }
}

TEST_CASE("days in the demo count from the day of loading", "[demo]") {
    const auto now = demo::load_scenario(some_day_ms);
    const auto later = demo::load_scenario(some_day_ms + 3 * day_ms);

    REQUIRE(now.size() == later.size());
    const auto is_coming = [](const ScenarioCommand& command) {
        return command.stream == "visit/byshiv-bacsalmas_waterworks" && command.name == "plan_visit";
    };
    const auto one = std::find_if(now.begin(), now.end(), is_coming);
    const auto other = std::find_if(later.begin(), later.end(), is_coming);
    REQUIRE(one->data_json.contains(R"("from":"2026-12-04","to":"2026-12-06")"));
    REQUIRE(other->data_json.contains(R"("from":"2026-12-07","to":"2026-12-09")"));
    REQUIRE(other->at_ms - one->at_ms == 3 * day_ms);
    REQUIRE(one->id == other->id);
    REQUIRE(demo::scenario_text().contains("$days"));
    for (const ScenarioCommand& command : now)
        REQUIRE_FALSE(command.data_json.contains("$days"));
    REQUIRE(demo::load_scenario(0).size() == now.size());
}

TEST_CASE("the demo's towns are what the import of the registers would give", "[demo][data]") {
    const auto data = shared_data();
    if (!data)
        return;
    std::map<std::string, std::string> imported;
    for (const auto* name : {"hromadas.csv", "eu-municipalities.csv.gz"}) {
        auto reader = tools::RegisterReader::open(tools::open_bytes(*data / name).value());
        for (auto next = reader->next(); next.has_value() && next->has_value(); next = reader->next())
            imported.emplace((*next)->stream, (*next)->data_json);
    }

    for (const ScenarioCommand& command : demo::load_scenario(some_day_ms))
        if (command.name == "register_municipality" && command.stream != "municipality/UA-pervomaisk")
            REQUIRE(imported.at(command.stream) == command.data_json);
}

TEST_CASE("the demo's pairs agree with the collected facts", "[demo][data]") {
    const auto data = shared_data();
    if (!data)
        return;
    std::ostringstream text;
    text << std::ifstream(*data / "bridges-of-trust-facts.json").rdbuf();
    const json::value facts = json::parse(text.str());
    const Programme programme = whole_programme();

    std::set<std::pair<std::string, std::string>> pairs;
    for (const partnership::State* state : programme.all<partnership::State>())
        pairs.emplace(state->standing.ua.text(), state->standing.eu.text());

    const auto check = [&](const json::object& town, std::string_view code_member,
                           std::string_view population_member) -> std::string {
        if (town.at(code_member).is_null())
            return "UA-pervomaisk";
        const std::string code(town.at(code_member).as_string());
        const auto& row = programme.one<municipality::State>("municipality/" + code).row;
        REQUIRE(row.country == std::string(town.at("country").as_string()));
        REQUIRE(row.population == town.at(population_member).as_int64());
        REQUIRE(row.lat_e5.has_value() == !town.at("lat").is_null());
        if (row.lat_e5) {
            REQUIRE(*row.lat_e5 == e5(town.at("lat")));
            REQUIRE(*row.lon_e5 == e5(town.at("lon")));
        }
        return code;
    };
    std::size_t found = 0;
    for (const json::value& fact : facts.as_array()) {
        const json::object& row = fact.as_object();
        if (row.at("kind") != "pair")
            continue;
        const std::string ua = check(row.at("ua").as_object(), "katottg", "population_2022");
        const std::string eu = check(row.at("eu").as_object(), "gisco_id", "population_2020");
        REQUIRE(pairs.contains({ua, eu}));
        const std::string id = std::string(row.at("id").as_string()).substr(std::string("pair-").size());
        const auto& state = programme.one<partnership::State>("partnership/" + id);
        REQUIRE(state.standing.ua.text() == ua);
        REQUIRE(to_string(*proposed(state).confidence) == std::string(row.at("confidence").as_string()));
        ++found;
    }
    REQUIRE(found == 30);
}
