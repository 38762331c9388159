#include "server/local/messages.hpp"
#include "tests/fuzz/fuzz.hpp"

// What comes over the socket in the data folder: refused, or read as it would be written.
using namespace mosty;
using namespace mosty::local;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text = fuzz::text_of(data, size);
    if (const auto commands = decode_commands(text)) {
        const std::string written = encode_commands(*commands);
        const auto again = decode_commands(written);
        MOSTY_PROMISE(again && encode_commands(*again) == written);
        for (const core::ServiceCommand& command : *commands)
            static_cast<void>(core::wish_of(command));
    }
    if (const auto answers = decode_answers(text)) {
        const std::string written = encode_answers(*answers);
        const auto again = decode_answers(written);
        MOSTY_PROMISE(again && encode_answers(*again) == written);
    }
    return 0;
}
