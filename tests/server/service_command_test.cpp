#include "server/core/service_command.hpp"

#include <catch2/catch.hpp>

using namespace mosty;

namespace {

std::string read(core::ServiceCommand command) {
    const auto wish = core::wish_of(command);
    if (!wish)
        return wish.error().code + " " + wish.error().field;
    return wish->actor.text() + (wish->as_service ? " as a service" : "");
}

const core::ServiceCommand good{"u-ana", "c-1", "visit/v-1", "cancel_visit", R"({"reason":"rain"})", {}};

} // namespace

TEST_CASE("a service's command is sent by a service or in a person's name", "[service]") {
    REQUIRE(read(good) == "u-ana");
    auto command = good;
    command.actor = "service-import";
    REQUIRE(read(command) == "service-import as a service");
}

TEST_CASE("a mistake in a service's command is told, and breaks nothing", "[service]") {
    auto command = good;
    for (const auto wrong : {"", "u ana", "u/ana", "ана"}) {
        command = good;
        command.actor = wrong;
        REQUIRE(read(command) == "malformed actor");
        command = good;
        command.id = wrong;
        REQUIRE(read(command) == "malformed id");
    }
    command = good;
    command.stream = "visit";
    REQUIRE(read(command) == "wrong_stream stream");
    command = good;
    command.name = "burn_visit";
    REQUIRE(read(command) == "unknown_command ");
    command = good;
    command.data = "{";
    REQUIRE(read(command) == "not_json data");
}
