#include "domain/codec/entry.hpp"
#include "domain/codec/sealed_form.hpp"
#include "server/sealing/entry_sealing.hpp"
#include "server/sealing/key_lines.hpp"
#include "tests/fuzz/fuzz.hpp"

#include <memory>

// Entries in the sealed form, from a log, a backup or a bundle, and the file of their keys: opened as they
// were sealed, or refused; what was changed in any place does not open.
using namespace mosty;
using namespace mosty::sealing;

namespace {

const DataKey& golden_key() {
    static const DataKey key{"k-abcdefghijklmnopqrstuvwxyz", "person/u-ana",
                             Key::from("0123456789abcdef0123456789abcdef")};
    return key;
}

const Keys& keys() {
    static const Keys all =
        Keys{}
            .with(std::make_shared<const DataKey>(golden_key()))
            .with(std::make_shared<const DataKey>(DataKey{"k-gone", "person/u-gone", std::nullopt}));
    return all;
}

// Whatever stands there, it is told or read.
void check_stored(std::string_view text) {
    static_cast<void>(codec::sealed_parts(text));
    for (const Missing missing : {Missing::refuse, Missing::read_as_erased}) {
        const auto opened = open_entry(std::string(text), keys(), missing);
        if (!opened) {
            MOSTY_PROMISE(!opened.error().empty());
            continue;
        }
        const auto entry = codec::decode_entry(*opened);
        MOSTY_PROMISE(entry || !entry.error().what.empty());
    }
}

// An entry as we write it, sealed and opened again, and changed as the input's length says.
void check_sealing(std::string_view text) {
    const auto entry = codec::decode_entry(text);
    if (!entry || codec::is_sealed_entry(text) || entry->envelope.type != domain::type_of(entry->event))
        return;
    const std::string plain = codec::encode_entry(entry->envelope, entry->event);
    const std::string sealed = seal_entry(plain, golden_key(), Nonce{});
    MOSTY_PROMISE(codec::is_sealed_entry(sealed) && sealed.size() == codec::sealed_bytes(plain));
    MOSTY_PROMISE(open_entry(sealed, keys(), Missing::refuse) == plain);
    std::string changed = sealed;
    changed[text.size() * 7 % changed.size()] ^= 1;
    const auto opened = open_entry(changed, keys(), Missing::refuse);
    MOSTY_PROMISE(!opened || !codec::is_sealed_entry(changed) || codec::is_sealed_entry(*opened));
}

void check_key_lines(std::string_view text) {
    static const MasterKey master = master_key_of(*Key::from("an other key of thirty-two bytes"));
    const std::string first = first_lines(master);
    static_cast<void>(master_name_of(text));
    static_cast<void>(read_key_lines(text, master));
    const auto stored = read_key_lines(first + std::string(text), master);
    if (!stored)
        return;
    std::string written = first;
    for (const DataKeyPtr& key : stored->keys)
        written += line_of(*key, master);
    written += checked_line(stored->checked);
    const auto again = read_key_lines(written, master);
    MOSTY_PROMISE(again && again->keys.size() == stored->keys.size() && again->checked == stored->checked);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text = fuzz::text_of(data, size);
    check_stored(text);
    check_sealing(text);
    check_key_lines(text);
    return 0;
}
