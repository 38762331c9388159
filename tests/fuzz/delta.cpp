#include "domain/text/delta.hpp"

#include "domain/text/anchor.hpp"
#include "domain/text/content.hpp"
#include "tests/domain/letters.hpp"
#include "tests/domain/random_delta.hpp"
#include "tests/fuzz/fuzz.hpp"

// The algebra of deltas: a document and changes that fit it, made from the input's bytes, keep every law that
// clients and server rely on.
using namespace mosty;
using namespace mosty::test;
using namespace mosty::text;

namespace {

void check_two_writers(const Delta& document, const Delta& first, const Delta& second) {
    const Delta moved = transform(first, second, Priority::first);
    const Delta other = transform(second, first, Priority::second);
    MOSTY_PROMISE(compose(compose(document, first), moved) == compose(compose(document, second), other));
    MOSTY_PROMISE(compose(document, compose(first, moved)) == compose(compose(document, first), moved));
}

void check_two_steps(const Delta& document, const Delta& first, const Delta& second, const Delta& third) {
    MOSTY_PROMISE(compose(compose(first, second), third) == compose(first, compose(second, third)));
    MOSTY_PROMISE(compose(document, compose(first, second)) == compose(compose(document, first), second));
}

void check_inverse(const Delta& document, const Delta& change) {
    const Delta after = compose(document, change);
    const Delta back = invert(change, document);
    MOSTY_PROMISE(compose(after, back) == document);
    MOSTY_PROMISE(after.growth() == document.growth() + change.growth());
    MOSTY_PROMISE(back.growth() == -change.growth());
}

void check_places(const Delta& change, std::size_t length) {
    std::size_t left = 0;
    std::size_t right = 0;
    for (std::size_t position = 0; position <= length; ++position) {
        const std::size_t now_left = transform_position(change, position, Priority::first);
        const std::size_t now_right = transform_position(change, position, Priority::second);
        MOSTY_PROMISE(now_left <= now_right && left <= now_left && right <= now_right);
        left = now_left;
        right = now_right;
        const Range range = transform(change, Range{position / 2, position});
        MOSTY_PROMISE(range.from <= range.to);
    }
}

void check_parts(const Delta& document, const Delta& change) {
    Delta after = document;
    for (const Delta& part : parts_of(change, 16)) {
        MOSTY_PROMISE(!part.is_empty());
        after = compose(after, part);
    }
    MOSTY_PROMISE(after == compose(document, change));
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    fuzz::Chances chances(fuzz::text_of(data, size));
    Content content; // the way the server keeps a text
    Letters letters; // the simple way
    Content begun;
    Revision begun_at = 0;
    for (Revision revision = 1; revision <= 24 && !chances.at_end(); ++revision) {
        const Delta document = content.document();
        const Delta change = any_change(chances, document);
        const Delta beside = any_change(chances, document);
        check_two_writers(document, change, beside);
        check_inverse(document, change);
        check_places(change, content.length());
        check_parts(document, change);
        const Delta next = any_change(chances, compose(document, change));
        check_two_steps(document, change, next,
                        any_change(chances, compose(compose(document, change), next)));

        MOSTY_PROMISE(!content.misfit(change));
        content.apply(change, revision);
        letters.apply(change, revision);
        MOSTY_PROMISE(content.document() == letters.document());
        MOSTY_PROMISE(content.document() == compose(document, change));
        if (one_in(chances, 5)) {
            begun = content;
            begun_at = revision;
        }
    }
    const Delta back = restoring(content, begun, begun_at);
    MOSTY_PROMISE(!content.misfit(back));
    MOSTY_PROMISE(compose(content.document(), back) == begun.document());
    return 0;
}
