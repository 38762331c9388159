#include "server/projections/compare.hpp"

#include "domain/base/invariant.hpp"
#include "server/projections/keys.hpp"
#include "server/projections/store_rows.hpp"

#include <fmt/format.h>

#include <string_view>

namespace mosty::projections {
namespace {

using storage::KeyValue;
using storage::ReadError;
using Snapshot = storage::ViewStore::Snapshot;

// A key as a person can read it; its eight bytes of number are shown as they are.
std::string shown(std::string_view key) {
    std::string text;
    for (const char c : key) {
        if (c >= ' ' && c <= '~')
            text += c;
        else
            text += fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
    }
    return text;
}

void note(Comparison& comparison, std::string_view key, std::string_view what) {
    ++comparison.differences_total;
    if (comparison.differences.size() < Comparison::differences_max)
        comparison.differences.push_back(fmt::format("the row {} {}", shown(key), what));
}

} // namespace

Result<Comparison, ReadError> compare_views(const Snapshot& live, const Snapshot& rebuilt) {
    MOSTY_INVARIANT(live.applied() == rebuilt.applied(), "what is compared stands for the same log");
    StoreRows left(live);
    StoreRows right(rebuilt);
    Comparison comparison;
    bool left_moves = true;
    bool right_moves = true;
    for (;;) {
        if (left_moves)
            if (auto read = left.advance(); !read)
                return std::unexpected(read.error());
        if (right_moves)
            if (auto read = right.advance(); !read)
                return std::unexpected(read.error());
        const KeyValue* const here = left.row();
        const KeyValue* const there = right.row();
        if (here == nullptr && there == nullptr)
            return comparison;

        left_moves = here != nullptr && (there == nullptr || here->key <= there->key);
        right_moves = there != nullptr && (here == nullptr || there->key <= here->key);
        comparison.rows += right_moves ? 1 : 0;
        if (left_moves && right_moves) {
            if (here->value != there->value)
                note(comparison, here->key, "is not what the log gives");
        } else if (left_moves) {
            if (!here->key.starts_with(keys::noted_hashes()))
                note(comparison, here->key, "is not from the log");
        } else if (!there->key.starts_with(keys::text_states())) {
            note(comparison, there->key, "is missing");
        }
    }
}

} // namespace mosty::projections
