#include "tests/bench/text_writer.hpp"

#include "tests/bench/measure.hpp"
#include "tests/bench/plain_delta.hpp"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

namespace mosty::bench {
namespace {

constexpr std::u16string_view letters = u"оаинтесрвлкмдпуяіїєґ aeiostrnlc ";
constexpr std::size_t letters_max = 6;

std::uint64_t digest_of(const text::Delta& change) {
    std::uint64_t digest = 0;
    for (const text::Operation& operation : change.operations()) {
        digest = digest * 31 + static_cast<std::uint64_t>(operation.kind);
        digest = digest * 31 + operation.length;
        digest = digest * 31 + std::hash<std::u16string_view>{}(operation.text);
    }
    return digest;
}

} // namespace

TextWriter::TextWriter(std::unique_ptr<TextWire> wire, std::uint32_t seed, bool keeps_history)
    : wire_(std::move(wire)), random_(seed), keeps_history_(keeps_history) {}

text::Delta TextWriter::random_edit(std::size_t length_wanted) {
    const std::size_t visible = length_ - 1;
    const std::size_t place = random_() % (visible + 1);
    const std::size_t count = 1 + random_() % letters_max;
    const bool takes_away = random_() % 10 < (visible > length_wanted ? 7U : 3U);
    text::Delta change;
    change.retain(place);
    if (takes_away && place < visible) {
        change.remove(std::min(count, visible - place));
        return change;
    }
    std::u16string word;
    for (std::size_t i = 0; i < count; ++i)
        word += letters[random_() % letters.size()];
    change.insert(word);
    return change;
}

void TextWriter::write(text::Delta change, std::int64_t due) {
    wire_->add_edit(revision_, ++sequence_, change);
    wire_->flush();
    due_ = due;
    in_flight_ = InFlight{std::move(change)};
}

std::optional<std::int64_t> TextWriter::read() {
    wire_->read(*this);
    if (!in_flight_ || !in_flight_->is_accepted || !in_flight_->is_back)
        return {};
    in_flight_.reset();
    return now_ns() - due_;
}

text::Delta TextWriter::content() const {
    text::Delta content = first_content_;
    for (const text::Delta& change : history_)
        content = compose(content, change);
    return content;
}

void TextWriter::hear_content(Content content) {
    if (has_content_)
        give_up("{} gets the whole text again", wire_->name());
    has_content_ = true;
    revision_ = content.revision;
    length_ = length_of(content.text);
    if (keeps_history_)
        first_content_ = std::move(content.text);
}

void TextWriter::hear_edit(const HeardEdit& edit) {
    if (!has_content_ || edit.revision != revision_ + 1)
        give_up("{} is at revision {} and hears of {}", wire_->name(), revision_, edit.revision);
    revision_ = edit.revision;
    ++heard_;
    if (edit.writer != wire_->name()) {
        apply(*edit.change);
        if (in_flight_)
            in_flight_->change = transform(*edit.change, in_flight_->change, text::Priority::first);
        if (on_other_)
            on_other_(edit);
        return;
    }
    if (!in_flight_ || in_flight_->is_back || edit.sequence != sequence_)
        give_up("{} hears of an edit {} that is not under way", edit.writer, edit.sequence);
    if (edit.change != nullptr && *edit.change != in_flight_->change)
        give_up("edit {} of {} was re-based otherwise than by its writer", edit.sequence, edit.writer);
    in_flight_->is_back = true;
    apply(in_flight_->change);
}

void TextWriter::hear_accepted(std::uint64_t sequence) {
    if (!in_flight_ || in_flight_->is_accepted || sequence != sequence_)
        give_up("edit {} of {} is accepted but not under way", sequence, wire_->name());
    in_flight_->is_accepted = true;
}

void TextWriter::apply(const text::Delta& change) {
    if (change.base_length() > length_)
        give_up("{} hears of a change past the end of the text", wire_->name());
    length_ = static_cast<std::size_t>(static_cast<std::ptrdiff_t>(length_) + change.growth());
    digest_ = digest_ * 0x100000001b3 + digest_of(change);
    if (keeps_history_)
        history_.push_back(change);
}

} // namespace mosty::bench
