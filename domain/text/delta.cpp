#include "domain/text/delta.hpp"

#include "domain/base/utf16.hpp"

#include <algorithm>
#include <limits>
#include <utility>

namespace mosty::text {

namespace {

using Kind = Operation::Kind;

constexpr std::size_t without_end = std::numeric_limits<std::size_t>::max();

// Walks a delta's operations in pieces of any length. Past the end it retains for ever.
class Walk {
public:
    explicit Walk(const Delta& delta) : operations_(delta.operations()) {}

    bool at_end() const { return index_ == operations_.size(); }
    Kind kind() const { return at_end() ? Kind::retain : operations_[index_].kind; }
    std::size_t left() const { return at_end() ? without_end : operations_[index_].length - offset_; }

    const Attributes& attributes() const {
        static const Attributes none;
        return at_end() ? none : operations_[index_].attributes;
    }

    // The next `length` units of an insert's text; valid as long as the delta.
    std::u16string_view text(std::size_t length) const {
        return std::u16string_view(operations_[index_].text).substr(offset_, length);
    }

    void pass(std::size_t length) {
        if (at_end())
            return;
        offset_ += length;
        if (offset_ < operations_[index_].length)
            return;
        ++index_;
        offset_ = 0;
    }

    // The next `length` units as an operation.
    Operation take(std::size_t length) {
        const bool inserts = kind() == Kind::insert;
        Operation taken{kind(), length, inserts ? std::u16string(text(length)) : std::u16string(),
                        attributes()};
        pass(length);
        return taken;
    }

private:
    const std::vector<Operation>& operations_;
    std::size_t index_ = 0;
    std::size_t offset_ = 0;
};

} // namespace

Delta& Delta::insert(std::u16string_view text, Attributes attributes) {
    push({Kind::insert, text.size(), std::u16string(text), std::move(attributes)});
    return *this;
}

Delta& Delta::retain(std::size_t length, Attributes attributes) {
    push({Kind::retain, length, {}, std::move(attributes)});
    return *this;
}

Delta& Delta::remove(std::size_t length) {
    push({Kind::remove, length, {}, {}});
    return *this;
}

void Delta::push(Operation operation) {
    if (operation.length == 0)
        return;
    std::size_t at = operations_.size();
    if (at > 0 && operations_[at - 1].kind == Kind::remove) {
        if (operation.kind == Kind::remove) {
            operations_[at - 1].length += operation.length;
            return;
        }
        // Writing and taking away at one place means the same in either order; written first is the form.
        if (operation.kind == Kind::insert)
            --at;
    }
    if (at > 0) {
        Operation& last = operations_[at - 1];
        const bool joins = last.kind == operation.kind && operation.kind != Kind::remove &&
                           last.attributes == operation.attributes;
        if (joins) {
            last.length += operation.length;
            last.text += operation.text;
            return;
        }
    }
    operations_.insert(operations_.begin() + static_cast<std::ptrdiff_t>(at), std::move(operation));
}

void Delta::chop() {
    if (operations_.empty())
        return;
    const Operation& last = operations_.back();
    if (last.kind == Kind::retain && last.attributes.is_empty())
        operations_.pop_back();
}

std::size_t Delta::base_length() const {
    std::size_t length = 0;
    for (const Operation& operation : operations_)
        if (operation.kind != Kind::insert)
            length += operation.length;
    return length;
}

std::ptrdiff_t Delta::growth() const {
    std::ptrdiff_t growth = 0;
    for (const Operation& operation : operations_) {
        if (operation.kind == Kind::insert)
            growth += static_cast<std::ptrdiff_t>(operation.length);
        if (operation.kind == Kind::remove)
            growth -= static_cast<std::ptrdiff_t>(operation.length);
    }
    return growth;
}

Delta compose(const Delta& first, const Delta& second) {
    Walk before(first);
    Walk after(second);
    Delta composed;
    while (!before.at_end() || !after.at_end()) {
        if (after.kind() == Kind::insert) {
            composed.push(after.take(after.left()));
            continue;
        }
        if (before.kind() == Kind::remove) {
            composed.push(before.take(before.left()));
            continue;
        }
        const std::size_t length = std::min(before.left(), after.left());
        if (after.kind() == Kind::retain) {
            Attributes attributes =
                compose(before.attributes(), after.attributes(), before.kind() == Kind::retain);
            Operation kept = before.at_end() ? Operation{Kind::retain, length, {}, {}} : before.take(length);
            kept.attributes = std::move(attributes);
            after.pass(length);
            composed.push(std::move(kept));
            continue;
        }
        // What the second takes away: the first's own text is gone as if never written.
        if (before.kind() == Kind::retain)
            composed.push({Kind::remove, length, {}, {}});
        before.pass(length);
        after.pass(length);
    }
    composed.chop();
    return composed;
}

Delta transform(const Delta& earlier, const Delta& other, Priority priority) {
    Walk passed(earlier);
    Walk moved(other);
    Delta transformed;
    while (!passed.at_end() || !moved.at_end()) {
        if (passed.kind() == Kind::insert && (priority == Priority::first || moved.kind() != Kind::insert)) {
            transformed.retain(passed.left());
            passed.pass(passed.left());
            continue;
        }
        if (moved.kind() == Kind::insert) {
            transformed.push(moved.take(moved.left()));
            continue;
        }
        const std::size_t length = std::min(passed.left(), moved.left());
        if (passed.kind() == Kind::retain) {
            if (moved.kind() == Kind::remove)
                transformed.remove(length);
            else
                transformed.retain(length, transform(passed.attributes(), moved.attributes(), priority));
        }
        passed.pass(length);
        moved.pass(length);
    }
    transformed.chop();
    return transformed;
}

std::size_t transform_position(const Delta& change, std::size_t position, Priority priority) {
    std::size_t offset = 0;
    for (const Operation& operation : change.operations()) {
        if (offset > position)
            break;
        if (operation.kind == Kind::remove) {
            position -= std::min(operation.length, position - offset);
            continue;
        }
        if (operation.kind == Kind::insert && (offset < position || priority == Priority::second))
            position += operation.length;
        offset += operation.length;
    }
    return position;
}

Delta invert(const Delta& change, const Delta& base) {
    Walk was(base);
    Delta inverted;
    for (const Operation& operation : change.operations()) {
        if (operation.kind == Kind::insert) {
            inverted.remove(operation.length);
            continue;
        }
        const bool only_passes = operation.kind == Kind::retain && operation.attributes.is_empty();
        for (std::size_t left = operation.length; left > 0;) {
            // Past the end of the text nothing was changed.
            if (was.at_end() && !only_passes)
                break;
            const std::size_t length = std::min(left, was.left());
            if (operation.kind == Kind::remove) {
                inverted.push(was.take(length));
            } else {
                inverted.retain(length, invert(operation.attributes, was.attributes()));
                was.pass(length);
            }
            left -= length;
        }
    }
    inverted.chop();
    return inverted;
}

std::vector<Delta> parts_of(const Delta& change, std::size_t units_max) {
    std::vector<Delta> parts;
    Delta part;
    std::size_t passed = 0; // how far the text is as it shall be
    std::size_t written = 0;
    const auto end_part = [&] {
        part.chop();
        if (!part.is_empty())
            parts.push_back(std::exchange(part, {}));
        part = Delta().retain(passed);
        written = 0;
    };
    for (Walk walk(change); !walk.at_end();) {
        if (written == units_max || part.operations().size() >= units_max / 8)
            end_part();
        const bool inserts = walk.kind() == Kind::insert;
        std::size_t length = inserts ? std::min(walk.left(), units_max - written) : walk.left();
        if (inserts && length < walk.left() && is_high_surrogate(walk.text(length).back()))
            ++length; // a pair stays whole
        if (inserts)
            written = std::min(units_max, written + length);
        if (walk.kind() != Kind::remove)
            passed += length;
        part.push(walk.take(length));
    }
    end_part();
    return parts;
}

} // namespace mosty::text
