#include "server/access/may_read.hpp"
#include "server/core/question_rights.hpp"
#include "server/http/message.hpp"
#include "server/http/questions.hpp"
#include "server/realtime/hub.hpp"
#include "storage/memory/memory_view_store.hpp"
#include "tests/domain/rights_table.hpp"
#include "tests/server/desk.hpp"

#include <boost/json.hpp>
#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace json = boost::json;
using namespace mosty;
using namespace mosty::test;
using realtime::parse_topic;
using realtime::TopicKind;

namespace {

// A log with what the questions are about, folded, and the people of the columns.
class Hall {
public:
    explicit Hall(const std::vector<std::string>& columns) {
        for (const auto id : {"UA1", "HU1", "LT1", "AT1"})
            desk_.say(fmt::format("municipality/{}", id), "register_municipality", town(id, 1));
        person("u-other", "cemr", Role::expert);
        const std::string_view towns[] = {"UA1", "HU1", "LT1", "AT1"};
        for (const std::string& column : columns) {
            const auto role = from_word<Role>(column);
            readers.push_back("u-nobody");
            if (!role)
                continue;
            const auto number = readers.size() - 1;
            readers.back() = fmt::format("u-{}", number);
            person(readers.back(), acts_for_municipality(*role) ? towns[number / 2] : "cemr", *role);
        }
        desk_.say("partnership/p-1", "propose_partnership", R"({"ua":"UA1","eu":"HU1"})");
        for (const auto side : {"ua", "eu"})
            desk_.say("partnership/p-1", "accept_partnership", fmt::format(R"({{"side":"{}"}})", side));
        desk_.say("visit/p-1_v1", "plan_visit",
                  R"({"partnership":"p-1","title":"t","host":"ua","kind":"meeting","from":"2027"})");
        desk_.say("proposal/p-1_x1", "draft_proposal", R"({"partnership":"p-1","title":"t"})", "u-0");
        desk_.say("proposal/p-1_x1", "add_partner", R"({"municipality":"LT1"})", "u-0");
        desk_.settle();
        std::vector<projections::Change> changes;
        for (const auto& committed : desk_.committed) {
            projector_.fold(committed.position, committed.entry, changes);
            directory_.fold(committed.entry);
        }
        REQUIRE(projector_.commit().has_value());
        const auto audience = projector_.audience("proposal/p-1_x1");
        REQUIRE((audience && *audience && (*audience)->partners.size() == 3));
    }

    std::vector<std::string> readers; // by column

    // The code of the problem; empty when the question is answered.
    std::string answer(const std::string& reader, std::string question) {
        if (const auto self = question.find("self"); self != std::string::npos)
            question.replace(self, 4, reader);
        const auto rest = [&](std::string_view start) {
            return question.starts_with(start) ? std::optional(question.substr(start.size())) : std::nullopt;
        };
        if (const auto topic = rest("follow "))
            return follow(reader, *topic);
        if (const auto text = rest("POST /v1/clients "))
            return asked(reader, core::WriterQuestion{StreamId(*text)});
        if (const auto whose = rest("export of "))
            return asked(reader, core::ExportQuestion{.actor = ActorId(*whose), .from = 0});
        const auto target = rest("GET ");
        REQUIRE(target);
        auto parsed = http::parse_target(*target);
        REQUIRE(parsed);
        http::Request request;
        request.method = "GET";
        request.path = parsed->path;
        request.query = parsed->query;
        const auto of_request = http::question_of(request);
        REQUIRE((of_request && of_request->has_value()));
        return asked(reader, **of_request);
    }

    std::set<std::size_t> questions_asked;

private:
    void person(const std::string& id, std::string_view organisation, Role role) {
        desk_.say("person/" + id, "register_person",
                  fmt::format(R"({{"name":"N","organisation":"{}","role":"{}","language":"en"}})",
                              organisation, to_string(role)));
    }

    std::string asked(const std::string& id, const core::Question& question) {
        questions_asked.insert(question.index());
        std::optional<Actor> reader;
        if (const auto* known = directory_.find(ActorId(id)))
            reader = Actor{ActorId(id), known->profile.organisation, known->profile.role};
        const auto refused = core::refusal_of(reader, question, projector_);
        REQUIRE(refused.has_value());
        return *refused ? (*refused)->code : "";
    }

    std::string follow(const std::string& id, const std::string& topic) {
        realtime::Hub hub(projector_, directory_, "00000000000000000000000000000000", {});
        hub.open(1, ActorId(id), std::make_shared<realtime::OutboxMeter>());
        hub.take_deliveries();
        hub.follow(1, {.topic = topic, .cursor = {}, .limit = 1});
        const auto told = hub.take_deliveries();
        if (told.empty()) { // a text is read by a worker
            REQUIRE(hub.take_text_reads().size() == 1);
            return {};
        }
        const auto frame = json::parse("[" + *told.front().frame + "]").at(0);
        REQUIRE_FALSE(hub.fault());
        REQUIRE((frame.at("type") == "snapshot" || frame.at("type") == "error"));
        if (frame.at("type") == "snapshot")
            return {};
        CHECK(hub.subscriptions() == 0);
        return std::string(frame.at("problem").at("code").as_string());
    }

    Desk desk_;
    storage::MemoryViewStore store_;
    projections::Projector projector_{store_};
    access::Directory directory_;
};

std::string letter_of(const std::string& code) {
    return code.empty()              ? "y"
           : code == "may_not_read"  ? "n"
           : code == "not_allowed"   ? "a"
           : code == "unknown_event" ? "e"
           : code == "unknown_topic" ? "k"
           : code == "not_signed_in" ? "s"
                                     : code;
}

} // namespace

TEST_CASE("everybody may read what the table of rights says, and nothing else", "[access][rights]") {
    const RightsTable table = read_rights("rights_reading.txt");
    Hall hall(table.columns);
    for (const auto& row : table.rows)
        for (std::size_t i = 0; i < table.columns.size(); ++i) {
            INFO(row.what << " by a " << table.columns[i] << ", " << hall.readers[i]);
            CHECK(letter_of(hall.answer(hall.readers[i], row.what)) == row.cells[i]);
        }
    // Every kind of question stands there.
    CHECK(hall.questions_asked.size() == std::variant_size_v<core::Question>);
}

TEST_CASE("the table of readings misses no topic, by neither way, and no role", "[access][rights]") {
    const RightsTable table = read_rights("rights_reading.txt");
    std::set<TopicKind> followed;
    std::set<TopicKind> asked;
    for (const auto& row : table.rows)
        for (const std::string_view way : {"follow ", "GET /v1/views/", "GET /v1/lists/", "GET /v1/texts/"})
            if (row.what.starts_with(way)) {
                std::string name = row.what.substr(way.size());
                name = (way == "GET /v1/texts/" ? "text/" : "") + name.substr(0, name.find('?'));
                for (const std::string_view aspect : {"/authors", "/bursts"})
                    if (name.ends_with(aspect))
                        name.resize(name.size() - aspect.size());
                REQUIRE(parse_topic(name));
                (way == "follow " ? followed : asked).insert(parse_topic(name)->kind);
            }
    // municipalities is the last kind.
    constexpr auto kinds = static_cast<std::size_t>(TopicKind::municipalities) + 1;
    CHECK(followed.size() == kinds);
    CHECK(asked.size() == kinds);
    std::set<Role> roles;
    for (const std::string& column : table.columns)
        if (const auto role = from_word<Role>(column))
            roles.insert(*role);
    CHECK(roles.size() == WordsOf<Role>::words.size());
}

TEST_CASE("nobody of a town reads what every town does by calling theirs all", "[access]") {
    const Actor officer{ActorId{"u-1"}, OrganisationId{"all"}, Role::officer};
    // Municipalities' ids come from registers; none is called so. Should one be, its people gain nothing.
    for (const auto name : {"visits/all", "proposals/all", "feed/all"}) {
        INFO(name);
        REQUIRE_FALSE(access::may_read(officer, *parse_topic(name), nullptr));
    }
}

TEST_CASE("only well-formed names are topics", "[topic]") {
    for (const auto name :
         {"", "town", "towns/", "towns/all", "directory/x", "visit", "visit/", "visit/a/b", "visit/ä",
          "visit/a b", "Visit/a", "feed", "feeds/all", "/", "person/u-1", "municipality/UA1"}) {
        INFO(name);
        REQUIRE_FALSE(parse_topic(name).has_value());
    }
    REQUIRE_FALSE(parse_topic("visit/" + std::string(65, 'x')).has_value());
    REQUIRE(parse_topic("visit/" + std::string(64, 'x')).has_value());
}
