#include "delta_json.hpp"
#include "random_delta.hpp"
#include "seed.hpp"

#include <catch2/catch.hpp>

#include <utility>
#include <vector>

using namespace mosty;
using namespace mosty::test;
using namespace mosty::text;

// In a long run the properties of this file are tried 10,000,000 times in all.
namespace {

// Tries a property in batches, each of which has its seed.
template <class Property>
void for_each_case(int batches_usual, int batches_long, const Property& property) {
    for_each_seed(cases(batches_usual, batches_long), [&](std::mt19937_64& random) {
        for (int i = 0; i < 1000; ++i)
            property(random);
    });
}

// Stops at the first case that is not as it should be. Comparing is cheap, telling is not.
void require_equal(const Delta& a, const Delta& b,
                   std::initializer_list<std::pair<const char*, const Delta*>> of) {
    if (a == b)
        return;
    for (const auto& [name, delta] : of)
        UNSCOPED_INFO(name << ": " << json_of(*delta));
    REQUIRE(json_of(a) == json_of(b));
    FAIL("two deltas with the same JSON are not equal");
}

bool ends_with_newline(const Delta& document) {
    return !document.is_empty() && document.operations().back().text.ends_with(u'\n');
}

bool is_well_formed(std::u16string_view text) {
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (is_low_surrogate(text[i]))
            return false;
        if (is_high_surrogate(text[i]) && (++i == text.size() || !is_low_surrogate(text[i])))
            return false;
    }
    return true;
}

// Whether an operation of the change ends or begins within a surrogate pair of the text, or past its end.
bool fits(const Delta& change, std::u16string_view text) {
    std::size_t offset = 0;
    for (const Operation& operation : change.operations()) {
        if (operation.kind != Operation::Kind::insert)
            offset += operation.length;
        else if (!is_well_formed(operation.text))
            return false;
        if (offset > text.size() || (offset < text.size() && is_low_surrogate(text[offset])))
            return false;
    }
    return true;
}

// Each unit of a text with its attributes, and a change applied to them the simple way.
using Units = std::vector<std::pair<char16_t, Attributes>>;

Units units_of(const Delta& document) {
    Units units;
    for (const Operation& operation : document.operations())
        for (const char16_t unit : operation.text)
            units.emplace_back(unit, operation.attributes);
    return units;
}

Units applied(Units units, const Delta& change) {
    std::size_t at = 0;
    for (const Operation& operation : change.operations()) {
        for (std::size_t i = 0; i < operation.length; ++i) {
            const auto place = units.begin() + static_cast<std::ptrdiff_t>(at);
            if (operation.kind == Operation::Kind::remove) {
                units.erase(place);
                continue;
            }
            if (operation.kind == Operation::Kind::insert)
                units.insert(place, {operation.text[i], operation.attributes});
            else
                place->second = compose(place->second, operation.attributes, false);
            ++at;
        }
    }
    return units;
}

} // namespace

TEST_CASE("composing with a document does what each operation says, unit by unit", "[delta][property]") {
    for_each_case(5, 1000, [](std::mt19937_64& random) {
        const Delta document = any_document(random);
        const Delta change = any_change(random, document);
        const Delta after = compose(document, change);
        if (units_of(after) == applied(units_of(document), change))
            return;
        INFO("document " << json_of(document) << "\nchange " << json_of(change) << "\nafter "
                         << json_of(after));
        FAIL("composing is not what its operations say");
    });
}

TEST_CASE("two people's edits lead to one text in either order", "[delta][property]") {
    for_each_case(10, 4000, [](std::mt19937_64& random) {
        const Delta document = any_document(random);
        const Delta first = any_change(random, document);
        const Delta second = any_change(random, document);
        const Delta one = compose(first, transform(first, second, Priority::first));
        const Delta other = compose(second, transform(second, first, Priority::second));
        require_equal(compose(document, one), compose(document, other),
                      {{"document", &document}, {"first", &first}, {"second", &second}});
    });
}

TEST_CASE("composing is associative", "[delta][property]") {
    for_each_case(5, 2000, [](std::mt19937_64& random) {
        const Delta document = any_document(random);
        const Delta first = any_change(random, document);
        const Delta second = any_change(random, compose(document, first));
        const Delta third = any_change(random, compose(compose(document, first), second));
        require_equal(compose(compose(first, second), third), compose(first, compose(second, third)),
                      {{"first", &first}, {"second", &second}, {"third", &third}});
        require_equal(compose(document, compose(first, second)), compose(compose(document, first), second),
                      {{"document", &document}, {"first", &first}, {"second", &second}});
    });
}

TEST_CASE("inverting a change brings the text back", "[delta][property]") {
    for_each_case(5, 1000, [](std::mt19937_64& random) {
        const Delta document = any_document(random);
        const Delta change = any_change(random, document);
        const Delta back = invert(change, document);
        require_equal(compose(compose(document, change), back), document,
                      {{"document", &document}, {"change", &change}, {"back", &back}});
    });
}

TEST_CASE("re-based edits never split a surrogate pair", "[delta][property]") {
    for_each_case(5, 1000, [](std::mt19937_64& random) {
        const Delta document = any_document(random);
        const Delta first = any_change(random, document);
        const Delta second = any_change(random, document);
        const Priority priority = one_in(random, 2) ? Priority::first : Priority::second;
        const Delta moved = transform(first, second, priority);
        const Delta between = compose(document, first);
        const Delta after = compose(between, moved);
        const bool holds = fits(moved, plain_text(between)) && is_well_formed(plain_text(after)) &&
                           fits(invert(moved, between), plain_text(after));
        if (holds)
            return;
        INFO("document " << json_of(document) << "\nfirst " << json_of(first) << "\nsecond "
                         << json_of(second));
        FAIL("a surrogate pair is split, or the edit does not fit");
    });
}

TEST_CASE("a text whose last newline two edits took away gets it back in both orders", "[delta][property]") {
    const Delta newline = Delta{}.insert(u"\n");
    for_each_case(5, 1000, [&](std::mt19937_64& random) {
        const Delta document = any_document(random);
        const Delta first = any_change(random, document);
        const Delta second = any_change(random, document);
        if (!ends_with_newline(compose(document, first)) || !ends_with_newline(compose(document, second)))
            return;
        const Delta moved = transform(first, second, Priority::first);
        const Delta between = compose(document, first);
        const Delta after = compose(between, moved);
        Delta repair;
        if (!ends_with_newline(after))
            repair.retain(static_cast<std::size_t>(after.growth())).insert(u"\n");
        // Everybody else sees the edit and its repair as one change; who came first does not matter.
        const Delta repaired = compose(between, compose(moved, repair));
        const Delta other_way =
            compose(compose(document, second), compose(transform(second, first, Priority::second), repair));
        require_equal(repaired, other_way, {{"document", &document}, {"first", &first}, {"second", &second}});
        if (!ends_with_newline(repaired))
            FAIL("no newline at the end: " << json_of(repaired));
    });
}

TEST_CASE("two edits that each leave a newline can leave none together", "[delta]") {
    const Delta document = delta_of(R"([{"insert":"a\nb\n"}])");
    const Delta first = delta_of(R"([{"retain":2},{"delete":2}])");
    const Delta second = delta_of(R"([{"retain":1},{"delete":1}])");
    REQUIRE(ends_with_newline(compose(document, first)));
    REQUIRE(ends_with_newline(compose(document, second)));
    const Delta both = compose(compose(document, first), transform(first, second, Priority::first));
    REQUIRE(json_of(both) == R"([{"insert":"a"}])");
}

TEST_CASE("what is written is read again as it was", "[delta][codec][property]") {
    for_each_case(2, 100, [](std::mt19937_64& random) {
        const Delta document = any_document(random);
        const Delta change = any_change(random, document);
        require_equal(delta_of(json_of(document)), document, {});
        require_equal(delta_of(json_of(change)), change, {});
    });
}
