#include "domain/base/text.hpp"
#include "domain/base/utf16.hpp"
#include "domain/codec/delta.hpp"
#include "domain/text/content.hpp"
#include "tests/fuzz/fuzz.hpp"

// Three lines of JSON, each a delta that somebody sends. What is accepted keeps the schema, fits a text or is
// told not to, and moves past the others without harm, whether it fits or not.
using namespace mosty;
using namespace mosty::text;
using Kind = Operation::Kind;

namespace {

constexpr codec::DeltaRule rule{};

std::string json_of(const Delta& delta) {
    std::string json;
    codec::write_value(json, delta);
    return json;
}

std::optional<Delta> read(std::string_view json, codec::Origin origin) {
    static simdjson::dom::parser parser;
    simdjson::dom::element element;
    Delta delta;
    if (parser.parse(json.data(), json.size()).get(element) != simdjson::SUCCESS)
        return std::nullopt;
    if (codec::read_value({origin, "change"}, element, rule, delta))
        return std::nullopt;
    return delta;
}

void check_schema(const Delta& delta) {
    MOSTY_PROMISE(!delta.is_empty());
    const std::string json = json_of(delta);
    MOSTY_PROMISE(json.size() <= rule.json_bytes_max);
    for (const Operation& operation : delta.operations()) {
        MOSTY_PROMISE(operation.length > 0);
        MOSTY_PROMISE(operation.kind != Kind::remove || operation.attributes.is_empty());
        if (operation.kind != Kind::insert)
            continue;
        MOSTY_PROMISE(operation.text.size() == operation.length);
        MOSTY_PROMISE(!operation.attributes.has_null());
        MOSTY_PROMISE(!find_text_fault(utf8_of(operation.text)));
    }
    const auto again = read(json, codec::Origin::sent);
    MOSTY_PROMISE(again && *again == delta);
}

// Applies it to a text when it fits.
void check_fit(Content& content, const Delta& change, Revision revision) {
    const auto misfit = content.misfit(change);
    MOSTY_PROMISE(misfit || change.base_length() <= content.length());
    if (misfit)
        return;
    const Delta before = content.document();
    const auto length = static_cast<std::ptrdiff_t>(content.length()) + change.growth();
    const bool ends_with_newline = content.would_end_with_newline(change);
    content.apply(change, revision);
    MOSTY_PROMISE(static_cast<std::ptrdiff_t>(content.length()) == length);
    MOSTY_PROMISE(content.document() == compose(before, change));
    MOSTY_PROMISE(ends_with_newline ==
                  (content.length() > 0 && content.text(content.length() - 1, content.length()) == u"\n"));
    MOSTY_PROMISE(compose(content.document(), invert(change, before)) == before);
    // A text always ends with a newline: the server repairs it within the same event.
    if (!ends_with_newline)
        content.apply(Delta().retain(content.length()).insert(u"\n"), revision + 1);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    std::string_view rest = fuzz::text_of(data, size);
    std::vector<Delta> deltas;
    Content content;
    while (!rest.empty() && deltas.size() < 3) {
        const std::string_view line = fuzz::take_line(rest);
        const auto recorded = read(line, codec::Origin::recorded);
        const auto sent = read(line, codec::Origin::sent);
        MOSTY_PROMISE(!sent || (recorded && *recorded == *sent));
        if (!sent)
            continue;
        check_schema(*sent);
        check_fit(content, *sent, 2 * deltas.size() + 1);
        deltas.push_back(*sent);
    }
    // An edit of an old base is moved before anybody knows whether it fits.
    for (const Delta& earlier : deltas)
        for (const Delta& later : deltas)
            for (const Priority priority : {Priority::first, Priority::second}) {
                const Delta moved = transform(earlier, later, priority);
                static_cast<void>(content.misfit(moved));
                static_cast<void>(compose(earlier, moved));
                static_cast<void>(transform_position(earlier, later.base_length(), priority));
            }
    return 0;
}
