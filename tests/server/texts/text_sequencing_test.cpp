#include "tests/server/texts/text_house.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

using namespace mosty;
using namespace mosty::test;

namespace {

constexpr int more_than_remembered = 520;

// Another's edits, more than a state remembers.
void write_many(TextHouse& house) {
    for (int i = 0; i < more_than_remembered; ++i)
        house.edit("k-hu", "u-hu", 1 + static_cast<Revision>(i), R"([{"insert":"b"}])");
    house.settle();
}

} // namespace

TEST_CASE("an edit on a base that the state has forgotten is re-based off the thread, and others pass it",
          "[texts][sequencer]") {
    TextHouse house;
    house.wrote("k-ua", "u-ua", 0, R"([{"insert":"word"}])");
    write_many(house);
    const auto old = house.edit("k-ua", "u-ua", 1, R"([{"retain":4},{"insert":"!"}])");
    const auto next = house.edit("k-ua", "u-ua", 1, R"([{"retain":4},{"insert":"?"}])");
    const auto other = house.edit("k-hu", "u-hu", 521, R"([{"insert":"c"}])");
    REQUIRE(house.desk.begin());
    house.desk.finish();
    REQUIRE(house.desk.answer(other).starts_with("done"));
    REQUIRE(house.desk.answer(old).empty());
    REQUIRE(house.desk.answer(next).empty());

    house.settle();
    REQUIRE(house.desk.answer(old).starts_with("done"));
    REQUIRE(house.desk.answer(next).starts_with("done"));
    REQUIRE(house.plain() == "c" + std::string(more_than_remembered, 'b') + "word!?\n");
}

TEST_CASE("what waits for its preparation is decided anew in order after another writer came first",
          "[texts][sequencer]") {
    TextHouse house;
    house.wrote("k-ua", "u-ua", 0, R"([{"insert":"word"}])");
    write_many(house);
    const auto old = house.edit("k-ua", "u-ua", 1, R"([{"retain":4},{"insert":"!"}])");
    const auto next = house.edit("k-ua", "u-ua", 1, R"([{"retain":4},{"insert":"?"}])");
    house.edit("k-hu", "u-hu", 521, R"([{"insert":"c"}])");
    REQUIRE(house.desk.begin());
    house.desk.write_as_another(
        wish_of("municipality/UA1", "register_municipality", town("UA1", 7), "c-elsewhere-1"));
    house.desk.finish();

    house.settle();
    REQUIRE(house.desk.answer(old).starts_with("done"));
    REQUIRE(house.desk.answer(next).starts_with("done"));
    REQUIRE(house.plain() == "c" + std::string(more_than_remembered, 'b') + "word!?\n");
}

TEST_CASE("a text is restored from a content that is looked up", "[texts][sequencer]") {
    TextHouse house;
    house.wrote("k-ua", "u-ua", 0, R"([{"insert":"first"}])");
    house.wrote("k-hu", "u-hu", 1, R"([{"delete":5},{"insert":"second"}])");
    const auto restored = house.desk.submit(
        wish_of(house.text.text(), "restore_text", R"({"revision":1})", "c-restore-1", "u-hu"));
    REQUIRE(house.desk.answer(restored).empty());
    house.settle();
    REQUIRE(house.desk.answer(restored).starts_with("done"));
    REQUIRE(house.plain() == "first\n");
}

TEST_CASE("a long text is restored in several events of one command", "[texts][sequencer]") {
    TextHouse house;
    const std::string line(2'000, 'x');
    for (int i = 0; i < 20; ++i)
        house.wrote("k-ua", "u-ua", static_cast<Revision>(i), fmt::format(R"([{{"insert":"{}"}}])", line));
    house.wrote("k-ua", "u-ua", 20, R"([{"delete":40000}])");
    const auto restored = house.desk.submit(
        wish_of(house.text.text(), "restore_text", R"({"revision":20})", "c-restore-1", "u-hu"));
    house.settle();
    REQUIRE(house.desk.answer(restored).find("+5 ") != std::string::npos);
    REQUIRE(house.plain() == std::string(40'000, 'x') + "\n");
}

TEST_CASE("what makes more events than a batch holds is refused, and the server goes on",
          "[texts][sequencer]") {
    TextHouse house({.source = "urn:mosty:test", .batch_entries_max = 2});
    const std::string line(6'000, 'x');
    for (int i = 0; i < 3; ++i)
        house.wrote("k-ua", "u-ua", static_cast<Revision>(i), fmt::format(R"([{{"insert":"{}"}}])", line));
    house.wrote("k-ua", "u-ua", 3, R"([{"delete":18000}])");
    const auto restored = house.desk.submit(
        wish_of(house.text.text(), "restore_text", R"({"revision":3})", "c-restore-1", "u-hu"));
    house.settle();
    REQUIRE(house.desk.answer(restored) == "refused too_long");
    house.wrote("k-ua", "u-ua", 4, R"([{"insert":"on"}])");
    REQUIRE(house.plain() == "on\n");
}

TEST_CASE("texts that take more memory than allowed leave it, and come back from the log",
          "[texts][sequencer]") {
    TextHouse house({.source = "urn:mosty:test", .stream_states_bytes_max = 100'000});
    const std::string line(4'000, 'x');
    for (int i = 0; i < 40; ++i)
        house.wrote("k-ua", "u-ua", static_cast<Revision>(i), fmt::format(R"([{{"insert":"{}"}}])", line));
    house.desk.say("municipality/UA1", "register_municipality", town("UA1", 9));
    house.settle();
    house.wrote("k-ua", "u-ua", 40, R"([{"insert":"y"}])");
    REQUIRE(house.plain() == "y" + std::string(160'000, 'x') + "\n");
}

TEST_CASE("a text that nobody has written for ten minutes leaves memory, and writing goes on from the log",
          "[texts][sequencer]") {
    TextHouse house;
    for (int i = 0; i < 70; ++i)
        house.edit("k-ua", "u-ua", static_cast<Revision>(i), R"([{"insert":"a"}])");
    house.settle();
    house.desk.now_ms += 599'000;
    house.desk.say("municipality/UA1", "register_municipality", town("UA1", 7));
    house.settle();
    house.edit("k-ua", "u-ua", 70, R"([{"insert":"b"}])");
    REQUIRE(house.desk.sequencer->take_loads().empty()); // still held
    house.settle();

    house.desk.now_ms += 601'000;
    house.desk.say("municipality/UA1", "register_municipality", town("UA1", 8));
    house.settle();
    const auto ticket = house.edit("k-ua", "u-ua", 71, R"([{"insert":"c"}])");
    REQUIRE_FALSE(house.desk.begin()); // its history is being folded
    house.settle();
    REQUIRE(house.desk.answer(ticket).starts_with("done"));
    REQUIRE(house.plain() == "cb" + std::string(70, 'a') + "\n");
}
