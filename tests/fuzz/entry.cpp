#include "domain/codec/entry.hpp"

#include "domain/codec/event_types.hpp"
#include "domain/codec/index_keys.hpp"
#include "tests/fuzz/fuzz.hpp"

// What is read from a log, a backup or a bundle: refused, or an entry that is written and read again as it
// is.
using namespace mosty;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view bytes = fuzz::text_of(data, size);
    const auto envelope = codec::decode_envelope(bytes);
    const auto entry = codec::decode_entry(bytes);
    const auto keys = codec::index_keys_of(bytes);
    MOSTY_PROMISE(keys.has_value() == envelope.has_value());
    if (!entry)
        return 0;
    MOSTY_PROMISE(envelope && *envelope == entry->envelope);
    MOSTY_PROMISE(envelope->revision >= 1 && envelope->command_index >= 0);
    const int newest = codec::newest_version(envelope->type).value_or(0);
    MOSTY_PROMISE(envelope->schema_version >= 1 && envelope->schema_version <= newest);
    MOSTY_PROMISE(codec::index_keys(*envelope) == *keys);
    // Data whose key is destroyed are read as another event, which nobody writes.
    if (envelope->type != domain::type_of(entry->event))
        return 0;

    codec::Envelope brought_up = *envelope;
    brought_up.schema_version = newest;
    const std::string written = codec::encode_entry(brought_up, entry->event);
    const auto again = codec::decode_entry(written);
    MOSTY_PROMISE(again.has_value());
    MOSTY_PROMISE(again->envelope == brought_up);
    MOSTY_PROMISE(codec::encode_entry(again->envelope, again->event) == written);
    return 0;
}
