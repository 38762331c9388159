#include "server/accounts/pending_flows.hpp"
#include "server/accounts/secrets.hpp"

#include <catch2/catch.hpp>

using namespace mosty::accounts;

namespace {

PendingFlow flow(const std::string& state, const std::string& cookie, const std::string& network = "4/1") {
    return {.provider = "kyiv",
            .purpose = ToSignIn{},
            .flow = {.state = state, .nonce = "n", .verifier = "v", .redirect_uri = "r"},
            .browser = digest_of(cookie),
            .network = network};
}

} // namespace

TEST_CASE("whoever is at a provider comes back once, in the same browser, within ten minutes",
          "[accounts][openid]") {
    PendingFlows flows;
    REQUIRE(flows.add(flow("s-1", "c-1"), 0));
    CHECK(!flows.take("s-2", "c-1", 1));
    CHECK(!flows.take("s-1", "c-2", 1)); // another browser takes nothing away
    CHECK(!flows.take("", "", 1));
    CHECK(flows.take("s-1", "c-1", PendingFlows::lasts_ms - 1).has_value());
    CHECK(!flows.take("s-1", "c-1", 1));

    REQUIRE(flows.add(flow("s-1", "c-1"), 0));
    CHECK(!flows.take("s-1", "c-1", PendingFlows::lasts_ms));
    flows.forget_old(PendingFlows::lasts_ms);
    CHECK(flows.size() == 0);
}

TEST_CASE("a browser may be away in two tabs", "[accounts][openid]") {
    PendingFlows flows;
    CHECK(!flows.knows("c-1"));
    REQUIRE(flows.add(flow("s-1", "c-1"), 0));
    REQUIRE(flows.add(flow("s-2", "c-1"), 0));
    CHECK(flows.take("s-1", "c-1", 1).has_value());
    CHECK(flows.knows("c-1"));
    CHECK(flows.take("s-2", "c-1", 1).has_value());
    CHECK(!flows.knows("c-1"));
}

TEST_CASE("a network gives up its own oldest flow, and others keep theirs", "[accounts][openid]") {
    PendingFlows flows;
    REQUIRE(flows.add(flow("mine", "c", "4/mine"), 0));
    for (std::size_t i = 0; i <= PendingFlows::network_flows_max; ++i)
        REQUIRE(flows.add(flow("s-" + std::to_string(i), "c", "4/flood"), static_cast<std::int64_t>(i)));
    CHECK(flows.size() == PendingFlows::network_flows_max + 1);
    CHECK(!flows.take("s-0", "c", 200));
    CHECK(flows.take("s-1", "c", 200).has_value());
    CHECK(flows.take("mine", "c", 200).has_value());
}

TEST_CASE("when there is no room, nobody begins", "[accounts][openid]") {
    PendingFlows flows;
    for (std::size_t i = 0; i < PendingFlows::flows_max; ++i)
        REQUIRE(flows.add(flow("s-" + std::to_string(i), "c", "4/" + std::to_string(i / 50)), 0));
    CHECK(!flows.add(flow("late", "c", "4/late"), 0));
    CHECK(flows.add(flow("late", "c", "4/late"), PendingFlows::lasts_ms)); // all others have run out
}
