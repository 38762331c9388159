#include "server/accounts/passwords.hpp"

#include <catch2/catch.hpp>

#include <chrono>

using namespace mosty::accounts;

namespace {

constexpr PasswordCost cheap{.memory_mib = 8, .passes = 1};

std::string refusal(std::string_view password, std::string_view email = "olena.koval@town.ua") {
    const auto problem = refuse_password(password, email);
    return problem ? problem->code : "taken";
}

} // namespace

TEST_CASE("a password is known by its hash alone, which never looks the same", "[accounts][password]") {
    const std::string hash = hash_password("міст через річку", cheap);
    CHECK(hash.starts_with("$argon2id$v=19$m=8192,t=1,p=1$"));
    CHECK(hash.find('\0') == std::string::npos);
    CHECK(is_password("міст через річку", hash));
    CHECK_FALSE(is_password("міст через рікчу", hash));
    CHECK_FALSE(is_password("", hash));
    CHECK_FALSE(is_password("міст через річку", "not a hash"));
    CHECK_FALSE(is_password("міст через річку", ""));
    CHECK(hash_password("міст через річку", cheap) != hash);
}

TEST_CASE("a hash of another cost is made anew", "[accounts][password]") {
    const std::string hash = hash_password("a bridge over water", cheap);
    CHECK_FALSE(is_outdated(hash, cheap));
    CHECK(is_outdated(hash, {.memory_mib = 16, .passes = 1}));
    CHECK(is_outdated(hash, {.memory_mib = 8, .passes = 2}));
}

TEST_CASE("passwords that are guessed first are refused", "[accounts][password]") {
    CHECK(refusal("міст через річку") == "taken");
    CHECK(refusal("a bridge over water") == "taken");
    CHECK(refusal("x7$kQ-2m!pTz") == "taken");
    CHECK(refusal("короткий") == "weak_password");
    CHECK(refusal("elevenchars") == "weak_password");
    CHECK(refusal("aaaaaaaaaaaaaaaa") == "weak_password");
    CHECK(refusal("123412341234") == "weak_password");
    CHECK(refusal("123456789012") == "weak_password");
    CHECK(refusal("Password1234") == "weak_password");
    CHECK(refusal("Olena.Koval2026") == "weak_password");
    CHECK(refusal(std::string(600, 'a') + "bcdefg") == "too_long");
    CHECK(refusal("bad \xff bytes in a password") == "invalid_field");
    CHECK(refusal(std::string_view("a bridge\0over water", 19)) == "invalid_field");
}

TEST_CASE("an address is compared without case and blanks around it", "[accounts][password]") {
    CHECK(plain_email(" Olena.Koval@Town.UA ") == "olena.koval@town.ua");
    CHECK(plain_email("олена@місто.укр") == "олена@місто.укр");
    for (const auto* none : {"", "olena", "@town.ua", "olena@", "olena@town", "a@b@town.ua", "a b@town.ua",
                             "a@town.ua.", "a@town.ua\nbcc:x@y.z", "<a@town.ua>", "a,b@town.ua"})
        CHECK_FALSE(plain_email(none));
    CHECK_FALSE(plain_email(std::string(250, 'a') + "@town.ua"));
}
