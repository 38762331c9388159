#pragma once

#include "domain/base/names.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace mosty::text {

using namespace std::string_view_literals;

// Which of two concurrent deltas came first: the first argument of a transformation, or the second.
enum class Priority { first, second };

// What can be said of letters (the first three and links) and of lines (on their newline).
enum class Format : std::uint8_t { bold, italic, underline, header, list, blockquote };
inline constexpr std::size_t format_count = 6;

// The attributes of an operation: for each name nothing, a value, or null, which takes the name away.
// Small and cheap to copy: a link's address is shared.
//
// Algorithms: AttributeMap of quill-delta 5.1.0.
class Attributes {
public:
    bool is_empty() const;
    bool has_null() const;

    // 0: not named; 1: null; else the value: 2 is `true`, a header's level is 1 + level, a list is 2
    // ("ordered") or 3 ("bullet").
    std::uint8_t format(Format name) const { return formats_[static_cast<std::size_t>(name)]; }
    void set(Format name, std::uint8_t value) { formats_[static_cast<std::size_t>(name)] = value; }

    enum class Link : std::uint8_t { absent, null, address };
    Link link_kind() const { return link_kind_; }
    std::string_view link() const { return link_ ? std::string_view(*link_) : std::string_view(); }
    void set_link(std::string_view address);
    void set_link_null();

    friend bool operator==(const Attributes& a, const Attributes& b) {
        return a.formats_ == b.formats_ && a.link_kind_ == b.link_kind_ &&
               (a.link_ == b.link_ || a.link() == b.link());
    }

    // `second` after `first`. Nulls that `second` brings are kept only with `keep_null`.
    friend Attributes compose(const Attributes& first, const Attributes& second, bool keep_null);
    // What is left of `second` beside a concurrent `first`.
    friend Attributes transform(const Attributes& first, const Attributes& second, Priority priority);
    // What takes `change` back from where `base` was.
    friend Attributes invert(const Attributes& change, const Attributes& base);
    // What turns a document's `from` into `to`.
    friend Attributes difference(const Attributes& from, const Attributes& to);

private:
    template <class Choose>
    static Attributes merge(const Attributes& a, const Attributes& b, const Choose& choose);

    std::array<std::uint8_t, format_count> formats_{};
    Link link_kind_ = Link::absent;
    std::shared_ptr<const std::string> link_;
};

inline constexpr std::uint8_t not_named = 0;
inline constexpr std::uint8_t null_value = 1;
inline constexpr std::uint8_t true_value = 2;

Attributes compose(const Attributes& first, const Attributes& second, bool keep_null);
Attributes transform(const Attributes& first, const Attributes& second, Priority priority);
Attributes invert(const Attributes& change, const Attributes& base);
Attributes difference(const Attributes& from, const Attributes& to);

} // namespace mosty::text

template <>
struct mosty::WordsOf<mosty::text::Format> {
    static constexpr std::array words{std::string_view{"bold"},      std::string_view{"italic"},
                                      std::string_view{"underline"}, std::string_view{"header"},
                                      std::string_view{"list"},      std::string_view{"blockquote"}};
};
