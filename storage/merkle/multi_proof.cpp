#include "storage/merkle/multi_proof.hpp"

#include "domain/base/invariant.hpp"

#include <algorithm>
#include <bit>

namespace mosty::storage::merkle {

namespace {

// RFC 6962 §2.1: the left subtree's size.
Size split_of(Size size) {
    return std::bit_floor(size - 1);
}

class Proving {
public:
    explicit Proving(const SubtreeRoot& root_of) : root_of_(root_of) {}

    Result<void, ReadError> walk(Position from, Size size, std::span<const Position> wanted) {
        if (wanted.empty()) {
            const auto root = root_of_(from, size);
            if (!root)
                return std::unexpected(root.error());
            proof.push_back(*root);
            return {};
        }
        if (size == 1)
            return {};
        const Size left = split_of(size);
        const auto middle = std::ranges::lower_bound(wanted, from + left);
        const auto in_left = static_cast<std::size_t>(middle - wanted.begin());
        if (auto walked = walk(from, left, wanted.first(in_left)); !walked)
            return walked;
        return walk(from + left, size - left, wanted.subspan(in_left));
    }

    std::vector<Hash> proof;

private:
    const SubtreeRoot& root_of_;
};

class Rebuilding {
public:
    explicit Rebuilding(std::span<const Hash> proof) : proof_(proof) {}

    std::optional<Hash> walk(Position from, Size size, std::span<const Leaf> leaves) {
        if (leaves.empty()) {
            if (proof_.empty())
                return std::nullopt;
            const Hash next = proof_.front();
            proof_ = proof_.subspan(1);
            return next;
        }
        if (size == 1)
            return leaves.front().hash;
        const Size left_size = split_of(size);
        const auto middle = std::ranges::lower_bound(leaves, from + left_size, {}, &Leaf::position);
        const auto in_left = static_cast<std::size_t>(middle - leaves.begin());
        const auto left = walk(from, left_size, leaves.first(in_left));
        if (!left)
            return std::nullopt;
        const auto right = walk(from + left_size, size - left_size, leaves.subspan(in_left));
        if (!right)
            return std::nullopt;
        return node_hash(*left, *right);
    }

    bool is_used_up() const { return proof_.empty(); }

private:
    std::span<const Hash> proof_;
};

template <class Range, class Of>
bool ascends_below(const Range& range, Size size, Of position) {
    return std::ranges::adjacent_find(range, std::ranges::greater_equal{}, position) == range.end() &&
           (range.empty() || std::invoke(position, range.back()) < size);
}

} // namespace

Result<std::vector<Hash>, ReadError> multi_proof(std::span<const Position> positions, Size size,
                                                 const SubtreeRoot& root_of) {
    MOSTY_INVARIANT(size > 0, "an empty log has nothing to prove");
    MOSTY_INVARIANT(ascends_below(positions, size, std::identity{}), "positions ascend below the size");
    Proving proving(root_of);
    if (auto walked = proving.walk(0, size, positions); !walked)
        return std::unexpected(walked.error());
    return std::move(proving.proof);
}

std::optional<Hash> rebuild_root(std::span<const Leaf> leaves, Size size, std::span<const Hash> proof) {
    if (size == 0 || !ascends_below(leaves, size, &Leaf::position))
        return std::nullopt;
    Rebuilding rebuilding(proof);
    const auto root = rebuilding.walk(0, size, leaves);
    return root && rebuilding.is_used_up() ? root : std::nullopt;
}

} // namespace mosty::storage::merkle
