#include "server/access/may_read.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <map>
#include <set>
#include <string>

using namespace mosty;
using realtime::parse_topic;
using realtime::TopicKind;

namespace {

// Every kind of reader, in the order of the table's columns: a person of a town that the entity names as
// its Ukrainian side, its other side, as a partner, a person of another town, and those of the programme.
const std::vector<std::pair<std::string, Actor>> readers = [] {
    std::vector<std::pair<std::string, Actor>> all;
    for (const Role role : {Role::officer, Role::mayor})
        for (const auto town : {"UA1", "HU1", "LT1", "AT1"})
            all.emplace_back(fmt::format("{} of {}", to_string(role), town),
                             Actor{ActorId{"u-1"}, OrganisationId{town}, role});
    for (const Role role :
         {Role::expert, Role::auditor, Role::association, Role::secretariat, Role::funder, Role::service})
        all.emplace_back(to_string(role), Actor{ActorId{"u-1"}, OrganisationId{"cemr"}, role});
    return all;
}();

constexpr std::string_view everybody = "yyyy yyyy yyyyyy";
constexpr std::string_view partners = "yyyn yyyn yyyyyy";
constexpr std::string_view own_town = "ynnn ynnn yyyyyy";
constexpr std::string_view no_town = "nnnn nnnn yyyyyy";

// A row for every kind of topic, with and without the entity behind it, and for lists of one and of all.
const std::map<std::string, std::string_view> rights{
    {"directory", everybody},
    {"towns", everybody},
    {"programme", everybody},
    {"municipalities", everybody},
    {"partnership/p-1", everybody},
    {"visit/v-1", partners},
    {"proposal/x-1", partners},
    {"visit/absent", no_town},
    {"proposal/absent", no_town},
    {"partnerships/all", everybody},
    {"partnerships/UA1", own_town},
    {"visits/all", no_town},
    {"visits/UA1", own_town},
    {"proposals/all", no_town},
    {"proposals/UA1", own_town},
    {"feed/all", no_town},
    {"feed/UA1", own_town},
    {"text/proposal/x-1/needs", partners},
    {"text/proposal/absent/needs", no_town},
};

} // namespace

TEST_CASE("every topic is read by those whom it concerns and by nobody else", "[access]") {
    const projections::Audience audience{"UA1", "HU1", {"UA1", "HU1", "LT1"}};
    for (const auto& [name, row] : rights) {
        const auto topic = parse_topic(name);
        REQUIRE(topic.has_value());
        std::string column{row};
        std::erase(column, ' ');
        REQUIRE(column.size() == readers.size());
        for (std::size_t i = 0; i < readers.size(); ++i) {
            INFO(readers[i].first << " reads " << name);
            const bool has_audience =
                name == "visit/v-1" || name == "proposal/x-1" || name == "text/proposal/x-1/needs";
            REQUIRE(access::may_read(readers[i].second, *topic, has_audience ? &audience : nullptr) ==
                    (column[i] == 'y'));
        }
    }
}

TEST_CASE("the table of rights misses no topic and no role", "[access]") {
    std::set<TopicKind> kinds;
    for (const auto& [name, row] : rights)
        kinds.insert(parse_topic(name)->kind);
    // municipalities is the last kind.
    REQUIRE(kinds.size() == static_cast<std::size_t>(TopicKind::municipalities) + 1);
    std::set<Role> roles;
    for (const auto& [name, reader] : readers)
        roles.insert(reader.role);
    REQUIRE(roles.size() == WordsOf<Role>::words.size());
}

TEST_CASE("nobody of a town reads what every town does by calling theirs all", "[access]") {
    const Actor officer{ActorId{"u-1"}, OrganisationId{"all"}, Role::officer};
    // Municipalities' ids come from registers; none is called so. Should one be, its people gain nothing.
    for (const auto name : {"visits/all", "proposals/all", "feed/all"}) {
        INFO(name);
        REQUIRE_FALSE(access::may_read(officer, *parse_topic(name), nullptr));
    }
}

TEST_CASE("only auditors, the secretariat and services go through all events", "[access]") {
    for (const auto& [name, reader] : readers) {
        INFO(name);
        const bool may =
            reader.role == Role::auditor || reader.role == Role::secretariat || reader.role == Role::service;
        REQUIRE(access::may_read_all_events(reader) == may);
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
