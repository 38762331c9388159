#include "server/access/client_ids.hpp"
#include "tests/storage/temporary_folder.hpp"

#include <catch2/catch.hpp>

using namespace mosty;

namespace {

const ActorId oksana{"u-ua"};
const ActorId reka{"u-hu"};
const StreamId needs{"text/proposal/p-1_x1/needs"};
const StreamId risks{"text/proposal/p-1_x1/risks"};

} // namespace

TEST_CASE("a writer belongs to one person in one text, also after a restart", "[client_ids]") {
    storage::TemporaryFolder folder;
    const auto ids = access::ClientIds::open(folder.path() / "clients.key");
    REQUIRE(ids.has_value());
    const auto client = ids->issue(oksana, needs);
    REQUIRE(client != ids->issue(oksana, needs));
    REQUIRE(ids->belongs(client, oksana, needs));
    REQUIRE_FALSE(ids->belongs(client, reka, needs));
    REQUIRE_FALSE(ids->belongs(client, oksana, risks));
    REQUIRE_FALSE(ids->belongs(text::ClientId("k-" + std::string(40, 'a')), oksana, needs));
    REQUIRE_FALSE(ids->belongs(text::ClientId(""), oksana, needs));
    std::string forged = client.text();
    forged.back() = forged.back() == 'a' ? 'b' : 'a';
    REQUIRE_FALSE(ids->belongs(text::ClientId(forged), oksana, needs));

    const auto again = access::ClientIds::open(folder.path() / "clients.key");
    REQUIRE(again->belongs(client, oksana, needs));
    storage::TemporaryFolder elsewhere;
    const auto other = access::ClientIds::open(elsewhere.path() / "clients.key");
    REQUIRE_FALSE(other->belongs(client, oksana, needs));
}
