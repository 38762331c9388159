#include "storage/merkle/proof.hpp"

#include <boost/json.hpp>
#include <catch2/catch.hpp>
#include <openssl/evp.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>

// Vectors of transparency-dev/merkle that are kept beside the project. A hash there may have any length;
// one that is not a SHA-256 hash cannot even be asked about, which refuses it.

namespace mosty::storage::merkle {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

std::optional<std::string> vectors_text() {
    const char* given = std::getenv("MOSTY_SHARED_DATA");
    const fs::path folder = given ? fs::path(given) : fs::path(MOSTY_SOURCE_DIR) / ".." / "shared" / "data";
    std::ifstream file(folder / "merkle-inclusion-vectors.json", std::ios::binary);
    if (!file)
        return std::nullopt;
    return std::string{std::istreambuf_iterator<char>(file), {}};
}

std::optional<Hash> decode(const json::value& value) {
    const std::string text = json::value_to<std::string>(value);
    std::string bytes(text.size() / 4 * 3, '\0');
    const int length =
        EVP_DecodeBlock(reinterpret_cast<unsigned char*>(bytes.data()),
                        reinterpret_cast<const unsigned char*>(text.data()), static_cast<int>(text.size()));
    const std::size_t padding = text.size() - std::min(text.size(), text.find_last_not_of('=') + 1);
    Hash hash;
    if (length < 0 || static_cast<std::size_t>(length) != hash.size() + padding)
        return std::nullopt;
    std::copy_n(bytes.begin(), hash.size(), hash.begin());
    return hash;
}

bool accepts(const json::object& vector) {
    const auto root = decode(vector.at("root")), leaf = decode(vector.at("leafHash"));
    if (!root || !leaf)
        return false;
    std::vector<Hash> proof;
    if (vector.at("proof").is_array()) {
        for (const json::value& each : vector.at("proof").as_array()) {
            const auto hash = decode(each);
            if (!hash)
                return false;
            proof.push_back(*hash);
        }
    }
    return verify_inclusion(vector.at("leafIdx").to_number<std::uint64_t>(),
                            vector.at("treeSize").to_number<std::uint64_t>(), *leaf, proof, *root);
}

} // namespace

TEST_CASE("every vector of the transparency-dev project is answered as it wants", "[merkle]") {
    const auto text = vectors_text();
    if (!text) {
        std::puts("merkle inclusion vectors: skipped: data absent");
        return;
    }
    std::size_t accepted = 0, refused = 0;
    for (const auto& [name, value] : json::parse(*text).as_object()) {
        INFO(std::string(name));
        const bool is_accepted = accepts(value.as_object());
        REQUIRE(is_accepted == !value.at("wantErr").as_bool());
        ++(is_accepted ? accepted : refused);
    }
    REQUIRE(accepted == 6);
    REQUIRE(accepted + refused == 98);
}

} // namespace mosty::storage::merkle
