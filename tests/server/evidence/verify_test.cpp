#include "proven_log.hpp"
#include "server/evidence/collect.hpp"
#include "server/evidence/verify.hpp"
#include "server/projections/past.hpp"
#include "server/projections/projector.hpp"
#include "server/texts/history.hpp"
#include "storage/memory/memory_view_store.hpp"
#include "tests/storage/random_seed.hpp"

#include <boost/json.hpp>
#include <catch2/catch.hpp>

#include <algorithm>

namespace mosty::test {

namespace json = boost::json;
using storage::random_below;
using storage::random_rounds;
using storage::random_seed;

namespace {

bool says(const std::vector<std::string>& sentences, std::string_view part) {
    return std::ranges::any_of(sentences, [&](const auto& each) { return each.find(part) != each.npos; });
}

} // namespace

TEST_CASE("a bundle of any proposal of a random history verifies as of any size", "[evidence][property]") {
    for (int round = random_rounds(3); round > 0; --round) {
        std::mt19937_64 random(random_seed("evidence: random histories"));
        RandomHistory history(random());
        history.grow_to(700);
        const ProvenLog proven(history.history());
        const auto proposals = proposals_in(history.history());
        REQUIRE(!proposals.empty());
        for (const std::string& proposal : proposals) {
            const Size size = proven.log.size() - random_below(random, 20);
            for (const Size at : {size, random_below(random, size + 1)}) {
                const auto first =
                    proven.log.find("s/" + proposal + "/" + std::string("\0\0\0\0\0\0\0\1", 8)).value();
                if (!first || *first >= size)
                    continue;
                const auto sent = evidence::to_json(proven.bundle(proposal, size, at));
                const auto read = evidence::parse_bundle(sent);
                REQUIRE(read.has_value());
                REQUIRE(evidence::to_json(*read) == sent);
                const auto verdict = evidence::verify(*read, proven.key());
                for (const auto& wrong : verdict.wrong)
                    UNSCOPED_INFO(wrong);
                REQUIRE(verdict.verifies());
                REQUIRE(says(verdict.proven, "as of " + std::to_string(at)));
            }
        }
    }
}

TEST_CASE("the content of a bundle is what the server shows", "[evidence][property]") {
    std::mt19937_64 random(random_seed("evidence: what the server shows"));
    RandomHistory history(random());
    history.grow_to(700);
    const ProvenLog proven(history.history());
    storage::MemoryViewStore store;
    projections::Projector projector(store);
    std::vector<projections::Change> changes;
    for (Position next = 0; next < proven.log.size(); ++next)
        projector.fold(next, history.history().entries()[next], changes);
    REQUIRE(projector.commit().has_value());

    for (const std::string& proposal : proposals_in(history.history()))
        for (const Size at : {proven.log.size(), random_below(random, proven.log.size())}) {
            const auto content = proven.bundle(proposal, proven.log.size(), at).content;
            const auto shown = projections::view_as_of(*store.snapshot(), proposal, at).value();
            INFO(proposal << " as of " << at << '\n' << content.proposal << '\n' << shown.value);
            REQUIRE((json::parse(content.proposal) == json::parse(shown.value)));
            for (const auto& [section, text] : content.texts) {
                const StreamId stream("text/" + proposal + "/" + section);
                REQUIRE(texts::revision_at(proven.log, stream, at).value() == text.revision);
            }
        }
}

TEST_CASE("a bundle says whose key it was checked with", "[evidence]") {
    RandomHistory history(5);
    history.grow_to(300);
    const ProvenLog proven(history.history());
    const auto bundle = proven.bundle(proposals_in(history.history()).front(), 300, 300);

    REQUIRE(!says(evidence::verify(bundle, proven.key()).not_proven, "whose key"));
    const auto own = evidence::verify(bundle, std::nullopt);
    REQUIRE(own.verifies());
    REQUIRE(says(own.not_proven, "whose key that is: the bundle brought it along"));
    REQUIRE(says(own.not_proven, "no later event"));

    const auto stranger = audit::Ed25519Key::from_seed(std::string(32, 'x'));
    const audit::VerifierKey other("bridges.example", audit::SignatureType::ed25519, stranger.public_key());
    const auto verdict = evidence::verify(bundle, other);
    REQUIRE(!verdict.verifies());
    REQUIRE(says(verdict.wrong, "another key"));
}

TEST_CASE("evidence of nothing, and of too much, is refused in a sentence", "[evidence]") {
    RandomHistory history(6);
    history.grow_to(300);
    const ProvenLog proven(history.history());
    const auto proposal = proposals_in(history.history()).front();
    const auto collect = [&](const std::string& stream, Size size, std::size_t bytes) {
        return evidence::collect(proven.log, {}, StreamId(stream), {"o", "k", size, "c"}, size, bytes);
    };
    REQUIRE(collect("proposal/nobody", 300, 1u << 20).error().code == evidence::CollectError::Code::unknown);
    REQUIRE(collect(proposal, 1, 1u << 20).error().code == evidence::CollectError::Code::unknown);
    REQUIRE(collect(proposal, 300, 2'000).error().code == evidence::CollectError::Code::too_big);
}

} // namespace mosty::test
