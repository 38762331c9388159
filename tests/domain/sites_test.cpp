#include "domain/codec/sealing_owners.hpp"
#include "domain/sites/view.hpp"
#include "world.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

using namespace mosty;
using namespace mosty::test;

namespace {

const std::string stream = "sites/p-1_x1";

World with_proposal() {
    World world = World::with_partners();
    world.given(ua_officer, "proposal/p-1_x1", "draft_proposal",
                R"({"partnership":"p-1","title":"Water","sectors":["water_supply"]})");
    return world;
}

World with_site() {
    World world = with_proposal();
    world.given(ua_officer, stream, "record_site", R"({"site":"s-1","audience":"town"})");
    world.given(ua_officer, stream, "describe_site",
                R"({"site":"s-1","audience":"town","name":"Station 4","kind":"pumping_station"})");
    return world;
}

const sites::Site& site_in(World& world) {
    return std::get<sites::State>(world.state(stream)).sites.at(sites::SiteId("s-1"));
}

} // namespace

TEST_CASE("a town records a place, and what it is goes into an event of its own", "[sites]") {
    World world = with_proposal();
    CHECK(world.send(ua_officer, stream, "record_site", R"({"site":"s-1","audience":"town"})") ==
          R"(site.recorded {"site":"s-1","side":"ua","audience":"town"})");
    CHECK(world.send(eu_mayor, stream, "record_site", R"({"site":"s-2","audience":"partners"})") ==
          R"(site.recorded {"site":"s-2","side":"eu","audience":"partners"})");
    CHECK(
        world.send(
            ua_mayor, stream, "describe_site",
            R"({"site":"s-1","audience":"town","name":" Station 4 ","kind":"pumping_station","address":"","lat_e5":5021234,"lon_e5":2989876,"serves":4200,"assets":[{"name":"Pump","count":3,"condition":"worn"},{"name":"Roof","condition":"damaged"}]})") ==
        R"(site.described {"site":"s-1","audience":"town","name":"Station 4","kind":"pumping_station","lat_e5":5021234,"lon_e5":2989876,"serves":4200,"assets":[{"name":"Pump","count":3,"condition":"worn"},{"name":"Roof","condition":"damaged"}]})");
}

TEST_CASE("a description that says the same records nothing", "[sites]") {
    World world = with_site();
    CHECK(world.send(ua_officer, stream, "describe_site",
                     R"({"site":"s-1","audience":"town","name":"Station 4","kind":"pumping_station"})") ==
          "nothing");
}

TEST_CASE("nobody's description reaches an audience for which it was not written", "[sites]") {
    World world = with_site();
    world.given(ua_mayor, stream, "share_site", R"({"site":"s-1"})");
    CHECK(world.send(ua_officer, stream, "describe_site",
                     R"({"site":"s-1","audience":"town","name":"Station 5","kind":"pumping_station"})") ==
          "wrong_status audience");
}

TEST_CASE("another audience gets the description anew, each under a key of its own", "[sites]") {
    World world = with_site();
    const auto description = R"("name":"Station 4","kind":"pumping_station"})";
    CHECK(
        world.send(ua_officer, stream, "share_site", R"({"site":"s-1"})") ==
        fmt::format(R"(site.shared {{"site":"s-1"}}; site.described {{"site":"s-1","audience":"partners",{})",
                    description));
    CHECK(codec::sealing_owner(world.entries().back()) == "sites/p-1_x1/s-1:partners");
    CHECK(world.send(ua_officer, stream, "share_site", R"({"site":"s-1"})") == "already_done");
    CHECK(
        world.send(ua_officer, stream, "withdraw_site", R"({"site":"s-1"})") ==
        fmt::format(R"(site.withdrawn {{"site":"s-1"}}; site.described {{"site":"s-1","audience":"town",{})",
                    description));
    CHECK(codec::sealing_owner(world.entries().back()) == "sites/p-1_x1/s-1:town");
    CHECK(world.send(ua_officer, stream, "withdraw_site", R"({"site":"s-1"})") == "already_done");
}

TEST_CASE("a place that nobody has described yet changes its audience all the same", "[sites]") {
    World world = with_proposal();
    world.given(ua_officer, stream, "record_site", R"({"site":"s-1","audience":"town"})");
    CHECK(world.send(ua_officer, stream, "share_site", R"({"site":"s-1"})") ==
          R"(site.shared {"site":"s-1"})");
}

TEST_CASE("what is removed or erased says nothing more", "[sites]") {
    World world = with_site();
    CHECK(world.send(ua_officer, stream, "remove_site", R"({"site":"s-1"})") ==
          R"(site.removed {"site":"s-1"})");
    CHECK_FALSE(site_in(world).description.has_value());
    for (const auto command : {"share_site", "withdraw_site"})
        CHECK(world.send(ua_officer, stream, command, R"({"site":"s-1"})") == "wrong_status");
    CHECK(world.send(ua_officer, stream, "remove_site", R"({"site":"s-1"})") == "already_done");

    CHECK(world.send(ua_mayor, stream, "erase_site", R"({"site":"s-1"})") == R"(site.erased {"site":"s-1"})");
    CHECK_FALSE(site_in(world).description.has_value());
    CHECK(codec::owners_erased(world.entries().back()) ==
          std::vector<std::string>{"sites/p-1_x1/s-1:town", "sites/p-1_x1/s-1:partners"});
    CHECK(world.send(ua_mayor, stream, "erase_site", R"({"site":"s-1"})") == "already_done");
    CHECK(world.send(ua_officer, stream, "describe_site",
                     R"({"site":"s-1","audience":"town","name":"Again","kind":"other"})") == "erased");
    CHECK(world.send(ua_officer, stream, "record_site", R"({"site":"s-1","audience":"town"})") ==
          "already_exists site");
}

TEST_CASE("only an event that erases takes keys away", "[sites]") {
    World world = with_site();
    for (const std::string& entry : world.entries())
        CHECK(codec::owners_erased(entry).empty());
}

TEST_CASE("a description whose key is destroyed changes nothing but the revision", "[sites]") {
    World world = with_proposal();
    world.given(ua_officer, stream, "record_site", R"({"site":"s-1","audience":"town"})");
    world.record(ua_officer, StreamId(stream), sites::Event(sites::Erased{}));
    CHECK(domain::revision_of(world.state(stream)) == 2);
    CHECK(site_in(world).is_there());
}

TEST_CASE("places are bounded, at one time and ever", "[sites]") {
    World world = with_proposal();
    std::size_t recorded = 0;
    const auto record = [&] {
        return world.send(ua_officer, stream, "record_site",
                          fmt::format(R"({{"site":"n-{}","audience":"town"}})", recorded));
    };
    for (; recorded < sites::sites_max; ++recorded)
        REQUIRE(record().starts_with("site.recorded"));
    CHECK(record() == "too_many site");
    for (; recorded < sites::sites_ever_max; ++recorded) {
        world.given(ua_officer, stream, "remove_site",
                    fmt::format(R"({{"site":"n-{}"}})", recorded - sites::sites_max));
        REQUIRE(record().starts_with("site.recorded"));
    }
    world.given(ua_officer, stream, "remove_site", fmt::format(R"({{"site":"n-{}"}})", recorded - 1));
    CHECK(record() == "too_many site");
}

TEST_CASE("bad descriptions are refused, and the field is named", "[sites]") {
    World world = with_site();
    const auto described = [&](std::string_view rest) {
        return world.send(
            ua_officer, stream, "describe_site",
            fmt::format(R"({{"site":"s-1","audience":"town","name":"n","kind":"other",{}}})", rest));
    };
    CHECK(described(R"("lat_e5":5021234)") == "invalid_field lon_e5");
    CHECK(described(R"("lon_e5":5021234)") == "invalid_field lat_e5");
    CHECK(described(R"("lat_e5":9000001,"lon_e5":1)") == "invalid_field lat_e5");
    CHECK(described(R"("assets":[{"name":"Pump"}])") == "invalid_field assets");
    CHECK(described(R"("assets":[{"name":"","condition":"worn"}])") == "invalid_field assets");
    CHECK(described(R"("assets":[{"name":"Pump","condition":"rusty"}])") == "invalid_field assets");
    CHECK(described(R"("assets":["Pump"])") == "malformed assets");
    CHECK(described(fmt::format(R"("note":"{}")", std::string(1'001, 'x'))) == "too_long note");
    std::string assets;
    for (int i = 0; i < 21; ++i)
        assets += fmt::format(R"({}{{"name":"a{}","condition":"worn"}})", i ? "," : "", i);
    CHECK(described(fmt::format(R"("assets":[{}])", assets)) == "too_many assets");
}

TEST_CASE("the names of the three views are exactly those", "[sites]") {
    const auto named = sites::view_named("sites/p-1_x1/partners");
    REQUIRE(named);
    CHECK(named->sites.text() == stream);
    CHECK(named->view == sites::View::partners);
    for (const auto other : {"sites/p-1_x1", "sites/p-1_x1/", "sites/p-1_x1/town", "sites//ua",
                             "sites/x 1/ua", "sites/p-1_x1/ua/ua", "site/x-1/ua", "", "sites/"})
        CHECK_FALSE(sites::view_named(other));
}
