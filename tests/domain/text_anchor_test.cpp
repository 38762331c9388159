#include "delta_json.hpp"
#include "domain/text/anchor.hpp"
#include "domain/text/prepared.hpp"
#include "letters.hpp"
#include "random_delta.hpp"
#include "seed.hpp"

#include <catch2/catch.hpp>

#include <array>
#include <deque>

using namespace mosty;
using namespace mosty::test;
using namespace mosty::text;

namespace {

constexpr std::size_t anchor_count = 64;

// A short edit of a text of this length, now and then of a whole passage.
Delta any_edit(std::mt19937_64& random, const Letters& letters, bool shall_shrink) {
    const auto any_place = [&](std::size_t from, std::size_t length_max) {
        std::size_t at = std::min(letters.all.size(), from + below(random, length_max));
        if (letters.splits_pair(at))
            ++at;
        return at;
    };
    const std::size_t from = any_place(0, letters.all.size() + 1);
    const std::size_t to = any_place(from, one_in(random, 40) ? 120 : 8);
    Delta change;
    change.retain(from);
    if (one_in(random, 8)) {
        change.retain(to - from, any_attributes(random, true));
        return change;
    }
    if (!shall_shrink || one_in(random, 3))
        change.insert(any_text(random, one_in(random, 20) ? 60 : 5));
    if (shall_shrink || one_in(random, 3))
        change.remove(to - from);
    if (one_in(random, 4)) {
        const std::size_t next = any_place(to, 10);
        change.retain(next - to).insert(any_text(random, 3));
    }
    change.chop();
    return change;
}

// The passage that the anchor with this bit holds.
Range range_of(const Letters& letters, std::size_t anchor) {
    Range range;
    for (std::size_t i = 0; i < letters.all.size(); ++i) {
        if ((letters.all[i].anchors >> anchor & 1) == 0)
            continue;
        if (range.is_empty())
            range.from = i;
        range.to = i + 1;
    }
    return range;
}

} // namespace

TEST_CASE("an anchor keeps what is inserted at its edges outside", "[text]") {
    const auto moved = [](std::string_view change) { return transform(delta_of(change), Range{2, 5}); };
    CHECK(moved(R"([{"retain":2},{"insert":"xx"}])") == Range{4, 7});
    CHECK(moved(R"([{"retain":5},{"insert":"xx"}])") == Range{2, 5});
    CHECK(moved(R"([{"retain":3},{"insert":"xx"}])") == Range{2, 7});
    CHECK(moved(R"([{"insert":"xx"}])") == Range{4, 7});
    CHECK(moved(R"([{"delete":3}])") == Range{0, 2});
    CHECK(moved(R"([{"retain":4},{"delete":3}])") == Range{2, 4});
    CHECK(moved(R"([{"retain":2},{"insert":"new"},{"delete":1}])") == Range{5, 7});
    CHECK(moved(R"([{"retain":9,"attributes":{"bold":true}}])") == Range{2, 5});
    CHECK(moved(R"([{"retain":2},{"delete":3}])").is_empty());
    CHECK(moved(R"([{"retain":1},{"insert":"instead"},{"delete":5}])").is_empty());
}

TEST_CASE("an anchor that lost its passage stays orphaned", "[text]") {
    Anchor anchor{{2, 5}, false};
    anchor.follow(delta_of(R"([{"retain":3},{"delete":1}])"));
    REQUIRE_FALSE(anchor.orphaned);
    anchor.follow(delta_of(R"([{"retain":1},{"delete":4}])"));
    REQUIRE(anchor.orphaned);
    anchor.follow(delta_of(R"([{"retain":1},{"insert":"back again"}])"));
    REQUIRE(anchor.orphaned);
    REQUIRE(anchor.range.is_empty());
}

TEST_CASE("after 10,000 concurrent edits every anchor holds what it should", "[text][property]") {
    for_each_seed(cases(1, 10), [](std::mt19937_64& random) {
        Letters letters;
        Delta beginning;
        while (beginning.growth() < 2'000)
            beginning.insert(any_text(random, 100));
        letters.apply(beginning, 1);
        std::array<Anchor, anchor_count> anchors;
        anchors.fill({{}, true});
        std::deque<std::pair<Letters, Delta>> recent; // what the text was, and what came next
        std::size_t orphans = 0;
        for (Revision revision = 2; revision < 10'002; ++revision) {
            // A passage is anchored, now and then instead of one that is gone.
            const std::size_t next = below(random, anchor_count);
            if (anchors[next].orphaned) {
                Range range{below(random, letters.all.size()), 0};
                range.to = std::min(letters.all.size(), range.from + 1 + below(random, 40));
                for (std::size_t i = range.from; i < range.to; ++i)
                    letters.all[i].anchors |= std::uint64_t{1} << next;
                anchors[next] = {range, false};
            }
            // Somebody edits what they saw up to five revisions ago.
            const std::size_t behind = below(random, recent.size() + 1);
            const Letters& seen = behind == 0 ? letters : recent[recent.size() - behind].first;
            Based based{revision - behind, any_edit(random, seen, letters.all.size() > 2'500), {}};
            for (std::size_t i = recent.size() - behind; i < recent.size(); ++i)
                based.step_over(recent[i].second);
            REQUIRE(based.base == revision);

            recent.emplace_back(letters, based.change);
            if (recent.size() > 5)
                recent.pop_front();
            letters.apply(based.change, revision);
            for (std::size_t i = 0; i < anchor_count; ++i) {
                if (anchors[i].orphaned)
                    continue;
                anchors[i].follow(based.change);
                const bool look = anchors[i].orphaned || revision % 100 == 1;
                if (!look)
                    continue;
                orphans += anchors[i].orphaned;
                const Range wanted = range_of(letters, i);
                if (anchors[i].orphaned ? !wanted.is_empty() : !(anchors[i].range == wanted))
                    FAIL("anchor " << i << " at revision " << revision << " is [" << anchors[i].range.from
                                   << ", " << anchors[i].range.to << "), not [" << wanted.from << ", "
                                   << wanted.to << ")");
            }
        }
        REQUIRE(orphans > 0);
    });
}
