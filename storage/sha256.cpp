// The functions that OpenSSL 3 calls deprecated, knowingly: those it recommends go through a provider, which
// doubles the cost of hashing a node.
#define OPENSSL_SUPPRESS_DEPRECATED

#include "storage/sha256.hpp"

#include <openssl/sha.h>

#include <tuple>

namespace mosty::storage {

Sha256 sha256(std::string_view bytes) {
    return sha256({bytes});
}

Sha256 sha256(std::initializer_list<std::string_view> parts) {
    static_assert(SHA256_DIGEST_LENGTH == std::tuple_size_v<Sha256>);
    SHA256_CTX context;
    SHA256_Init(&context);
    for (const std::string_view part : parts)
        SHA256_Update(&context, part.data(), part.size());
    Sha256 hash;
    SHA256_Final(hash.data(), &context);
    return hash;
}

} // namespace mosty::storage
