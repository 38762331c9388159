#pragma once

#include "tests/bench/texts.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <random>
#include <vector>

namespace mosty::bench {

// Writes one text with others, one edit in flight. Keeps the text's length, not the text, and re-bases the
// edit in flight over what others do, as a page would; one that comes back otherwise ends the run.
class TextWriter final : TextHearer {
public:
    // With `keeps_history` every change is kept, so that content() can be told.
    TextWriter(std::unique_ptr<TextWire> wire, std::uint32_t seed, bool keeps_history);

    TextWire& wire() { return *wire_; }

    // Calls `hear` for each edit of somebody else.
    void on_other(std::function<void(const HeardEdit&)> hear) { on_other_ = std::move(hear); }

    bool is_current() const { return is_current_; }
    bool is_idle() const { return !in_flight_; }
    std::uint64_t revision() const { return revision_; }
    std::size_t length() const { return length_; }   // with the last newline, which nobody takes away
    std::uint64_t heard() const { return heard_; }   // edits, one's own too
    std::uint64_t digest() const { return digest_; } // of all changes heard, in their order

    // A few letters written or taken away at a random place; the text stays about `length_wanted` long.
    text::Delta random_edit(std::size_t length_wanted);

    // Sends the edit; its time runs from `due`.
    void write(text::Delta change, std::int64_t due);

    // Of the last edit sent.
    std::uint64_t sequence() const { return sequence_; }
    std::int64_t due() const { return due_; }

    // Takes in what has come. When the edit in flight is now both accepted and back, answers how long it
    // took.
    std::optional<std::int64_t> read();

    // The text as this writer has followed it.
    text::Delta content() const;

private:
    struct InFlight {
        text::Delta change;
        bool is_accepted = false;
        bool is_back = false;
    };

    void hear_content(Content content) override;
    void hear_current() override { is_current_ = true; }
    void hear_edit(const HeardEdit& edit) override;
    void hear_accepted(std::uint64_t sequence) override;
    void apply(const text::Delta& change);

    std::unique_ptr<TextWire> wire_;
    std::minstd_rand random_;
    const bool keeps_history_;
    std::function<void(const HeardEdit&)> on_other_;
    bool has_content_ = false;
    bool is_current_ = false;
    std::uint64_t revision_ = 0;
    std::size_t length_ = 0;
    std::uint64_t heard_ = 0;
    std::uint64_t digest_ = 0;
    std::uint64_t sequence_ = 0;
    std::int64_t due_ = 0;
    std::optional<InFlight> in_flight_;
    text::Delta first_content_;
    std::vector<text::Delta> history_;
};

} // namespace mosty::bench
