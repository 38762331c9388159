#pragma once

#include "storage/log_reader.hpp"
#include "storage/merkle/growth.hpp"

#include <cstddef>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace mosty::storage::merkle {

// What is known from outside a log about its tree: the log's first `size` entries have this root.
struct Anchor {
    std::string name; // "the mark", for those who read of it
    Size size = 0;
    Hash root{};
};

// Compares a log's entries with the tree that was stored with them, and the tree with its anchors, while
// somebody reads the entries from the first to the last.
//
// Where an entry is not readable its stored hash stands for it, so that one lost entry costs no proof of
// the others; where the two differ the stored one counts, and the anchors tell which of them was changed.
class TreeCheck {
public:
    // `tell(position, sentence)`: something is wrong; the position of the entry it was found at.
    using Tell = std::function<void(Position, std::string)>;

    // `anchors` in any order; those beyond the log's size are the caller's affair.
    TreeCheck(const LogReader& log, std::vector<Anchor> anchors, Tell tell);

    // The next entries' leaf hashes, computed; nothing for an entry that is not readable. Answers which
    // entries are not those whose hashes were stored. Not to be called once the tree is unknown.
    std::vector<Position> take(std::span<const std::optional<Hash>> leaves);

    Size size() const { return tree_.size(); }
    // Whether the tree is known up to here: no hash was missing beside an unreadable entry.
    bool is_known() const { return known_; }
    // Of the tree as it was stored.
    Hash root() const { return tree_.root(); }
    // The largest size whose root an anchor confirmed: every entry before it whose hash is the stored one
    // is the one that was recorded.
    Size proven() const { return proven_; }
    // An anchor of a larger size than that has another root.
    bool is_contradicted() const { return contradicted_; }

private:
    std::vector<Result<Hash, ReadError>> stored_leaves(std::size_t count) const;
    void compare_with_anchors();
    void compare_upper_levels();

    const LogReader& log_;
    std::vector<Anchor> anchors_; // ascending; those passed are behind next_anchor_
    std::size_t next_anchor_ = 0;
    const Tell tell_;
    Frontier tree_;
    Growth growth_;
    bool known_ = true;
    Size proven_ = 0;
    bool contradicted_ = false;
};

} // namespace mosty::storage::merkle
