// What a script's token may send.
#include "server/access/may_send.hpp"

#include <catch2/catch.hpp>

#include <utility>

using namespace mosty;

namespace {

constexpr std::size_t kinds = std::variant_size_v<domain::Command>;

// Calls with the first command of each type there is, and with the kind that it is of.
template <class Call>
void for_each_command(Call call) {
    const auto of_kind = [&]<std::size_t kind>() {
        using Command = std::variant_alternative_t<kind, domain::Command>;
        const auto one = [&]<std::size_t type>() {
            call(domain::Command(std::in_place_index<kind>, Command(std::in_place_index<type>)),
                 static_cast<domain::Kind>(kind));
        };
        [&]<std::size_t... type>(std::index_sequence<type...>) {
            (one.template operator()<type>(), ...);
        }(std::make_index_sequence<std::variant_size_v<Command>>());
    };
    [&]<std::size_t... kind>(std::index_sequence<kind...>) {
        (of_kind.template operator()<kind>(), ...);
    }(std::make_index_sequence<kinds>());
}

const access::SignIn session{.actor = ActorId("u-ana"), .key = "k", .is_session = true, .writes = true};
const access::SignIn writer{.actor = ActorId("u-ana"), .key = "k", .is_session = false, .writes = true};
const access::SignIn reader{.actor = ActorId("u-ana"), .key = "k", .is_session = false, .reads = true};

} // namespace

TEST_CASE("a token that writes sends every command but those about people, and a session all of them",
          "[accounts][tokens]") {
    std::size_t of_people = 0, of_others = 0;
    for_each_command([&](const domain::Command& command, domain::Kind kind) {
        INFO("kind " << static_cast<int>(kind) << ", command " << command.index());
        CHECK(access::may_send(session, command));
        CHECK_FALSE(access::may_send(reader, command));
        CHECK(access::may_send(writer, command) == (kind != domain::Kind::person));
        ++(kind == domain::Kind::person ? of_people : of_others);
    });
    CHECK(of_people == std::variant_size_v<person::Command>);
    CHECK(of_others > of_people);
}
