#include "domain/text/attributes.hpp"

#include <algorithm>

namespace mosty::text {

bool Attributes::is_empty() const {
    return link_kind_ == Link::absent &&
           std::ranges::all_of(formats_, [](std::uint8_t value) { return value == not_named; });
}

bool Attributes::has_null() const {
    return link_kind_ == Link::null || std::ranges::find(formats_, null_value) != formats_.end();
}

void Attributes::set_link(std::string_view address) {
    link_kind_ = Link::address;
    link_ = std::make_shared<const std::string>(address);
}

void Attributes::set_link_null() {
    link_kind_ = Link::null;
    link_.reset();
}

// Chooses each name from `a`, from `b` or from neither. `choose(value of a, value of b, whether the values
// are equal)` answers 'a', 'b', '0' for nothing or 'n' for null; links are asked as 0, 1 or 2, like formats.
template <class Choose>
Attributes Attributes::merge(const Attributes& a, const Attributes& b, const Choose& choose) {
    Attributes merged;
    for (std::size_t i = 0; i < format_count; ++i) {
        switch (choose(a.formats_[i], b.formats_[i], a.formats_[i] == b.formats_[i])) {
        case 'a':
            merged.formats_[i] = a.formats_[i];
            break;
        case 'b':
            merged.formats_[i] = b.formats_[i];
            break;
        case 'n':
            merged.formats_[i] = null_value;
            break;
        default:
            break;
        }
    }
    const auto kind_a = static_cast<std::uint8_t>(a.link_kind_);
    const auto kind_b = static_cast<std::uint8_t>(b.link_kind_);
    if (kind_a == 0 && kind_b == 0)
        return merged;
    switch (choose(kind_a, kind_b, kind_a == kind_b && a.link() == b.link())) {
    case 'a':
        merged.link_kind_ = a.link_kind_;
        merged.link_ = a.link_;
        break;
    case 'b':
        merged.link_kind_ = b.link_kind_;
        merged.link_ = b.link_;
        break;
    case 'n':
        merged.link_kind_ = Link::null;
        break;
    default:
        break;
    }
    return merged;
}

Attributes compose(const Attributes& first, const Attributes& second, bool keep_null) {
    return Attributes::merge(first, second, [keep_null](std::uint8_t, std::uint8_t b, bool) {
        if (b == not_named)
            return 'a';
        return b == null_value && !keep_null ? '0' : 'b';
    });
}

Attributes transform(const Attributes& first, const Attributes& second, Priority priority) {
    if (priority == Priority::second)
        return second;
    return Attributes::merge(first, second,
                             [](std::uint8_t a, std::uint8_t, bool) { return a == not_named ? 'b' : '0'; });
}

Attributes invert(const Attributes& change, const Attributes& base) {
    return Attributes::merge(change, base, [](std::uint8_t changed, std::uint8_t was, bool equal) {
        if (changed == not_named || equal)
            return '0';
        return was == not_named ? 'n' : 'b';
    });
}

Attributes difference(const Attributes& from, const Attributes& to) {
    return Attributes::merge(from, to, [](std::uint8_t, std::uint8_t wanted, bool equal) {
        if (equal)
            return '0';
        return wanted == not_named ? 'n' : 'b';
    });
}

} // namespace mosty::text
