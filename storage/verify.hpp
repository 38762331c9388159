#pragma once

#include "storage/log_reader.hpp"
#include "storage/marked_tail.hpp"
#include "storage/merkle/tree_check.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mosty::storage {

// One thing that is wrong with a log.
struct Problem {
    enum class Kind {
        entry_missing, // a position below the size holds no readable entry
        key_missing,   // an entry's index key is not there
        key_wrong,     // an index key stands, but for another position
        key_extra,     // an index key stands that no entry has
        unreadable,    // the index, or a part of it, cannot be read
        tree,          // the tree contradicts the entries, itself or an anchor, or cannot be read
        mark,          // the log and its durable mark contradict each other
        anchor,        // an anchor is of more entries than there are
    };

    Kind kind = Kind::unreadable;
    std::optional<Position> position;
    std::optional<IndexKey> key;
    std::string sentence; // printable, whatever bytes the key holds
};

struct VerifyProgress {
    Size entries_checked = 0;
    std::uint64_t keys_checked = 0; // in the pass over the index, after the entries
    Size entries = 0;
};

struct VerifyRequest {
    // The pure function from an entry's bytes to its index keys.
    std::function<std::vector<IndexKey>(std::string_view bytes)> keys_of;
    // What the durable mark said before the log's size was taken; without it the mark is not checked.
    std::optional<MarkedTail> marked_tail = std::nullopt;
    // Roots known from outside, such as those of signed checkpoints. The mark's need not be given.
    std::vector<merkle::Anchor> anchors = {};
    // Called about every thousand entries or keys. Returning false ends the check early.
    std::function<bool(const VerifyProgress&)> go_on = nullptr;
    std::size_t problems_kept_max = 100;
};

struct VerifyReport {
    Size entries = 0;       // checked; the log's size when the check began, unless it was ended early
    std::uint64_t keys = 0; // found in the index for those entries
    merkle::Hash root = merkle::empty_root(); // of the tree of those entries, as far as it is known
    Size proven = 0;                          // an anchor confirmed the root of the first so many
    std::uint64_t problems_total = 0;
    std::vector<Problem> problems; // the first problems_kept_max of them
    bool ended_early = false;

    bool is_sound() const { return problems_total == 0 && !ended_early; }
};

// Checks that positions are dense, that the tree is that of the entries and has the roots of its anchors,
// that the index is exactly what the entries give, and that the log reaches its durable mark. The log may
// grow meanwhile; entries beyond its size at the beginning are left to the next check. Memory stays bounded,
// whatever the log's size.
VerifyReport verify(const LogReader& log, const VerifyRequest& request);

} // namespace mosty::storage
