#include "storage/rocksdb/encrypted_env.hpp"

#include "domain/base/invariant.hpp"
#include "storage/rocksdb/folder.hpp"
#include "storage/sha256.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <rocksdb/env.h>
#include <rocksdb/env_encryption.h>
#include <rocksdb/file_system.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <fstream>
#include <optional>
#include <string>
#include <tuple>
#include <unistd.h>
#include <utility>
#include <vector>

namespace mosty::storage {

namespace {

constexpr std::size_t key_bytes = 32;
constexpr std::size_t cipher_block_bytes = 16;
// What stands before each file: a page, of which these bytes are of use. The mark tells at once that a file
// is of another form or key, instead of as nonsense somewhere in it.
constexpr std::size_t prefix_bytes = first_page_bytes;
constexpr std::string_view magic = "mosty encrypted\n";
constexpr std::size_t counter_at = magic.size();
constexpr std::size_t mark_at = counter_at + cipher_block_bytes;

using Counter = std::array<unsigned char, cipher_block_bytes>;

// The key, wiped from memory when it goes.
class FileKey {
public:
    explicit FileKey(std::string_view key) : key_(key) {
        MOSTY_INVARIANT(key.size() == key_bytes, "AES-256 has keys of 32 bytes");
    }
    FileKey(const FileKey&) = delete;
    FileKey& operator=(const FileKey&) = delete;
    ~FileKey() { OPENSSL_cleanse(key_.data(), key_.size()); }

    const unsigned char* bytes() const { return reinterpret_cast<const unsigned char*>(key_.data()); }
    // Tells whoever has the key that a counter was made under it, and nobody else anything.
    Sha256 mark_of(const Counter& counter) const {
        return sha256({key_, {reinterpret_cast<const char*>(counter.data()), counter.size()}});
    }

private:
    std::string key_;
};

Counter plus(Counter counter, std::uint64_t blocks) {
    for (std::size_t i = counter.size(); i-- > 0 && blocks > 0;) {
        blocks += counter[i];
        counter[i] = static_cast<unsigned char>(blocks);
        blocks >>= 8;
    }
    return counter;
}

class CounterStream final : public rocksdb::BlockAccessCipherStream {
public:
    CounterStream(std::shared_ptr<const FileKey> key, const Counter& counter)
        : key_(std::move(key)), counter_(counter) {}

    std::size_t BlockSize() override { return cipher_block_bytes; }

    // In counter mode both are the same. Any thread may come, so nothing is kept between two calls.
    rocksdb::Status Encrypt(std::uint64_t offset, char* data, std::size_t size) override {
        const std::unique_ptr<EVP_CIPHER_CTX, decltype(&EVP_CIPHER_CTX_free)> cipher(EVP_CIPHER_CTX_new(),
                                                                                     EVP_CIPHER_CTX_free);
        const Counter first = plus(counter_, offset / cipher_block_bytes);
        std::array<unsigned char, cipher_block_bytes> skipped{};
        int done = 0;
        bool works = cipher && EVP_EncryptInit_ex(cipher.get(), EVP_aes_256_ctr(), nullptr, key_->bytes(),
                                                  first.data()) == 1;
        works = works && EVP_EncryptUpdate(cipher.get(), skipped.data(), &done, skipped.data(),
                                           static_cast<int>(offset % cipher_block_bytes)) == 1;
        while (works && size > 0) {
            const std::size_t part = std::min<std::size_t>(size, 1u << 30);
            auto* bytes = reinterpret_cast<unsigned char*>(data);
            works = EVP_EncryptUpdate(cipher.get(), bytes, &done, bytes, static_cast<int>(part)) == 1;
            data += part;
            size -= part;
        }
        return works ? rocksdb::Status::OK() : rocksdb::Status::IOError("cannot encrypt");
    }
    rocksdb::Status Decrypt(std::uint64_t offset, char* data, std::size_t size) override {
        return Encrypt(offset, data, size);
    }

private:
    // Of the blocks that the two above do without.
    void AllocateScratch(std::string&) override {}
    rocksdb::Status EncryptBlock(std::uint64_t, char*, char*) override {
        return rocksdb::Status::NotSupported();
    }
    rocksdb::Status DecryptBlock(std::uint64_t, char*, char*) override {
        return rocksdb::Status::NotSupported();
    }

    const std::shared_ptr<const FileKey> key_;
    const Counter counter_;
};

// Of a first page that was made under the key; nothing of one that was not.
std::optional<Counter> counter_of(std::string_view prefix, const FileKey& key) {
    Counter counter;
    std::copy_n(prefix.data() + counter_at, counter.size(), counter.begin());
    const Sha256 mark = key.mark_of(counter);
    if (CRYPTO_memcmp(mark.data(), prefix.data() + mark_at, mark.size()) != 0)
        return std::nullopt;
    return counter;
}

// Of a file that has no first page yet, and so nothing to be read.
class EmptyStream final : public rocksdb::BlockAccessCipherStream {
public:
    std::size_t BlockSize() override { return cipher_block_bytes; }
    rocksdb::Status Encrypt(std::uint64_t, char*, std::size_t size) override { return nothing(size); }
    rocksdb::Status Decrypt(std::uint64_t, char*, std::size_t size) override { return nothing(size); }

private:
    static rocksdb::Status nothing(std::size_t size) {
        return size == 0 ? rocksdb::Status::OK()
                         : rocksdb::Status::Corruption("a file without its first page");
    }
    void AllocateScratch(std::string&) override {}
    rocksdb::Status EncryptBlock(std::uint64_t, char*, char*) override {
        return rocksdb::Status::NotSupported();
    }
    rocksdb::Status DecryptBlock(std::uint64_t, char*, char*) override {
        return rocksdb::Status::NotSupported();
    }
};

// What a crash leaves of a file whose first page it cut short.
bool is_cut_short(std::string_view prefix) {
    return prefix.size() < prefix_bytes && (prefix.starts_with(magic) || magic.starts_with(prefix));
}

class Provider final : public rocksdb::EncryptionProvider {
public:
    explicit Provider(std::string_view key) : key_(std::make_shared<const FileKey>(key)) {}

    const char* Name() const override { return "mosty.aes_256_ctr"; }
    std::size_t GetPrefixLength() const override { return prefix_bytes; }

    rocksdb::Status CreateNewPrefix(const std::string&, char* prefix, std::size_t length) const override {
        MOSTY_INVARIANT(length == prefix_bytes, "a file begins with one page");
        std::fill_n(prefix, length, '\0');
        Counter counter;
        // From the system itself: OpenSSL keeps a generator for each thread, and RocksDB's threads never end.
        if (::getentropy(counter.data(), counter.size()) != 0)
            return rocksdb::Status::IOError("the system has no randomness");
        std::ranges::copy(magic, prefix);
        std::ranges::copy(counter, prefix + counter_at);
        std::ranges::copy(key_->mark_of(counter), prefix + mark_at);
        return rocksdb::Status::OK();
    }

    rocksdb::Status AddCipher(const std::string&, const char*, std::size_t, bool) override {
        return rocksdb::Status::NotSupported("there is one key");
    }

    rocksdb::Status CreateCipherStream(const std::string& name, const rocksdb::EnvOptions&,
                                       rocksdb::Slice& prefix,
                                       std::unique_ptr<rocksdb::BlockAccessCipherStream>* stream) override {
        if (is_cut_short({prefix.data(), prefix.size()})) {
            *stream = std::make_unique<EmptyStream>();
            return rocksdb::Status::OK();
        }
        if (prefix.size() < prefix_bytes || !prefix.starts_with(rocksdb::Slice(magic.data(), magic.size())))
            return rocksdb::Status::Corruption("not an encrypted file", name);
        const auto counter = counter_of({prefix.data(), prefix.size()}, *key_);
        if (!counter)
            return rocksdb::Status::Corruption("encrypted under another key", name);
        *stream = std::make_unique<CounterStream>(key_, *counter);
        return rocksdb::Status::OK();
    }

private:
    const std::shared_ptr<const FileKey> key_;
};

// RocksDB takes for granted, with an assertion, that each file has its first page. One that another process
// is just making, or that a crash cut short, has none: it counts as empty.
class WithFirstPages final : public rocksdb::FileSystemWrapper {
public:
    explicit WithFirstPages(const std::shared_ptr<rocksdb::FileSystem>& files) : FileSystemWrapper(files) {}

    const char* Name() const override { return "mosty.with_first_pages"; }

    rocksdb::IOStatus GetFileSize(const std::string& name, const rocksdb::IOOptions& options,
                                  std::uint64_t* size, rocksdb::IODebugContext* context) override {
        auto status = FileSystemWrapper::GetFileSize(name, options, size, context);
        if (status.ok())
            *size = std::max<std::uint64_t>(*size, prefix_bytes);
        return status;
    }

    rocksdb::IOStatus GetChildrenFileAttributes(const std::string& folder, const rocksdb::IOOptions& options,
                                                std::vector<rocksdb::FileAttributes>* found,
                                                rocksdb::IODebugContext* context) override {
        auto status = FileSystemWrapper::GetChildrenFileAttributes(folder, options, found, context);
        if (status.ok())
            for (rocksdb::FileAttributes& file : *found)
                file.size_bytes = std::max<std::uint64_t>(file.size_bytes, prefix_bytes);
        return status;
    }
};

} // namespace

std::unique_ptr<rocksdb::Env> encrypted_env(std::string_view key) {
    return rocksdb::NewCompositeEnv(rocksdb::NewEncryptedFS(
        std::make_shared<WithFirstPages>(rocksdb::FileSystem::Default()), std::make_shared<Provider>(key)));
}

Result<KeptAs, std::string> kept_as(const std::filesystem::path& path, std::string_view key) {
    std::ifstream file(path, std::ios::binary);
    std::string prefix(mark_at + std::tuple_size_v<Sha256>, '\0');
    file.read(prefix.data(), static_cast<std::streamsize>(prefix.size()));
    if (!file.is_open() || file.bad())
        return std::unexpected(system_failure("read", path));
    prefix.resize(static_cast<std::size_t>(file.gcount()));
    if (!prefix.starts_with(magic))
        return KeptAs::in_the_clear;
    prefix.resize(mark_at + std::tuple_size_v<Sha256>);
    const bool is_under_key = !key.empty() && counter_of(prefix, FileKey(key));
    return is_under_key ? KeptAs::under_the_key : KeptAs::under_another_key;
}

} // namespace mosty::storage
