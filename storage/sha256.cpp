#include "storage/sha256.hpp"

#include <openssl/sha.h>

namespace mosty::storage {

Sha256 sha256(std::string_view bytes) {
    static_assert(SHA256_DIGEST_LENGTH == std::tuple_size_v<Sha256>);
    Sha256 hash;
    SHA256(reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(), hash.data());
    return hash;
}

} // namespace mosty::storage
