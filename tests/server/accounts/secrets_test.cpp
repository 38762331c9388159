#include "server/accounts/secrets.hpp"
#include "tests/storage/temporary_folder.hpp"

#include <catch2/catch.hpp>

#include <set>
#include <sys/stat.h>

using namespace mosty::accounts;
using mosty::storage::TemporaryFolder;

TEST_CASE("secrets are 256 random bits", "[accounts][secrets]") {
    std::set<std::string> seen;
    for (int i = 0; i < 1'000; ++i) {
        const std::string secret = new_secret();
        CHECK(secret.size() == 43);
        CHECK(secret.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_") ==
              std::string::npos);
        CHECK(seen.insert(secret).second);
    }
    CHECK(digest_of("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST_CASE("what is sealed opens with its key, in its place, unchanged", "[accounts][secrets]") {
    TemporaryFolder folder;
    const auto vault = Vault::open(folder.path() / "key").value();
    const std::string sealed = vault.seal("a secret", "of u-1");
    CHECK(sealed.find("a secret") == std::string::npos);
    CHECK(vault.seal("a secret", "of u-1") != sealed);
    CHECK(vault.unseal(sealed, "of u-1") == "a secret");
    CHECK_FALSE(vault.unseal(sealed, "of u-2"));
    for (std::size_t i = 0; i < sealed.size(); ++i) {
        std::string damaged = sealed;
        damaged[i] = damaged[i] == '0' ? '1' : '0';
        CHECK_FALSE(vault.unseal(damaged, "of u-1"));
    }
    for (const auto* nonsense : {"", "00", "zz", "xyz"})
        CHECK_FALSE(vault.unseal(nonsense, "of u-1"));
    CHECK_FALSE(Vault::open(folder.path() / "other").value().unseal(sealed, "of u-1"));
    CHECK(Vault::open(folder.path() / "key").value().unseal(sealed, "of u-1") == "a secret");
    CHECK(vault.unseal(vault.seal("", "nothing"), "nothing") == "");
}

TEST_CASE("a mark is of its use, its text and its key", "[accounts][secrets]") {
    TemporaryFolder folder;
    const auto vault = Vault::open(folder.path() / "key").value();
    CHECK(vault.mark("device", "a") == vault.mark("device", "a"));
    CHECK(vault.mark("device", "a") != vault.mark("device", "b"));
    CHECK(vault.mark("device", "a") != vault.mark("recovery", "a"));
    CHECK(vault.mark("device", "a") != Vault::open(folder.path() / "other").value().mark("device", "a"));
    struct stat key{};
    REQUIRE(::stat((folder.path() / "key").c_str(), &key) == 0);
    CHECK((key.st_mode & 0777) == 0600);
}
