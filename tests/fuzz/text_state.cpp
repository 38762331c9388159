#include "domain/codec/text_state.hpp"

#include "tests/fuzz/fuzz.hpp"

// A kept state of a text: refused, or one that is written and read again as it is.
using namespace mosty;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto state = codec::decode_text_state(fuzz::text_of(data, size));
    if (!state)
        return 0;
    const std::string written = codec::encode_text_state(*state);
    const auto again = codec::decode_text_state(written);
    MOSTY_PROMISE(again.has_value());
    MOSTY_PROMISE(codec::encode_text_state(*again) == written);
    MOSTY_PROMISE(again->content.document() == state->content.document());
    return 0;
}
