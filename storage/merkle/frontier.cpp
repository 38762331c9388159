#include "storage/merkle/frontier.hpp"

#include <bit>

namespace mosty::storage::merkle {

Hash Frontier::root() const {
    if (size_ == 0)
        return empty_root();
    auto height = static_cast<unsigned>(std::countr_zero(size_));
    Hash root = roots_[height];
    for (++height; height < roots_.size(); ++height)
        if (size_ >> height & 1)
            root = node_hash(roots_[height], root);
    return root;
}

} // namespace mosty::storage::merkle
