#pragma once

#include "domain/base/ids.hpp"
#include "domain/text/delta.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mosty::text {

inline constexpr std::size_t text_length_max = 200'000;

// Where some units come from: the event that wrote them, and their place among all that it wrote. No two
// units of a text have the same.
struct Mark {
    Revision revision = 0; // 0: the newline that every text begins with
    std::uint32_t offset = 0;

    friend bool operator==(const Mark&, const Mark&) = default;
};

// Neighbours of one origin and one format.
struct Run {
    Mark mark; // of the first unit; the others follow
    std::uint32_t length = 0;
    Attributes attributes;
};

// Why a delta cannot be applied.
enum class Misfit { past_the_end, splits_a_pair };

// A text with the origin of each of its units. Begins as one newline.
//
// Units and runs lie in blocks of a few thousand, so that a change costs what it touches, not what the text
// is long: some microseconds at 100,000 units and as many runs.
class Content {
public:
    Content();

    std::size_t length() const { return length_; }

    // Whether the delta retains or removes past the end, or has a boundary within a surrogate pair.
    std::optional<Misfit> misfit(const Delta& change) const;

    // Whether the text would end with a newline after the delta, which must fit.
    bool would_end_with_newline(const Delta& change) const;

    // Applies a delta that fits, as the event with this revision.
    void apply(const Delta& change, Revision revision);

    // Adds a run behind all others; for reading a stored content. `clear` empties it first.
    void append(std::u16string_view text, Run run);
    void clear();

    // The units [from, to).
    std::u16string text(std::size_t from, std::size_t to) const;

    // The text as a delta of inserts.
    Delta document() const;

    // Whether nothing but white space stands there.
    bool is_blank() const;

    // Calls `see(text, run)` for each run in order.
    template <class See>
    void for_each_run(const See& see) const {
        for (const Block& block : blocks_) {
            std::size_t at = 0;
            for (const Run& run : block.runs) {
                see(std::u16string_view(block.text).substr(at, run.length), run);
                at += run.length;
            }
        }
    }

    // About how much memory this takes.
    std::size_t memory_bytes() const;

private:
    struct Block {
        std::u16string text;
        std::vector<Run> runs;
    };

    struct Place {
        std::size_t block = 0;
        std::size_t offset = 0;
    };

    Place place_of(std::size_t position) const;
    char16_t unit(std::size_t position) const;
    bool splits_pair(std::size_t position) const;
    void insert(std::size_t position, std::u16string_view text, Run run);
    void remove(std::size_t position, std::size_t length);
    void format(std::size_t position, std::size_t length, const Attributes& attributes);
    void split_if_large(std::size_t block);

    std::vector<Block> blocks_;
    std::size_t length_ = 0;
};

// The change that turns `now` back into what it was when it was `then`, an earlier content of the same text.
// What is in both stays where it is, with its marks; what was taken away since is written anew.
Delta restoring(const Content& now, const Content& then, Revision then_revision);

} // namespace mosty::text
