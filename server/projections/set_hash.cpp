#include "server/projections/set_hash.hpp"

#include "server/projections/keys.hpp"

#include <string>

namespace mosty::projections {
namespace {

using Words = std::array<std::uint64_t, 4>;

constexpr std::string_view domain = "mosty.views.row.v1";

Words words_of(const storage::Sha256& bytes) {
    Words words{};
    for (std::size_t i = 0; i < bytes.size(); ++i)
        words[3 - i / 8] = (words[3 - i / 8] << 8) | bytes[i];
    return words;
}

} // namespace

void SetHash::add(const Element& element) {
    const Words added = words_of(element);
    unsigned long long carry = 0;
    for (std::size_t i = 0; i < words_.size(); ++i)
        words_[i] = __builtin_addcll(words_[i], added[i], carry, &carry);
}

void SetHash::remove(const Element& element) {
    const Words removed = words_of(element);
    unsigned long long borrow = 0;
    for (std::size_t i = 0; i < words_.size(); ++i)
        words_[i] = __builtin_subcll(words_[i], removed[i], borrow, &borrow);
}

storage::Sha256 SetHash::bytes() const {
    storage::Sha256 bytes;
    for (std::size_t i = 0; i < bytes.size(); ++i)
        bytes[i] = static_cast<std::uint8_t>(words_[3 - i / 8] >> (8 * (7 - i % 8)));
    return bytes;
}

SetHash SetHash::of(const storage::Sha256& bytes) {
    SetHash hash;
    hash.words_ = words_of(bytes);
    return hash;
}

SetHash::Element element_of(std::string_view key, std::string_view value) {
    std::string lengths;
    keys::append_number(lengths, key.size());
    keys::append_number(lengths, value.size());
    return storage::sha256({domain, lengths, key, value});
}

} // namespace mosty::projections
