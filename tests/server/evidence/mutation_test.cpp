#include "proven_log.hpp"
#include "server/evidence/verify.hpp"
#include "storage/merkle/multi_proof.hpp"
#include "storage/merkle/tree.hpp"
#include "tests/storage/random_seed.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <functional>

// Each way in which somebody may change a bundle, and what catches it.
namespace mosty::test {

using evidence::Bundle;
using storage::random_below;
using storage::random_rounds;
using storage::random_seed;

namespace {

void flip_bit(std::mt19937_64& random, std::string& bytes) {
    const std::size_t at = random_below(random, bytes.size());
    bytes[at] = static_cast<char>(bytes[at] ^ (1 << random_below(random, 8)));
}

// A history with a proposal that has at least some events and a text.
struct Scene {
    Scene() : history(7) {
        history.grow_to(600);
        proven.emplace(history.history());
        for (const auto& proposal : proposals_in(history.history())) {
            Bundle one = proven->bundle(proposal, 600, 600);
            if (one.events.size() > bundle.events.size())
                bundle = std::move(one);
        }
        REQUIRE(bundle.events.size() > 10);
        REQUIRE(!bundle.content.texts.empty());
    }

    std::vector<std::string> faults_of(const Bundle& changed) const {
        return evidence::verify(changed, proven->key()).wrong;
    }

    // Proves the bundle's events anew, all of which stand in the log.
    void prove_again(Bundle& changed) const {
        std::vector<Position> positions;
        for (const auto& event : changed.events)
            positions.push_back(event.position);
        storage::merkle::Nodes nodes(proven->log, changed.size);
        changed.nodes = storage::merkle::multi_proof(positions, changed.size, [&](Position from, Size size) {
                            return nodes.root_of(from, size);
                        }).value();
    }

    RandomHistory history;
    std::optional<ProvenLog> proven;
    Bundle bundle;
};

} // namespace

TEST_CASE("a bundle with one flipped bit, dropped, doubled, moved or swapped event does not verify",
          "[evidence][property]") {
    const Scene scene;
    REQUIRE(scene.faults_of(scene.bundle).empty());
    std::mt19937_64 random(random_seed("evidence: changed events"));
    for (int round = random_rounds(300); round > 0; --round) {
        const std::size_t one = random_below(random, scene.bundle.events.size());
        const auto at = static_cast<std::ptrdiff_t>(one);
        const auto faulty = [&](const std::function<void(Bundle&)>& change) {
            Bundle changed = scene.bundle;
            change(changed);
            const auto faults = scene.faults_of(changed);
            REQUIRE(faults.size() == 1);
            REQUIRE((faults[0].find("do not fit one another") != std::string::npos ||
                     faults[0].find("give another root") != std::string::npos));
        };
        faulty([&](Bundle& changed) { flip_bit(random, changed.events[one].entry); });
        faulty([&](Bundle& changed) { changed.events.erase(changed.events.begin() + at); });
        faulty([&](Bundle& changed) {
            changed.events.insert(changed.events.begin() + at, changed.events[one]);
        });
        faulty([&](Bundle& changed) { changed.events[one].position ^= 1u << random_below(random, 12); });
        faulty([&](Bundle& changed) {
            const std::size_t other = (one + 1) % changed.events.size();
            std::swap(changed.events[one].entry, changed.events[other].entry);
        });
        faulty([&](Bundle& changed) {
            const std::size_t other = (one + 1) % changed.events.size();
            std::swap(changed.events[one], changed.events[other]);
        });
        faulty([&](Bundle& changed) {
            auto& node = changed.nodes[random_below(random, changed.nodes.size())];
            node[random_below(random, node.size())] ^= 1;
        });
        faulty([&](Bundle& changed) { changed.nodes.pop_back(); });
        faulty([&](Bundle& changed) { changed.nodes.push_back(changed.nodes.front()); });
    }
}

TEST_CASE("a bundle with a flipped bit in its checkpoint, key or origin does not verify", "[evidence]") {
    const Scene scene;
    std::mt19937_64 random(random_seed("evidence: changed head"));
    for (int round = random_rounds(300); round > 0; --round) {
        Bundle changed = scene.bundle;
        flip_bit(random, changed.checkpoint);
        REQUIRE(!scene.faults_of(changed).empty());
        changed = scene.bundle;
        flip_bit(random, changed.key);
        REQUIRE(!scene.faults_of(changed).empty());
        changed = scene.bundle;
        flip_bit(random, changed.origin);
        REQUIRE(!scene.faults_of(changed).empty());
        changed = scene.bundle;
        changed.size += 1;
        changed.at = scene.bundle.size;
        REQUIRE(!scene.faults_of(changed).empty());
    }
}

TEST_CASE("content that the events do not say is caught", "[evidence]") {
    const Scene scene;
    const auto fault = [&](const std::function<void(Bundle&)>& change) {
        Bundle changed = scene.bundle;
        change(changed);
        const auto faults = scene.faults_of(changed);
        return faults.empty() ? std::string() : faults.front();
    };
    const std::string section = scene.bundle.content.texts.begin()->first;
    REQUIRE(fault([](Bundle& changed) {
                auto& proposal = changed.content.proposal;
                proposal.insert(proposal.find("\"title\":\"") + 9, "Not ");
            }) == "\"title\" of the proposal as shown is not what its events say");
    REQUIRE(fault([](Bundle& changed) {
                changed.content.proposal = "{}";
            }).ends_with("of the proposal as shown is not what its events say"));
    REQUIRE(fault([](Bundle& changed) {
                auto& proposal = changed.content.proposal;
                const auto actor = proposal.find("\"actor\":\"", proposal.find("\"created\""));
                proposal.insert(actor + 9, "x");
            }) == "\"created/actor\" of the proposal as shown is not what its events say");
    REQUIRE(fault([&](Bundle& changed) { changed.content.texts.erase(section); }) ==
            "the text " + section + " has events but is not shown");
    REQUIRE(fault([](Bundle& changed) { changed.content.texts["nothing"] = {1, "[]"}; }) ==
            "the text nothing is shown but has no events");
    REQUIRE(fault([&](Bundle& changed) {
                changed.content.texts[section].revision += 1;
            }).starts_with("the text " + section + " is shown as of revision"));
    REQUIRE(fault([&](Bundle& changed) {
                changed.content.texts[section].content = "[{\"insert\":\"\\n\\n\"}]";
            }) == "the text " + section + " as shown is not what its events say");
    REQUIRE(fault([](Bundle& changed) { changed.at = 601; }).find("past the log's") != std::string::npos);
}

TEST_CASE(
    "a log's id that neither the origin nor an event names is told, and one that contradicts the origin "
    "is caught",
    "[evidence]") {
    const Scene scene;
    const auto tells = [](const evidence::Verdict& verdict) {
        return std::ranges::any_of(verdict.not_proven, [](const auto& each) {
            return each.starts_with("that the log's id is another");
        });
    };
    Bundle changed = scene.bundle;
    changed.log_id = "another";
    REQUIRE(tells(evidence::verify(changed, scene.proven->key())));

    const std::string source = codec::decode_envelope(changed.events.front().entry)->source;
    changed.log_id = source.substr(source.rfind(':') + 1);
    REQUIRE(!tells(evidence::verify(changed, scene.proven->key())));
}

TEST_CASE("an event left out of a stream's middle is caught although all others are proven", "[evidence]") {
    const Scene scene;
    Bundle changed = scene.bundle;
    const auto second = std::ranges::find_if(changed.events, [&](const auto& event) {
        const auto envelope = codec::decode_envelope(event.entry).value();
        return envelope.stream.text() == changed.stream && envelope.revision == 2;
    });
    REQUIRE(second != changed.events.end());
    changed.events.erase(second);
    scene.prove_again(changed);
    const auto faults = scene.faults_of(changed);
    REQUIRE(faults.size() == 1);
    REQUIRE(faults[0].find("where 2 belongs") != std::string::npos);
}

TEST_CASE("a stream that ends too early is caught by what the content says, and else by nobody",
          "[evidence]") {
    const Scene scene;
    Bundle changed = scene.bundle;
    changed.events.pop_back();
    scene.prove_again(changed);
    REQUIRE(!scene.faults_of(changed).empty());

    const Bundle older = scene.proven->bundle(changed.stream, 600, changed.events.back().position + 1);
    changed.content = older.content;
    changed.at = older.at;
    const auto verdict = evidence::verify(changed, scene.proven->key());
    REQUIRE(verdict.verifies());
    REQUIRE(std::ranges::any_of(verdict.not_proven, [](const auto& each) {
        return each.find("no later event of these streams") != each.npos;
    }));
}

TEST_CASE("an event of another proposal has no place in a bundle", "[evidence]") {
    const Scene scene;
    for (const auto& proposal : proposals_in(scene.history.history())) {
        if (proposal == scene.bundle.stream)
            continue;
        Bundle changed = scene.bundle;
        for (const auto& event : scene.proven->bundle(proposal, 600, 600).events)
            if (codec::decode_envelope(event.entry)->stream.text() == proposal)
                changed.events.push_back(event);
        std::ranges::sort(changed.events, {}, &evidence::BundledEvent::position);
        scene.prove_again(changed);
        const auto faults = scene.faults_of(changed);
        REQUIRE(faults.size() == 1);
        REQUIRE(faults[0].find("has no place in evidence of") != std::string::npos);
        return;
    }
    FAIL("the history has a second proposal");
}

TEST_CASE("signed and proven events of something else are no evidence of a proposal", "[evidence]") {
    const Scene scene;
    Bundle changed = scene.bundle;
    changed.stream = "proposal/other";
    REQUIRE(!scene.faults_of(changed).empty());
    changed = scene.bundle;
    changed.events.clear();
    scene.prove_again(changed);
    REQUIRE(scene.faults_of(changed) == std::vector<std::string>{"there is no event of " + changed.stream});
}

} // namespace mosty::test
