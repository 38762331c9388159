#include "server/backup/folder.hpp"
#include "storage/sha256.hpp"
#include "tests/fuzz/fuzz.hpp"

// What lies in a backup's folder: its manifest and its bundles of entries, perhaps damaged or made by
// somebody else.
using namespace mosty;
using namespace mosty::backup;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view bytes = fuzz::text_of(data, size);
    // Whoever writes a manifest can also sum it up.
    std::string manifest_text{bytes};
    manifest_text += "sha256 " + to_hex(storage::sha256(bytes)) + '\n';
    if (const auto manifest = parse_manifest(manifest_text)) {
        const auto again = parse_manifest(format(*manifest));
        MOSTY_PROMISE(again && *again == *manifest);
    }

    for (const std::size_t count : {std::size_t{1}, std::size_t{3}, std::size_t{256}}) {
        const Split split = split_entries(bytes, count);
        MOSTY_PROMISE(split.entries.size() <= count);
        std::string whole;
        for (const std::string_view entry : split.entries)
            append_entry(whole, entry);
        MOSTY_PROMISE(bytes.starts_with(whole));
        if (split.fault.empty())
            MOSTY_PROMISE(split.entries.size() == count && whole == bytes);
    }
    return 0;
}
