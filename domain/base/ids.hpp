#pragma once

#include <compare>
#include <cstdint>
#include <functional>
#include <string>
#include <utility>

namespace mosty {

// The index of an entry in the log: 0, 1, 2 … without gaps.
using Position = std::uint64_t;
// A number of entries. A cursor and an "as of" are sizes: the state after the first `Size` entries.
using Size = std::uint64_t;
// The number of an event within its stream, counted from 1; 0 means that the stream is empty.
using Revision = std::uint64_t;

// A string that names one kind of thing and cannot be taken for another kind.
template <class Tag>
class Id {
public:
    Id() = default;
    explicit Id(std::string text) : text_(std::move(text)) {}

    const std::string& text() const { return text_; }
    bool empty() const { return text_.empty(); }

    friend auto operator<=>(const Id&, const Id&) = default;

private:
    std::string text_;
};

// One entity's events: "proposal/p-7f3".
using StreamId = Id<struct StreamTag>;
// An opaque person or service: "u-4c1". Names live only in person streams.
using ActorId = Id<struct ActorTag>;
// One event, random: it salts the entry's hash.
using EventId = Id<struct EventTag>;
// One wish of one actor; repeating it is harmless.
using CommandId = Id<struct CommandTag>;

} // namespace mosty

template <class Tag>
struct std::hash<mosty::Id<Tag>> {
    std::size_t operator()(const mosty::Id<Tag>& id) const noexcept {
        return std::hash<std::string>{}(id.text());
    }
};
