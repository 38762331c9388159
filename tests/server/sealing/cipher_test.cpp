#include "server/sealing/cipher.hpp"

#include <catch2/catch.hpp>

#include <set>

using namespace mosty::sealing;

namespace {

Key key_of(char byte) {
    return Key::from(std::string(32, byte)).value();
}

std::string bytes_of(std::string_view digits) {
    std::string bytes;
    for (std::size_t i = 0; i < digits.size(); i += 2)
        bytes += static_cast<char>(std::stoi(std::string(digits.substr(i, 2)), nullptr, 16));
    return bytes;
}

} // namespace

TEST_CASE("sealing is AES-256-GCM as others compute it", "[sealing]") {
    // Test case 16 of the GCM specification (McGrew and Viega).
    const auto key =
        Key::from(bytes_of("feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308")).value();
    Nonce nonce{};
    const std::string iv = bytes_of("cafebabefacedbaddecaf888");
    std::ranges::copy(iv, nonce.begin());
    const std::string plain =
        bytes_of("d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c959568"
                 "09532fcf0e2449a6b525b16aedf5aa0de657ba637b39");
    const std::string bound = bytes_of("feedfacedeadbeeffeedfacedeadbeefabaddad2");
    CHECK(seal(key, nonce, bound, plain) ==
          iv + bytes_of("522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b0"
                        "8b105682883"
                        "8c5f61e6393ba7a0abcc9f66276fc6ece0f4e1768cddf8853bb2d551b"));
}

TEST_CASE("what was sealed opens with its key and what it is bound to, and with nothing else", "[sealing]") {
    const std::string sealed = seal(key_of('a'), random_nonce(), "here", "Олена");
    CHECK(open(key_of('a'), "here", sealed) == "Олена");
    CHECK_FALSE(open(key_of('b'), "here", sealed));
    CHECK_FALSE(open(key_of('a'), "there", sealed));
    CHECK_FALSE(open(key_of('a'), "", sealed));
    for (std::size_t i = 0; i < sealed.size(); ++i) {
        std::string changed = sealed;
        changed[i] = static_cast<char>(changed[i] ^ 1);
        CHECK_FALSE(open(key_of('a'), "here", changed));
        CHECK_FALSE(open(key_of('a'), "here", sealed.substr(0, i)));
    }
    CHECK(open(key_of('a'), "", seal(key_of('a'), random_nonce(), "", "")) == "");
}

TEST_CASE("keys and nonces are never the same twice", "[sealing]") {
    std::set<std::string> keys;
    std::set<Nonce> nonces;
    for (int i = 0; i < 1'000; ++i) {
        keys.insert(std::string(Key::random().bytes()));
        nonces.insert(random_nonce());
    }
    CHECK(keys.size() == 1'000);
    CHECK(nonces.size() == 1'000);
    CHECK_FALSE(Key::from(std::string(31, 'a')));
}
