#include "folded.hpp"
#include "server/projections/past.hpp"

namespace mosty::test {

using projections::Change;
using projections::Projector;
using storage::KeyValue;
using storage::ReadError;

namespace {

// A store whose reads or writes fail when a test says so.
class FailingStore final : public storage::ViewStore {
public:
    explicit FailingStore(storage::ViewStore& store) : store_(store) {}

    bool reads_fail = false;
    bool writes_fail = false;

    Result<void, ReadError> write(const storage::ViewBatch& batch) override {
        if (writes_fail)
            return std::unexpected(ReadError{"no space"});
        return store_.write(batch);
    }
    std::shared_ptr<const Snapshot> snapshot() const override {
        return std::make_shared<FailingSnapshot>(*this, store_.snapshot());
    }
    Size applied() const override { return store_.applied(); }
    Result<void, ReadError> flush() override { return store_.flush(); }

private:
    class FailingSnapshot final : public Snapshot {
    public:
        FailingSnapshot(const FailingStore& store, std::shared_ptr<const Snapshot> snapshot)
            : store_(store), snapshot_(std::move(snapshot)) {}
        Size applied() const override { return snapshot_->applied(); }
        Result<std::optional<std::string>, ReadError> get(std::string_view key) const override {
            if (store_.reads_fail)
                return std::unexpected(ReadError{"a bad block"});
            return snapshot_->get(key);
        }
        Result<std::vector<KeyValue>, ReadError> scan(std::string_view prefix, std::string_view from,
                                                      std::size_t count_max,
                                                      storage::Order order) const override {
            if (store_.reads_fail)
                return std::unexpected(ReadError{"a bad block"});
            return snapshot_->scan(prefix, from, count_max, order);
        }

    private:
        const FailingStore& store_;
        const std::shared_ptr<const Snapshot> snapshot_;
    };

    storage::ViewStore& store_;
};

History history_of_everything() {
    History history = History::with_partnership();
    history.record("visit/v-1", "visit.planned",
                   R"({"partnership":"p-1","ua":"UA32140010000049369","eu":"HU_10719","title":"Waterworks",)"
                   R"("host":"eu","kind":"meeting","from":"2024","by":"ua"})");
    history.record("proposal/pr-1", "proposal.drafted",
                   R"({"partnership":"p-1","title":"T","lead":"ua",)"
                   R"("partners":["UA32140010000049369","HU_10719"],"sectors":["energy"]})");
    return history;
}

} // namespace

TEST_CASE("a fold that could not read writes nothing, and says why", "[failure]") {
    struct Next {
        std::string_view stream, type, data;
    };
    for (const auto& [stream, type, data] : {
             Next{"partnership/p-1", "partnership.ended", R"({"on":"2025","reason":"Over"})"},
             Next{"visit/v-1", "visit.confirmed", R"({"side":"eu"})"},
             Next{"visit/v-2", "visit.planned",
                  R"({"partnership":"p-1","ua":"UA32140010000049369","eu":"HU_10719","title":"Waterworks",)"
                  R"("host":"eu","kind":"meeting","from":"2024","by":"ua"})"},
             Next{"proposal/pr-1", "proposal.edited", R"({"title":"Other"})"},
             Next{"municipality/HU_10719", "municipality.corrected",
                  R"({"corrects":"e-1","reason":"Counted","population":6500})"},
             Next{"person/u-9", "person.registered",
                  R"({"name":"A","organisation":"cemr","role":"officer","language":"en","invented":true})"},
         }) {
        INFO(type);
        History history = history_of_everything();
        Folded whole(history);
        history.record(stream, type, data);
        const auto before = contents(whole.store);

        FailingStore store(whole.store);
        Projector projector(store);
        store.reads_fail = true;
        std::vector<Change> changes;
        projector.fold(projector.size(), history.entries().back(), changes);
        const auto committed = projector.commit();
        REQUIRE_FALSE(committed.has_value());
        CHECK(committed.error().reason == "a bad block");
        CHECK_FALSE(projector.view("proposal/pr-1").has_value());
        CHECK_FALSE(projector.list("feed/all", 10).has_value());
        CHECK(contents(whole.store) == before);
    }
}

TEST_CASE("a commit that could not write says so, and so does every later one", "[failure]") {
    const History history = History::with_partnership();
    storage::MemoryViewStore memory;
    FailingStore store(memory);
    Projector projector(store);
    std::vector<Change> changes;
    projector.fold(0, history.entries()[0], changes);
    store.writes_fail = true;
    CHECK_FALSE(projector.commit().has_value());
    store.writes_fail = false;
    CHECK_FALSE(projector.commit().has_value());
    projector.fold(1, history.entries()[1], changes);
    CHECK(projector.commit().error().reason == "no space");
    CHECK(memory.applied() == 0);
}

TEST_CASE("reads for followers and of the past pass a failure on", "[failure]") {
    Folded whole(history_of_everything());
    FailingStore store(whole.store);
    const Size size = whole.store.applied();
    store.reads_fail = true;
    const auto snapshot = store.snapshot();
    CHECK_FALSE(projections::view_as_of(*snapshot, "proposal/pr-1", size).has_value());
    CHECK_FALSE(projections::list_page(*snapshot, "feed/all", {}, 10).has_value());
    CHECK_FALSE(projections::list_page(*snapshot, "visits/all", {}, 10).has_value());
    CHECK_FALSE(projections::search_municipalities(*snapshot, "bys", {}, {}, 10).has_value());
    CHECK_FALSE(projections::search_municipalities(*snapshot, "", {}, {}, 10).has_value());
    CHECK_FALSE(projections::search_municipalities(*snapshot, "", "HU", {}, 10).has_value());
    CHECK_FALSE(Projector(store).changes_since("feed/all", 1, 10).has_value());
    CHECK_FALSE(Projector(store).changes_since("visits/all", 1, 10).has_value());
    CHECK_FALSE(Projector(store).changes_since("visit/v-1", 1, 10).has_value());
    CHECK_FALSE(Projector(store).audience("visit/v-1").has_value());
    CHECK_FALSE(Projector(store).exists("visit/v-1").has_value());
    CHECK_FALSE(Projector(store).view("towns").has_value());
}

} // namespace mosty::test
