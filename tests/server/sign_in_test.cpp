#include "server/access/sign_in.hpp"
#include "tests/storage/temporary_folder.hpp"

#include <catch2/catch.hpp>

#include <fstream>

using namespace mosty;
using access::SignIns;
using storage::TemporaryFolder;

namespace {

constexpr std::int64_t noon = 1'795'341'600'000;

SignIns opened(const std::filesystem::path& path) {
    auto sign_ins = SignIns::open(path);
    REQUIRE(sign_ins.has_value());
    return std::move(*sign_ins);
}

} // namespace

TEST_CASE("a token says who signed in until it runs out", "[sign_in]") {
    const TemporaryFolder folder;
    const auto sign_ins = opened(folder.path() / "key");
    const auto token = sign_ins.issue(ActorId{"u-ana"}, noon);

    REQUIRE(sign_ins.check(token, noon - 1) == ActorId{"u-ana"});
    REQUIRE(sign_ins.check(token, noon) == std::nullopt);
    REQUIRE(sign_ins.check(token, noon + 1) == std::nullopt);
}

TEST_CASE("tokens outlive a restart and are of no use at another server", "[sign_in]") {
    const TemporaryFolder folder;
    const auto token = opened(folder.path() / "key").issue(ActorId{"u-ana"}, noon);

    REQUIRE(opened(folder.path() / "key").check(token, 0) == ActorId{"u-ana"});
    REQUIRE(opened(folder.path() / "another").check(token, 0) == std::nullopt);
}

TEST_CASE("a token changed in any character is worth nothing", "[sign_in]") {
    const TemporaryFolder folder;
    const auto sign_ins = opened(folder.path() / "key");
    const auto token = sign_ins.issue(ActorId{"u-ana"}, noon);
    for (std::size_t i = 0; i < token.size(); ++i) {
        auto changed = token;
        changed[i] = changed[i] == 'a' ? 'b' : 'a';
        REQUIRE(sign_ins.check(changed, 0) == std::nullopt);
        REQUIRE(sign_ins.check(token.substr(0, i), 0) == std::nullopt);
    }
    REQUIRE(sign_ins.check(token + "0", 0) == std::nullopt);
}

TEST_CASE("what is no token is nobody's", "[sign_in]") {
    const TemporaryFolder folder;
    const auto sign_ins = opened(folder.path() / "key");
    for (const std::string& text : {std::string{}, std::string{"."}, std::string{".."}, std::string{"u-ana"},
                                    std::string{"u-ana.99999999999999."}, std::string(100'000, '.')})
        REQUIRE(sign_ins.check(text, 0) == std::nullopt);
}

TEST_CASE("the key is its owner's alone", "[sign_in]") {
    const TemporaryFolder folder;
    opened(folder.path() / "key");
    using std::filesystem::perms;
    REQUIRE(std::filesystem::status(folder.path() / "key").permissions() ==
            (perms::owner_read | perms::owner_write));
}

TEST_CASE("a damaged key is refused with its name", "[sign_in]") {
    const TemporaryFolder folder;
    const auto path = folder.path() / "key";
    for (const std::size_t length : {0u, 31u, 33u}) {
        std::ofstream(path, std::ios::trunc) << std::string(length, 'k');
        const auto sign_ins = SignIns::open(path);
        REQUIRE_FALSE(sign_ins.has_value());
        REQUIRE(sign_ins.error().find(path.string()) != std::string::npos);
    }
    REQUIRE_FALSE(SignIns::open(folder.path() / "absent" / "key").has_value());
}
