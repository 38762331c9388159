#include "server/accounts/totp.hpp"

#include <catch2/catch.hpp>

using namespace mosty::accounts;

namespace {

const std::string rfc_secret = "12345678901234567890";

} // namespace

TEST_CASE("codes are those of RFC 6238", "[accounts][totp]") {
    // Appendix B, SHA-1: the last six of its eight digits.
    CHECK(totp_code(rfc_secret, 59 / 30) == "287082");
    CHECK(totp_code(rfc_secret, 1'111'111'109 / 30) == "081804");
    CHECK(totp_code(rfc_secret, 1'111'111'111 / 30) == "050471");
    CHECK(totp_code(rfc_secret, 1'234'567'890 / 30) == "005924");
    CHECK(totp_code(rfc_secret, 2'000'000'000 / 30) == "279037");
    CHECK(totp_code(rfc_secret, 20'000'000'000 / 30) == "353130");
    // RFC 4226, appendix D.
    CHECK(totp_code(rfc_secret, 0) == "755224");
    CHECK(totp_code(rfc_secret, 9) == "520489");
}

TEST_CASE("a code is good a step early and a step late, and once", "[accounts][totp]") {
    constexpr std::int64_t step = 40'000'000;
    constexpr std::int64_t now_ms = step * totp_step_ms + 12'345;
    const auto taken = [&](std::int64_t of, std::int64_t last) {
        return totp_step_of(rfc_secret, totp_code(rfc_secret, of), now_ms, last).value_or(-1);
    };
    CHECK(taken(step - 2, 0) == -1);
    CHECK(taken(step - 1, 0) == step - 1);
    CHECK(taken(step, 0) == step);
    CHECK(taken(step + 1, 0) == step + 1);
    CHECK(taken(step + 2, 0) == -1);
    CHECK(taken(step, step) == -1);
    CHECK(taken(step - 1, step) == -1);
    CHECK(taken(step + 1, step) == step + 1);
    CHECK_FALSE(totp_step_of(rfc_secret, "", now_ms, 0));
    CHECK_FALSE(totp_step_of(rfc_secret, totp_code(rfc_secret, step) + "0", now_ms, 0));
    CHECK_FALSE(totp_step_of("another secret of 20", totp_code(rfc_secret, step), now_ms, 0));
}

TEST_CASE("base 32 is that of RFC 4648, without padding", "[accounts][totp]") {
    CHECK(base32("") == "");
    CHECK(base32("f") == "MY");
    CHECK(base32("fo") == "MZXQ");
    CHECK(base32("foo") == "MZXW6");
    CHECK(base32("foob") == "MZXW6YQ");
    CHECK(base32("fooba") == "MZXW6YTB");
    CHECK(base32("foobar") == "MZXW6YTBOI");
}

TEST_CASE("the address for authenticators escapes what it must", "[accounts][totp]") {
    CHECK(totp_uri("foobar", "Mosty", "anna+1@місто.ua") ==
          "otpauth://totp/Mosty:anna%2B1%40%D0%BC%D1%96%D1%81%D1%82%D0%BE.ua?secret=MZXW6YTBOI&issuer=Mosty"
          "&algorithm=SHA1&digits=6&period=30");
}
