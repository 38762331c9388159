#include "domain/text/content.hpp"

#include "domain/base/invariant.hpp"
#include "domain/base/utf16.hpp"

#include <algorithm>
#include <utility>

namespace mosty::text {

namespace {

using Kind = Operation::Kind;

constexpr std::size_t block_units_max = 2'048;
constexpr std::size_t block_runs_max = 128;

// Cuts the run that goes across `offset` in two, and answers the index of the run that begins there.
std::size_t cut_runs(std::vector<Run>& runs, std::size_t offset) {
    std::size_t index = 0;
    while (index < runs.size() && offset >= runs[index].length)
        offset -= runs[index++].length;
    if (offset == 0)
        return index;
    Run rest = runs[index];
    rest.mark.offset += static_cast<std::uint32_t>(offset);
    rest.length -= static_cast<std::uint32_t>(offset);
    runs[index].length = static_cast<std::uint32_t>(offset);
    runs.insert(runs.begin() + static_cast<std::ptrdiff_t>(index) + 1, std::move(rest));
    return index + 1;
}

bool follows(const Run& run, const Run& next) {
    return run.mark.revision == next.mark.revision && run.mark.offset + run.length == next.mark.offset &&
           run.attributes == next.attributes;
}

// Makes one of the runs at `index - 1` and `index` when they belong together.
void join_runs(std::vector<Run>& runs, std::size_t index) {
    if (index == 0 || index >= runs.size() || !follows(runs[index - 1], runs[index]))
        return;
    runs[index - 1].length += runs[index].length;
    runs.erase(runs.begin() + static_cast<std::ptrdiff_t>(index));
}

bool is_space(char16_t unit) {
    return unit == ' ' || (unit >= 0x09 && unit <= 0x0D) || unit == 0x85 || unit == 0xA0 || unit == 0x1680 ||
           (unit >= 0x2000 && unit <= 0x200B) || unit == 0x2028 || unit == 0x2029 || unit == 0x202F ||
           unit == 0x205F || unit == 0x3000 || unit == 0xFEFF;
}

} // namespace

Content::Content() {
    append(u"\n", Run{{}, 1, {}});
}

Content::Place Content::place_of(std::size_t position) const {
    std::size_t block = 0;
    while (block + 1 < blocks_.size() && position >= blocks_[block].text.size())
        position -= blocks_[block++].text.size();
    return {block, position};
}

char16_t Content::unit(std::size_t position) const {
    const Place place = place_of(position);
    return blocks_[place.block].text[place.offset];
}

bool Content::splits_pair(std::size_t position) const {
    return position > 0 && position < length_ && is_low_surrogate(unit(position)) &&
           is_high_surrogate(unit(position - 1));
}

std::optional<Misfit> Content::misfit(const Delta& change) const {
    std::size_t position = 0;
    for (const Operation& operation : change.operations()) {
        // An insert stands where the operation before it ended, which was looked at.
        if (operation.kind == Kind::insert)
            continue;
        if (operation.length > length_ - position)
            return Misfit::past_the_end;
        position += operation.length;
        if (splits_pair(position))
            return Misfit::splits_a_pair;
    }
    return std::nullopt;
}

bool Content::would_end_with_newline(const Delta& change) const {
    std::size_t position = 0;
    char16_t last = 0;
    for (const Operation& operation : change.operations()) {
        if (operation.kind == Kind::insert) {
            last = operation.text.back();
            continue;
        }
        position += operation.length;
        if (operation.kind == Kind::retain)
            last = unit(position - 1);
    }
    if (position < length_)
        last = unit(length_ - 1);
    return last == u'\n';
}

void Content::apply(const Delta& change, Revision revision) {
    std::size_t position = 0;
    std::uint32_t written = 0;
    for (const Operation& operation : change.operations()) {
        switch (operation.kind) {
        case Kind::insert: {
            const auto length = static_cast<std::uint32_t>(operation.length);
            insert(position, operation.text, Run{{revision, written}, length, operation.attributes});
            position += operation.length;
            written += length;
            break;
        }
        case Kind::retain:
            if (!operation.attributes.is_empty())
                format(position, operation.length, operation.attributes);
            position += operation.length;
            break;
        case Kind::remove:
            remove(position, operation.length);
            break;
        }
    }
}

void Content::append(std::u16string_view text, Run run) {
    MOSTY_INVARIANT(text.size() == run.length, "a run is as long as its text");
    if (blocks_.empty() || blocks_.back().text.size() >= block_units_max / 2 ||
        blocks_.back().runs.size() >= block_runs_max / 2)
        blocks_.emplace_back();
    Block& block = blocks_.back();
    block.text += text;
    block.runs.push_back(std::move(run));
    join_runs(block.runs, block.runs.size() - 1);
    length_ += text.size();
}

void Content::clear() {
    blocks_.clear();
    length_ = 0;
}

void Content::insert(std::size_t position, std::u16string_view text, Run run) {
    MOSTY_INVARIANT(position <= length_, "what is applied fits");
    if (blocks_.empty())
        blocks_.emplace_back();
    const Place place = place_of(position);
    Block& block = blocks_[place.block];
    const std::size_t index = cut_runs(block.runs, place.offset);
    block.text.insert(place.offset, text);
    block.runs.insert(block.runs.begin() + static_cast<std::ptrdiff_t>(index), std::move(run));
    join_runs(block.runs, index);
    length_ += text.size();
    split_if_large(place.block);
}

void Content::remove(std::size_t position, std::size_t length) {
    MOSTY_INVARIANT(position + length <= length_, "what is applied fits");
    length_ -= length;
    while (length > 0) {
        const Place place = place_of(position);
        Block& block = blocks_[place.block];
        const std::size_t here = std::min(length, block.text.size() - place.offset);
        const std::size_t first = cut_runs(block.runs, place.offset);
        const std::size_t last = cut_runs(block.runs, place.offset + here);
        block.runs.erase(block.runs.begin() + static_cast<std::ptrdiff_t>(first),
                         block.runs.begin() + static_cast<std::ptrdiff_t>(last));
        join_runs(block.runs, first);
        block.text.erase(place.offset, here);
        if (block.text.empty())
            blocks_.erase(blocks_.begin() + static_cast<std::ptrdiff_t>(place.block));
        length -= here;
    }
}

void Content::format(std::size_t position, std::size_t length, const Attributes& attributes) {
    MOSTY_INVARIANT(position + length <= length_, "what is applied fits");
    while (length > 0) {
        const Place place = place_of(position);
        Block& block = blocks_[place.block];
        const std::size_t here = std::min(length, block.text.size() - place.offset);
        const std::size_t first = cut_runs(block.runs, place.offset);
        const std::size_t last = cut_runs(block.runs, place.offset + here);
        for (std::size_t i = first; i < last; ++i)
            block.runs[i].attributes = compose(block.runs[i].attributes, attributes, false);
        for (std::size_t i = std::min(last, block.runs.size() - 1) + 1; i-- > first;)
            join_runs(block.runs, i);
        position += here;
        length -= here;
        split_if_large(place.block);
    }
}

void Content::split_if_large(std::size_t index) {
    while (blocks_[index].text.size() > block_units_max || blocks_[index].runs.size() > block_runs_max) {
        Block& block = blocks_[index];
        std::size_t cut = block.text.size() - std::min(block.text.size(), block_units_max / 2);
        cut += is_low_surrogate(block.text[cut]) ? 1 : 0; // a pair stays in one run
        const std::size_t half =
            block.runs.size() > block_runs_max ? block.runs.size() / 2 : cut_runs(block.runs, cut);
        std::size_t kept = 0;
        for (std::size_t i = 0; i < half; ++i)
            kept += block.runs[i].length;
        const auto middle = block.runs.begin() + static_cast<std::ptrdiff_t>(half);
        Block rest{block.text.substr(kept),
                   {std::make_move_iterator(middle), std::make_move_iterator(block.runs.end())}};
        block.text.resize(kept);
        block.runs.erase(middle, block.runs.end());
        blocks_.insert(blocks_.begin() + static_cast<std::ptrdiff_t>(index) + 1, std::move(rest));
        split_if_large(index + 1); // few of many runs may still be long
    }
}

std::u16string Content::text(std::size_t from, std::size_t to) const {
    MOSTY_INVARIANT(from <= to && to <= length_, "a passage lies within its text");
    std::u16string text;
    text.reserve(to - from);
    Place place = place_of(from);
    while (text.size() < to - from) {
        const std::u16string& units = blocks_[place.block].text;
        text.append(units, place.offset, to - from - text.size());
        place = {place.block + 1, 0};
    }
    return text;
}

Delta Content::document() const {
    Delta document;
    for_each_run([&](std::u16string_view text, const Run& run) { document.insert(text, run.attributes); });
    return document;
}

bool Content::is_blank() const {
    return std::ranges::all_of(blocks_,
                               [](const Block& block) { return std::ranges::all_of(block.text, is_space); });
}

std::size_t Content::memory_bytes() const {
    std::size_t bytes = 0;
    for (const Block& block : blocks_)
        bytes +=
            sizeof(Block) + block.text.capacity() * sizeof(char16_t) + block.runs.capacity() * sizeof(Run);
    return bytes;
}

namespace {

struct Piece {
    std::u16string_view text;
    Mark mark;
    const Attributes* attributes;
};

std::vector<Piece> pieces_of(const Content& content) {
    std::vector<Piece> pieces;
    content.for_each_run([&](std::u16string_view text, const Run& run) {
        pieces.push_back({text, run.mark, &run.attributes});
    });
    return pieces;
}

// Takes the first `length` units of a piece away.
void pass(Piece& piece, std::size_t length) {
    piece.text.remove_prefix(length);
    piece.mark.offset += static_cast<std::uint32_t>(length);
}

} // namespace

// The order of units never changes, so what survives stands in the same order in both.
Delta restoring(const Content& now, const Content& then, Revision then_revision) {
    std::vector<Piece> present = pieces_of(now);
    std::vector<Piece> wanted = pieces_of(then);
    Delta change;
    auto has = present.begin();
    auto wants = wanted.begin();
    while (has != present.end() || wants != wanted.end()) {
        if (has != present.end() && has->mark.revision > then_revision) {
            change.remove(has->text.size());
            ++has;
            continue;
        }
        MOSTY_INVARIANT(wants != wanted.end(), "what is old and still there was there then");
        std::size_t missing = wants->text.size();
        if (has != present.end() && has->mark.revision == wants->mark.revision &&
            has->mark.offset >= wants->mark.offset)
            missing = std::min<std::size_t>(missing, has->mark.offset - wants->mark.offset);
        if (missing > 0) {
            change.insert(wants->text.substr(0, missing), *wants->attributes);
            pass(*wants, missing);
        } else {
            const std::size_t common = std::min(has->text.size(), wants->text.size());
            change.retain(common, difference(*has->attributes, *wants->attributes));
            pass(*has, common);
            pass(*wants, common);
            if (has->text.empty())
                ++has;
        }
        if (wants->text.empty())
            ++wants;
    }
    change.chop();
    return change;
}

} // namespace mosty::text
