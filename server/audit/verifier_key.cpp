#include "server/audit/verifier_key.hpp"

#include "domain/base/utf8.hpp"
#include "server/audit/base64.hpp"
#include "storage/big_endian.hpp"
#include "storage/sha256.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace mosty::audit {
namespace {

// Unicode's White_Space.
bool is_space(char32_t code) {
    return (code >= 0x09 && code <= 0x0D) || code == 0x20 || code == 0x85 || code == 0xA0 || code == 0x1680 ||
           (code >= 0x2000 && code <= 0x200A) || code == 0x2028 || code == 0x2029 || code == 0x202F ||
           code == 0x205F || code == 0x3000;
}

std::string typed_key(SignatureType type, const PublicKey& key) {
    return static_cast<char>(type) + std::string(key.begin(), key.end());
}

NoteError malformed(std::string_view why) {
    return {NoteError::Code::malformed_key, fmt::format("this is no verifier key: {}", why)};
}

} // namespace

bool is_key_name(std::string_view name) {
    if (name.empty())
        return false;
    while (!name.empty()) {
        const auto [code, length] = first_character(name);
        if (length == 0 || code < 0x20 || code == '+' || is_space(code))
            return false;
        name.remove_prefix(length);
    }
    return true;
}

VerifierKey::VerifierKey(std::string name, SignatureType type, const PublicKey& public_key)
    : name_(std::move(name)), type_(type), public_key_(public_key) {
    const auto hash = storage::sha256(name_ + '\n' + typed_key(type_, public_key_));
    id_ = storage::get_big_endian<std::uint32_t>(reinterpret_cast<const char*>(hash.data()));
}

Result<VerifierKey, NoteError> VerifierKey::parse(std::string_view vkey) {
    const auto first = vkey.find('+');
    const auto second = first == std::string_view::npos ? first : vkey.find('+', first + 1);
    if (second == std::string_view::npos)
        return std::unexpected(malformed("its form is name+id+key"));
    const auto name = vkey.substr(0, first);
    if (!is_key_name(name))
        return std::unexpected(malformed("its name is empty, or has spaces or control characters"));
    const auto key = decode_base64(vkey.substr(second + 1));
    if (!key || key->empty())
        return std::unexpected(malformed("its key is not base 64"));
    const auto type = static_cast<SignatureType>(key->front());
    if (type != SignatureType::ed25519 && type != SignatureType::cosignature)
        return std::unexpected(malformed(
            fmt::format("it has the type 0x{:02x}; 0x01 and 0x04 are known", static_cast<unsigned>(type))));
    PublicKey public_key{};
    if (key->size() != 1 + public_key.size())
        return std::unexpected(malformed("its key does not have 32 bytes"));
    std::copy(key->begin() + 1, key->end(), public_key.begin());

    VerifierKey parsed(std::string{name}, type, public_key);
    if (vkey.substr(first + 1, second - first - 1) != fmt::format("{:08x}", parsed.id()))
        return std::unexpected(malformed("its id does not belong to its name and key"));
    return parsed;
}

std::string VerifierKey::text() const {
    return fmt::format("{}+{:08x}+{}", name_, id_, encode_base64(typed_key(type_, public_key_)));
}

} // namespace mosty::audit
