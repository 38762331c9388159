#include "tests/storage/merkle/naive_tree.hpp"

#include <openssl/sha.h>

namespace mosty::storage::merkle::naive {

namespace {

Hash sha(const std::string& bytes) {
    Hash hash;
    SHA256(reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(), hash.data());
    return hash;
}

// "the largest power of two smaller than n"
std::size_t split(std::size_t n) {
    std::size_t k = 1;
    while (k * 2 < n)
        k *= 2;
    return k;
}

std::vector<Hash> with(std::vector<Hash> path, const Hash& last) {
    path.push_back(last);
    return path;
}

std::vector<Hash> subproof(std::size_t m, Entries entries, bool is_whole) {
    const std::size_t n = entries.size();
    if (m == n)
        return is_whole ? std::vector<Hash>{} : std::vector{tree_hash(entries)};
    const std::size_t k = split(n);
    if (m <= k)
        return with(subproof(m, entries.first(k), is_whole), tree_hash(entries.subspan(k)));
    return with(subproof(m - k, entries.subspan(k), false), tree_hash(entries.first(k)));
}

} // namespace

Hash tree_hash(Entries entries) {
    if (entries.empty())
        return sha("");
    if (entries.size() == 1)
        return sha(std::string(1, '\0') + entries.front());
    const std::size_t k = split(entries.size());
    const Hash left = tree_hash(entries.first(k)), right = tree_hash(entries.subspan(k));
    std::string node(1, '\1');
    node.append(left.begin(), left.end()).append(right.begin(), right.end());
    return sha(node);
}

std::vector<Hash> inclusion_path(std::size_t m, Entries entries) {
    if (entries.size() == 1)
        return {};
    const std::size_t k = split(entries.size());
    if (m < k)
        return with(inclusion_path(m, entries.first(k)), tree_hash(entries.subspan(k)));
    return with(inclusion_path(m - k, entries.subspan(k)), tree_hash(entries.first(k)));
}

std::vector<Hash> consistency_path(std::size_t m, Entries entries) {
    return subproof(m, entries, true);
}

} // namespace mosty::storage::merkle::naive
