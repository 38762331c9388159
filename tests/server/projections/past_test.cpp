#include "folded.hpp"
#include "server/projections/document.hpp"
#include "server/projections/keys.hpp"
#include "server/projections/past.hpp"

#include <fmt/format.h>

namespace mosty::test {

using projections::patches_per_copy;
using projections::view_as_of;

namespace {

constexpr Size before_edits = 5;
constexpr Size edits = 3 * patches_per_copy + 10;

History with_many_edits() {
    History history = History::with_partnership();
    history.record("proposal/pr-1", "proposal.drafted",
                   R"({"partnership":"p-1","title":"T","lead":"ua",)"
                   R"("partners":["UA32140010000049369","HU_10719"],"sectors":["energy"]})");
    for (Size i = 1; i <= edits; ++i)
        history.record("proposal/pr-1", "proposal.edited", fmt::format(R"({{"summary":"Version {}"}})", i));
    return history;
}

json::object then(Folded& folded, std::string_view topic, Size at) {
    return json::parse(view_as_of(*folded.store.snapshot(), topic, at).value().value).as_object();
}

} // namespace

TEST_CASE("a view of many patches is read from its newest full copy until then", "[past]") {
    Folded folded(with_many_edits());
    const auto copies =
        folded.store.snapshot()->scan(projections::keys::copies("proposal/pr-1"), {}, 100).value();
    REQUIRE(copies.size() > 3);
    CHECK(copies.size() < edits / 4);

    CHECK(then(folded, "proposal/pr-1", before_edits - 1).empty());
    CHECK_FALSE(then(folded, "proposal/pr-1", before_edits).contains("summary"));
    for (Size edit = 1; edit <= edits; ++edit) {
        const Size at = before_edits + edit;
        if (edit % 50 == 0 || edit % patches_per_copy < 3 || edit == edits)
            CHECK(then(folded, "proposal/pr-1", at).at("summary") ==
                  json::value(fmt::format("Version {}", edit)));
    }
    CHECK(view_as_of(*folded.store.snapshot(), "partnership/p-1", 700).value().size == before_edits - 1);
}

TEST_CASE("a projector that starts anew goes on where the store stands", "[past]") {
    const History history = with_many_edits();
    for (const Size stop : {before_edits + 1, before_edits + patches_per_copy - 1,
                            before_edits + patches_per_copy, before_edits + 2 * patches_per_copy + 7}) {
        storage::MemoryViewStore store;
        std::vector<projections::Change> changes;
        for (int restart = 0; restart < 2; ++restart) {
            projections::Projector projector(store);
            const Size end = restart == 0 ? stop : history.size();
            while (projector.size() < end)
                projector.fold(projector.size(), history.entries()[projector.size()], changes);
            REQUIRE(projector.commit().has_value());
        }
        Folded whole(history);
        CHECK(contents(store) == contents(whole.store));
        projections::Projector projector(store);
        CHECK(projector.view("proposal/pr-1").value() == whole.projector.view("proposal/pr-1").value());
    }
}

TEST_CASE("the programme is counted as of then", "[past]") {
    Folded folded(with_many_edits());
    CHECK(then(folded, "programme", 0).empty());
    CHECK(then(folded, "programme", 3).at("partnerships") == json::parse(R"({"proposed":1})"));
    CHECK(then(folded, "programme", 4).at("partnerships") == json::parse(R"({"active":1})"));
}

TEST_CASE("a view is not forgotten while changes of it wait for a commit", "[past]") {
    History history = History::with_partnership();
    history.record(
        "person/u-1", "person.registered",
        R"({"name":"Ана","organisation":"HU_10719","role":"officer","language":"uk","invented":true})");
    history.record("person/u-1", "person.corrected",
                   R"({"corrects":"e-4","reason":"Wedding","name":"Анна"})");
    storage::MemoryViewStore store;
    projections::Projector projector(store, {.documents_cached_max = 1});
    std::vector<projections::Change> changes;
    for (const auto& entry : history.entries()) {
        projector.fold(projector.size(), entry, changes);
        if (projector.size() == 4)
            REQUIRE(projector.commit().has_value());
        REQUIRE(projector.audience("partnership/p-1").value().has_value() == (projector.size() > 2));
    }
    REQUIRE(projector.commit().has_value());
    Folded whole(history);
    CHECK(contents(store) == contents(whole.store));
}

TEST_CASE("what is no view has no past", "[past]") {
    Folded folded(with_many_edits());
    CHECK(then(folded, "proposal/pr-2", 10).empty());
    CHECK(then(folded, "feed/all", 10).empty());
    CHECK(then(folded, "nonsense", 10).empty());
}

} // namespace mosty::test
