#include "server/sealing/entry_sealing.hpp"

#include "domain/base/invariant.hpp"
#include "domain/codec/sealed_form.hpp"
#include "server/audit/base64.hpp"

#include <fmt/format.h>

namespace mosty::sealing {

std::string seal_entry(std::string_view plain, const DataKey& key, const Nonce& nonce) {
    MOSTY_INVARIANT(key.key, "nothing is sealed under a destroyed key");
    std::string entry = codec::sealed_beginning(plain, key.name);
    const std::string sealed = seal(*key.key, nonce, entry, codec::content_to_seal(plain));
    return entry.append(audit::encode_base64(sealed)).append(codec::sealed_ending);
}

Result<std::string, std::string> open_entry(std::string entry, const Keys& keys, Missing missing) {
    if (!codec::is_sealed_entry(entry))
        return entry;
    const auto parts = codec::sealed_parts(entry);
    if (!parts)
        return std::unexpected("its sealed form is damaged");
    const DataKey* key = keys.find(parts->key);
    if (key == nullptr && missing == Missing::refuse)
        return std::unexpected(
            fmt::format("it is sealed under {}, a key that is not here: put the folder's keys beside its log",
                        parts->key));
    if (key == nullptr || !key->key)
        return codec::erased_entry(entry);
    const auto sealed = audit::decode_base64(parts->body);
    const auto content = sealed ? open(*key->key, parts->bound, *sealed) : std::nullopt;
    auto opened = content ? codec::opened_entry(entry, *content) : std::nullopt;
    if (!opened)
        return std::unexpected(
            fmt::format("it does not open under {}: it was changed, or stood elsewhere", parts->key));
    return *std::move(opened);
}

} // namespace mosty::sealing
