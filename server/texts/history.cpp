#include "server/texts/history.hpp"

#include "domain/codec/index_keys.hpp"
#include "domain/codec/text_state.hpp"
#include "domain/text/evolve.hpp"
#include "server/projections/keys.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <vector>

namespace mosty::texts {
namespace {

constexpr std::size_t keys_at_once = 1'024;

std::string revision_bytes(Revision revision) {
    std::string bytes;
    projections::keys::append_number(bytes, revision);
    return bytes;
}

std::unexpected<std::string> unreadable(Position position, std::string_view why) {
    return std::unexpected(fmt::format("the entry at {} cannot be read: {}", position, why));
}

// How many of the positions from `first` on follow one another.
std::size_t run_length(const std::vector<storage::KeyedPosition>& keys, std::size_t first) {
    std::size_t length = 1;
    while (first + length < keys.size() && keys[first + length].position == keys[first].position + length)
        ++length;
    return length;
}

Result<codec::DecodedEntry, std::string> decoded(const storage::Entry& entry) {
    auto decoded = codec::decode_entry(entry.bytes);
    if (!decoded)
        return unreadable(entry.position, decoded.error().what);
    return std::move(*decoded);
}

Result<text::Prepared, std::string> rebase(const storage::LogReader& log, const StreamId& stream,
                                           const text::Rebase& wanted) {
    text::Based based = wanted.from;
    std::string fault;
    const auto read = for_each_entry(log, stream, based.base, wanted.until, [&](const storage::Entry& entry) {
        const auto one = decoded(entry);
        if (!one) {
            fault = one.error();
            return false;
        }
        based.step_over(text::change_of(std::get<text::Event>(one->event)));
        return true;
    });
    if (!read)
        return std::unexpected(read.error());
    if (!fault.empty())
        return std::unexpected(std::move(fault));
    return based;
}

} // namespace

Result<void, std::string> for_each_entry(const storage::LogReader& log, const StreamId& stream,
                                         Revision after, Revision until, const SeeEntry& see) {
    const std::string prefix = codec::stream_prefix(stream);
    while (after < until) {
        const std::size_t wanted = std::min<Revision>(keys_at_once, until - after);
        const auto keys = log.scan(prefix, revision_bytes(after + 1), wanted);
        if (!keys)
            return std::unexpected(keys.error().reason);
        for (std::size_t first = 0; first < keys->size();) {
            const std::size_t count = run_length(*keys, first);
            const auto entries = log.read((*keys)[first].position, count);
            if (!entries)
                return std::unexpected(entries.error().reason);
            if (entries->size() != count)
                return unreadable((*keys)[first].position, "the index names it, but the log ends before");
            for (const storage::Entry& entry : *entries)
                if (!see(entry))
                    return {};
            first += count;
        }
        after += keys->size();
        if (keys->size() < wanted)
            return {};
    }
    return {};
}

Result<std::optional<text::State>, std::string> kept_state(const storage::ViewStore::Snapshot& views,
                                                           const StreamId& stream, Revision until) {
    const auto found = views.scan(projections::keys::text_states(stream.text()), revision_bytes(until), 1,
                                  storage::Order::descending);
    if (!found)
        return std::unexpected(found.error().reason);
    if (found->empty())
        return std::nullopt;
    auto state = codec::decode_text_state(found->front().value);
    if (!state)
        return std::unexpected("a kept state of " + stream.text() + " cannot be read: " + state.error().what);
    return std::move(*state);
}

Result<void, std::string> fold_on(const storage::LogReader& log, const StreamId& stream, Revision until,
                                  text::State& state) {
    std::string fault;
    const auto read = for_each_entry(log, stream, state.revision, until, [&](const storage::Entry& entry) {
        const auto one = decoded(entry);
        if (!one) {
            fault = one.error();
            return false;
        }
        text::apply(state, std::get<text::Event>(one->event), one->envelope.recorded());
        return true;
    });
    if (!read)
        return read;
    return fault.empty() ? Result<void, std::string>() : std::unexpected(std::move(fault));
}

Result<text::State, std::string> state_at(const storage::LogReader& log,
                                          const storage::ViewStore::Snapshot& views, const StreamId& stream,
                                          Revision until) {
    auto kept = kept_state(views, stream, until);
    if (!kept)
        return std::unexpected(kept.error());
    text::State state = *kept ? std::move(**kept) : text::State();
    if (auto folded = fold_on(log, stream, until, state); !folded)
        return std::unexpected(folded.error());
    return state;
}

// Revisions have no gaps, so the last one that the index has is found by halving.
Result<Revision, std::string> revision_at(const storage::LogReader& log, const StreamId& stream, Size at) {
    const auto is_there = [&](Revision revision) -> Result<bool, std::string> {
        const auto position = log.find(codec::stream_key(stream, revision));
        if (!position)
            return std::unexpected(position.error().reason);
        return *position && **position < at;
    };
    Revision low = 0;
    Revision high = 1;
    for (;; high *= 2) {
        const auto there = is_there(high);
        if (!there)
            return std::unexpected(there.error());
        if (!*there)
            break;
        low = high;
    }
    while (high - low > 1) {
        const Revision middle = low + (high - low) / 2;
        const auto there = is_there(middle);
        if (!there)
            return std::unexpected(there.error());
        (*there ? low : high) = middle;
    }
    return low;
}

Result<Revision, std::string> revision_now(const storage::LogReader& log, const StreamId& stream) {
    return revision_at(log, stream, std::numeric_limits<Size>::max());
}

Result<text::Prepared, std::string> prepare(const storage::LogReader& log,
                                            const storage::ViewStore::Snapshot& views, const StreamId& stream,
                                            const text::Preparation& preparation) {
    if (const auto* wanted = std::get_if<text::Rebase>(&preparation))
        return rebase(log, stream, *wanted);
    const Revision revision = std::get<text::LookBack>(preparation).revision;
    auto state = state_at(log, views, stream, revision);
    if (!state)
        return std::unexpected(state.error());
    return text::Past{revision, std::move(state->content)};
}

} // namespace mosty::texts
