#include "server/projections/search_words.hpp"

#include "domain/base/transliterate.hpp"

#include <utf8proc.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <memory>

namespace mosty::projections {
namespace {

struct Letter {
    utf8proc_int32_t letter;
    std::string_view written;
};

// Small letters that no decomposition turns into Latin letters without marks.
constexpr std::array undecomposed{
    Letter{U'ł', "l"},  Letter{U'đ', "d"}, Letter{U'ø', "o"}, Letter{U'æ', "ae"}, Letter{U'œ', "oe"},
    Letter{U'ß', "ss"}, Letter{U'ħ', "h"}, Letter{U'ı', "i"}, Letter{U'þ', "th"}, Letter{U'ð', "d"},
};

constexpr std::array<utf8proc_int32_t, 6> apostrophes{'\'', '`', U'ʹ', U'ʼ', U'‘', U'’'};

bool is_ascii(std::string_view text) {
    return std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

// The text with these transformations; nothing of it when it is not UTF-8.
std::string mapped(std::string_view text, int options) {
    utf8proc_uint8_t* made = nullptr;
    const auto length = utf8proc_map(reinterpret_cast<const utf8proc_uint8_t*>(text.data()),
                                     static_cast<utf8proc_ssize_t>(text.size()), &made,
                                     static_cast<utf8proc_option_t>(options));
    const std::unique_ptr<utf8proc_uint8_t, decltype(&std::free)> owned(made, &std::free);
    if (length < 0)
        return {};
    return {reinterpret_cast<const char*>(made), static_cast<std::size_t>(length)};
}

// Latin letters for Ukrainian ones, which must be composed to be known; then no marks, no capitals.
std::string folded(std::string_view text) {
    if (is_ascii(text))
        return std::string(text);
    const std::string latin = transliterate_ukrainian(mapped(text, UTF8PROC_STABLE | UTF8PROC_COMPOSE));
    if (is_ascii(latin))
        return latin;
    return mapped(latin, UTF8PROC_STABLE | UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT | UTF8PROC_STRIPMARK |
                             UTF8PROC_CASEFOLD);
}

bool is_letter_or_digit(utf8proc_int32_t point) {
    const auto category = utf8proc_category(point);
    return (category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_LO) ||
           (category >= UTF8PROC_CATEGORY_ND && category <= UTF8PROC_CATEGORY_NO);
}

class Words {
public:
    void add(utf8proc_int32_t point) {
        if (std::ranges::find(apostrophes, point) != apostrophes.end())
            return;
        const auto letter = std::ranges::find(undecomposed, point, &Letter::letter);
        if (letter != undecomposed.end())
            word_ += letter->written;
        else if (point == '_')
            word_ += '_';
        else if (is_letter_or_digit(point))
            append(point);
        else
            end_word();
    }

    std::vector<std::string> finish() && {
        end_word();
        return std::move(words_);
    }

private:
    void append(utf8proc_int32_t point) {
        utf8proc_uint8_t bytes[4];
        const auto length =
            utf8proc_encode_char(point >= 'A' && point <= 'Z' ? point + ('a' - 'A') : point, bytes);
        word_.append(reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(length));
    }

    void end_word() {
        if (word_.empty())
            return;
        words_.push_back(std::move(word_));
        word_.clear();
    }

    std::vector<std::string> words_;
    std::string word_;
};

} // namespace

std::vector<std::string> search_words(std::string_view utf8) {
    const std::string text = folded(utf8);
    Words words;
    auto* at = reinterpret_cast<const utf8proc_uint8_t*>(text.data());
    auto left = static_cast<utf8proc_ssize_t>(text.size());
    while (left > 0) {
        utf8proc_int32_t point = 0;
        const auto length = utf8proc_iterate(at, left, &point);
        if (length <= 0)
            break;
        words.add(point);
        at += length;
        left -= length;
    }
    return std::move(words).finish();
}

} // namespace mosty::projections
