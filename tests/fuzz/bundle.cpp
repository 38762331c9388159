#include "server/evidence/bundle.hpp"

#include "server/evidence/verify.hpp"
#include "tests/fuzz/fuzz.hpp"

// A file of evidence from anybody: refused, or read as it would be written; without the log's signature it
// proves nothing.
using namespace mosty;
using namespace mosty::evidence;

namespace {

// Somebody else's: whatever is in the file, this key did not sign it.
const audit::VerifierKey& pinned_key() {
    static const audit::VerifierKey key("log.example", audit::SignatureType::ed25519,
                                        audit::Ed25519Key::from_seed(std::string(32, 'p')).public_key());
    return key;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto bundle = parse_bundle(fuzz::text_of(data, size));
    if (!bundle) {
        MOSTY_PROMISE(!bundle.error().empty());
        return 0;
    }
    const std::string written = to_json(*bundle);
    const auto again = parse_bundle(written);
    MOSTY_PROMISE(again.has_value());
    MOSTY_PROMISE(to_json(*again) == written);
    MOSTY_PROMISE(!verify(*bundle, pinned_key()).verifies());
    return 0;
}
