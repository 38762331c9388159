#include "storage/sha256.hpp"

#include "domain/base/invariant.hpp"

#include <openssl/evp.h>

#include <memory>

namespace mosty::storage {

namespace {

// Looking the algorithm up costs more than hashing an entry, so each thread does it once.
class Hasher {
public:
    Hasher() { MOSTY_INVARIANT(algorithm_ != nullptr && context_ != nullptr, "OpenSSL has SHA-256"); }

    Sha256 hash(std::initializer_list<std::string_view> parts) {
        bool done = EVP_DigestInit_ex2(context_.get(), algorithm_.get(), nullptr) == 1;
        for (const std::string_view part : parts)
            done = done && EVP_DigestUpdate(context_.get(), part.data(), part.size()) == 1;
        Sha256 hash;
        done = done && EVP_DigestFinal_ex(context_.get(), hash.data(), nullptr) == 1;
        MOSTY_INVARIANT(done, "bytes in memory can be hashed");
        return hash;
    }

private:
    std::unique_ptr<EVP_MD, decltype(&EVP_MD_free)> algorithm_{EVP_MD_fetch(nullptr, "SHA256", nullptr),
                                                               &EVP_MD_free};
    std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context_{EVP_MD_CTX_new(), &EVP_MD_CTX_free};
};

} // namespace

Sha256 sha256(std::string_view bytes) {
    return sha256({bytes});
}

Sha256 sha256(std::initializer_list<std::string_view> parts) {
    thread_local Hasher hasher;
    return hasher.hash(parts);
}

} // namespace mosty::storage
