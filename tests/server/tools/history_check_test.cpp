#include "server/tools/history_check.hpp"
#include "tests/server/desk.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <functional>

using namespace mosty;
using namespace mosty::test;
using tools::Findings;
using tools::HistoryCheck;

namespace {

using Strings = std::vector<std::string>;

// What is found of a history of two towns, three entries each, with some of them rewritten.
Strings found_in(const std::function<void(Position, codec::Envelope&)>& rewrite) {
    Desk desk;
    for (int i = 0; i < 3; ++i) {
        desk.say("municipality/UA1", "register_municipality", town("UA1", 10 + i));
        desk.say("municipality/HU1", "register_municipality", town("HU1", 20 + i));
        desk.now_ms += 1'000;
        desk.settle();
    }
    const auto entries = desk.log->read(0, 100);
    REQUIRE(entries->size() == 6);
    Findings findings;
    HistoryCheck history(findings);
    for (const auto& entry : *entries) {
        auto decoded = codec::decode_entry(entry.bytes);
        rewrite(entry.position, decoded->envelope);
        history.take({entry.position, codec::encode_entry(decoded->envelope, decoded->event)});
    }
    REQUIRE(history.streams() <= 3);
    REQUIRE(findings.total == findings.sentences.size());
    return findings.sentences;
}

} // namespace

TEST_CASE("nothing is wrong with a history that was recorded", "[verify]") {
    REQUIRE(found_in([](Position, codec::Envelope&) {}).empty());
}

TEST_CASE("a gap in a stream's revisions is told once, with its entry", "[verify]") {
    REQUIRE(found_in([](Position position, codec::Envelope& envelope) {
                if (position >= 2 && envelope.stream.text() == "municipality/UA1")
                    ++envelope.revision;
            }) == Strings{"entry 2 is revision 3 of municipality/UA1, where 2 belongs"});
}

TEST_CASE("an entry that came into another stream is told for both", "[verify]") {
    REQUIRE(found_in([](Position position, codec::Envelope& envelope) {
                if (position == 2)
                    envelope.stream = StreamId{"municipality/PL1"};
            }) == Strings{"entry 2 is revision 2 of municipality/PL1, where 1 belongs",
                          "entry 4 is revision 3 of municipality/UA1, where 2 belongs"});
}

TEST_CASE("a time before the one of an earlier entry is told with both", "[verify]") {
    const auto found = found_in([](Position position, codec::Envelope& envelope) {
        if (position == 3)
            envelope.time_ms -= 3'600'000;
    });
    REQUIRE(found.size() == 1);
    REQUIRE(found.front().starts_with("entry 3 was recorded at 2026-11-22T09:"));
    REQUIRE(found.front().find(", before entry 2 at 2026-11-22T10:") != std::string::npos);
}

TEST_CASE("what is no event of ours is told", "[verify]") {
    Findings findings;
    HistoryCheck history(findings);
    REQUIRE(!history.take({7, "{}"}));
    REQUIRE(findings.sentences.front().starts_with("entry 7 is no event of ours: "));
}

TEST_CASE("of very many findings all are counted and the first are kept", "[verify]") {
    Findings findings;
    for (int i = 0; i < 1'000; ++i)
        findings.add(fmt::format("{}", 2 * i));
    REQUIRE(findings.total == 1'000);
    REQUIRE(findings.sentences.size() == Findings::kept_max);
    REQUIRE(findings.told == Findings::kept_max);
    REQUIRE(findings.sentences.back() == "198");
}

TEST_CASE("findings whose numbers grow together become one sentence", "[verify]") {
    Findings findings;
    for (const int entry : {5, 6, 7, 9, 10})
        findings.add(fmt::format("hash {0} of 4, over entry {0}, is missing from 000008.sst", entry));
    findings.add("the index is missing");
    findings.add("the index is missing");
    findings.add("entry 3 is revision 7");
    findings.add("entry 4 is revision 7");
    findings.add("entry 5 is revision 8");
    REQUIRE(findings.total == 10);
    REQUIRE(findings.told == 10);
    REQUIRE(findings.sentences ==
            std::vector<std::string>{"hash 5 to 7 of 4, over entry 5 to 7, is missing from 000008.sst",
                                     "hash 9 to 10 of 4, over entry 9 to 10, is missing from 000008.sst",
                                     "the index is missing", "the index is missing",
                                     "entry 3 to 4 is revision 7", "entry 5 is revision 8"});
}
