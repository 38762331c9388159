#include "delta_json.hpp"
#include "domain/text/content.hpp"
#include "letters.hpp"
#include "random_delta.hpp"
#include "seed.hpp"

#include <catch2/catch.hpp>

using namespace mosty;
using namespace mosty::test;
using namespace mosty::text;

namespace {

// A change whose inserts and deletions are now and then of thousands of units, so that blocks are split and
// vanish.
Delta any_large_change(std::mt19937_64& random, const Letters& letters) {
    const auto scale = [&] { return one_in(random, 8) ? 6'000 : one_in(random, 3) ? 300 : 10; };
    Delta change;
    std::size_t at = 0;
    const auto any_step = [&](std::size_t length_max) {
        std::size_t end = std::min(letters.all.size(), at + 1 + below(random, length_max));
        if (letters.splits_pair(end))
            ++end;
        return std::exchange(at, end);
    };
    // Most edits begin somewhere in the middle.
    any_step(letters.all.size());
    change.retain(at);
    for (std::size_t count = 1 + below(random, 4); count > 0; --count) {
        const std::size_t kind = below(random, 4);
        if (kind == 0) {
            change.insert(any_text(random, static_cast<std::size_t>(scale())), any_attributes(random, false));
        } else {
            const std::size_t length_max = static_cast<std::size_t>(scale());
            const std::size_t from = any_step(length_max);
            if (kind == 1)
                change.remove(at - from);
            else
                change.retain(at - from, kind == 2 ? any_attributes(random, true) : Attributes{});
        }
    }
    change.chop();
    return change;
}

void require_same(const Content& content, const Letters& letters) {
    REQUIRE(content.length() == letters.all.size());
    REQUIRE(content.text(0, content.length()) == letters.text(0, letters.all.size()));
    std::size_t at = 0;
    content.for_each_run([&](std::u16string_view text, const Run& run) {
        if (text.size() != run.length || text.empty() || letters.splits_pair(at))
            FAIL("a run of " << run.length << " units at " << at << " has " << text.size()
                             << ", or begins within a pair");
        for (std::uint32_t i = 0; i < run.length; ++i, ++at) {
            const Letter& letter = letters.all[at];
            const Mark mark{run.mark.revision, run.mark.offset + i};
            if (letter.unit != text[i] || !(letter.mark == mark) || !(letter.attributes == run.attributes))
                FAIL("unit " << at << " of revision " << mark.revision << " is not what it should be");
        }
    });
    REQUIRE(at == letters.all.size());
    const Delta document = content.document();
    if (!(document == letters.document()))
        REQUIRE(json_of(document) == json_of(letters.document()));
}

bool ends_with_newline(const Letters& letters) {
    return !letters.all.empty() && letters.all.back().unit == u'\n';
}

} // namespace

TEST_CASE("a text begins as one newline that nobody wrote", "[text]") {
    const Content content;
    require_same(content, Letters{});
    REQUIRE(content.is_blank());
    REQUIRE(content.text(0, 0).empty());
}

TEST_CASE("a text equals one that is kept unit by unit, after any edits", "[text][property]") {
    for_each_seed(cases(20, 500), [](std::mt19937_64& random) {
        Content content;
        Letters letters;
        for (Revision revision = 1; revision <= 120; ++revision) {
            const Delta change = any_large_change(random, letters);
            REQUIRE_FALSE(content.misfit(change).has_value());
            const bool ended = content.would_end_with_newline(change);
            content.apply(change, revision);
            letters.apply(change, revision);
            if (ended != ends_with_newline(letters))
                FAIL("revision " << revision << " was foretold to end otherwise");
            if (revision % 10 == 0 || letters.all.empty())
                require_same(content, letters);
            const std::size_t from = below(random, letters.all.size() + 1);
            const std::size_t to = from + below(random, letters.all.size() - from + 1);
            if (content.text(from, to) != letters.text(from, to))
                FAIL("the passage from " << from << " to " << to << " differs");
        }
    });
}

TEST_CASE("many small formats make many runs, and the text stays what it is", "[text][property]") {
    for_each_seed(cases(2, 20), [](std::mt19937_64& random) {
        Content content;
        Letters letters;
        Delta beginning;
        while (beginning.growth() < 6'000)
            beginning.insert(any_text(random, 100));
        content.apply(beginning, 1);
        letters.apply(beginning, 1);
        for (Revision revision = 2; revision < 3'000; ++revision) {
            std::size_t from = below(random, letters.all.size() - 4);
            std::size_t to = from + 1 + below(random, 3);
            from -= letters.splits_pair(from) ? 1 : 0;
            to += letters.splits_pair(to) ? 1 : 0;
            const Delta change = Delta{}.retain(from).retain(to - from, any_attributes(random, true));
            content.apply(change, revision);
            letters.apply(change, revision);
        }
        require_same(content, letters);
        const Delta plain = Delta{}.retain(letters.all.size(), delta_of(R"([{"retain":1,"attributes":
            {"bold":null,"italic":null,"underline":null,"link":null,"header":null,"list":null,"blockquote":null}}])")
                                                                   .operations()[0]
                                                                   .attributes);
        content.apply(plain, 3'000);
        letters.apply(plain, 3'000);
        require_same(content, letters);
        REQUIRE(content.document().operations().size() == 1);
    });
}

TEST_CASE("what passes the end of a text or splits a pair does not fit", "[text][property]") {
    const Content content = [] {
        Content begun;
        begun.apply(delta_of(R"([{"insert":"a🌉b"}])"), 1);
        return begun;
    }();
    REQUIRE(content.misfit(delta_of(R"([{"retain":2},{"insert":"x"}])")) == Misfit::splits_a_pair);
    REQUIRE(content.misfit(delta_of(R"([{"delete":2}])")) == Misfit::splits_a_pair);
    REQUIRE(content.misfit(delta_of(R"([{"retain":1},{"delete":1}])")) == Misfit::splits_a_pair);
    REQUIRE(content.misfit(delta_of(R"([{"retain":2,"attributes":{"bold":true}},{"delete":1}])")) ==
            Misfit::splits_a_pair);
    REQUIRE_FALSE(content.misfit(delta_of(R"([{"retain":1},{"delete":2},{"insert":"x"}])")).has_value());
    REQUIRE_FALSE(content.misfit(delta_of(R"([{"delete":5}])")).has_value());
    REQUIRE(content.misfit(delta_of(R"([{"delete":6}])")) == Misfit::past_the_end);
    REQUIRE(content.misfit(delta_of(R"([{"retain":5},{"insert":"x"},{"delete":1}])")) ==
            Misfit::past_the_end);
    REQUIRE(content.misfit(delta_of(R"([{"retain":9007199254740991},{"insert":"x"}])")) ==
            Misfit::past_the_end);

    for_each_seed(cases(200, 20'000), [](std::mt19937_64& random) {
        Content some;
        Letters letters;
        const Delta change = Delta{}.insert(any_text(random, 30));
        some.apply(change, 1);
        letters.apply(change, 1);
        const std::size_t from = below(random, letters.all.size() + 2);
        const std::size_t to = from + 1 + below(random, 4);
        const bool passes = to > letters.all.size();
        const bool splits = letters.splits_pair(from) || letters.splits_pair(to);
        const auto misfit = some.misfit(Delta{}.retain(from).remove(to - from));
        REQUIRE(misfit.has_value() == (passes || splits));
    });
}

TEST_CASE("a text is blank while it holds nothing but white space", "[text]") {
    Content content;
    content.apply(Delta{}.insert(u" \t\u00A0\u2009\n"), 1);
    REQUIRE(content.is_blank());
    content.apply(Delta{}.retain(3).insert(u"ї"), 2);
    REQUIRE_FALSE(content.is_blank());
}

TEST_CASE("a stored text is put together again from its runs", "[text][property]") {
    for_each_seed(cases(10, 500), [](std::mt19937_64& random) {
        Content content;
        Letters letters;
        for (Revision revision = 1; revision <= 30; ++revision) {
            const Delta change = any_large_change(random, letters);
            content.apply(change, revision);
            letters.apply(change, revision);
        }
        Content again;
        again.clear();
        content.for_each_run([&](std::u16string_view text, const Run& run) { again.append(text, run); });
        require_same(again, letters);
    });
}

TEST_CASE("restoring brings back what was, and what is in both keeps who wrote it", "[text][property]") {
    for_each_seed(cases(20, 500), [](std::mt19937_64& random) {
        Content content;
        Letters letters;
        std::vector<Content> contents{content};
        std::vector<Letters> kept{letters};
        constexpr Revision last = 40;
        for (Revision revision = 1; revision <= last; ++revision) {
            const Delta change = any_large_change(random, letters);
            content.apply(change, revision);
            letters.apply(change, revision);
            contents.push_back(content);
            kept.push_back(letters);
        }
        const Revision revision = below(random, last + 1);
        const Delta change = restoring(content, contents[revision], revision);
        REQUIRE_FALSE(content.misfit(change).has_value());
        content.apply(change, last + 1);
        letters.apply(change, last + 1);
        require_same(content, letters);
        if (!(content.document() == kept[revision].document()))
            REQUIRE(json_of(content.document()) == json_of(kept[revision].document()));
        // Whatever was there all the time has its old mark; the rest is of the restoring.
        const auto is_there = [&](const Mark& mark) {
            return std::ranges::find(kept[last].all, mark, &Letter::mark) != kept[last].all.end();
        };
        for (std::size_t i = 0; i < letters.all.size(); i += 1 + below(random, 20)) {
            const Mark was = kept[revision].all[i].mark;
            const Mark is = letters.all[i].mark;
            if (is.revision != last + 1 ? !(is == was) : is_there(was))
                FAIL("unit " << i << " of revision " << was.revision << " is of " << is.revision << " now");
        }
        // In parts, as it is recorded, it is the same.
        const std::size_t units_max = 100 + below(random, 2'000);
        Content in_parts = contents[last];
        Revision next = last;
        for (const Delta& part : parts_of(change, units_max)) {
            REQUIRE_FALSE(in_parts.misfit(part).has_value());
            std::size_t written = 0;
            for (const Operation& operation : part.operations())
                written += operation.text.size();
            REQUIRE(written <= units_max + 1);
            REQUIRE(part.operations().size() <= units_max / 8 + 2);
            in_parts.apply(part, ++next);
        }
        REQUIRE(in_parts.document() == content.document());
    });
}
