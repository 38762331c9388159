#include "server/evidence/collect.hpp"

#include "domain/base/invariant.hpp"
#include "domain/codec/sealed_form.hpp"
#include "domain/text/section.hpp"
#include "server/evidence/related.hpp"
#include "server/sealing/entry_sealing.hpp"
#include "server/texts/history.hpp"
#include "storage/merkle/multi_proof.hpp"
#include "storage/merkle/tree.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <map>

namespace mosty::evidence {
namespace {

using Code = CollectError::Code;

std::unexpected<CollectError> error(Code code, std::string sentence) {
    return std::unexpected(CollectError{code, std::move(sentence)});
}

class Collecting {
public:
    Collecting(const storage::LogReader& stored, const sealing::Keys& keys, Size size, std::size_t bytes_max)
        : log_(stored), keys_(keys), size_(size), bytes_max_(bytes_max) {}

    // Takes the stream's events before the size.
    Result<void, CollectError> take(const StreamId& stream) {
        std::optional<CollectError> fault;
        const auto read = texts::for_each_entry(
            log_, stream, 0, std::numeric_limits<Revision>::max(), [&](const storage::Entry& entry) {
                if (entry.position >= size_)
                    return false;
                auto decoded = decode(entry);
                bytes_ += entry.bytes.size();
                if (!decoded)
                    fault = CollectError{Code::unreadable, fmt::format("the entry at {} cannot be read: {}",
                                                                       entry.position, decoded.error())};
                else if (bytes_ > bytes_max_)
                    fault = CollectError{Code::too_big,
                                         fmt::format("The events take more than {} MiB.", bytes_max_ >> 20)};
                else
                    taken.push_back({{entry.position, entry.bytes}, {entry.position, std::move(*decoded)}});
                return !fault;
            });
        if (!read)
            return error(Code::unreadable, read.error());
        if (fault)
            return std::unexpected(std::move(*fault));
        return {};
    }

    struct Taken {
        BundledEvent bundled;
        PlacedEvent placed;
    };
    std::vector<Taken> taken;
    std::map<std::string, BundledKey, std::less<>> used; // by name

private:
    Result<codec::DecodedEntry, std::string> decode(const storage::Entry& entry) {
        auto opened = sealing::open_entry(entry.bytes, keys_, sealing::Missing::refuse);
        if (!opened)
            return std::unexpected(opened.error());
        auto decoded = codec::decode_entry(*opened);
        if (!decoded)
            return std::unexpected(decoded.error().what);
        if (const auto parts = codec::sealed_parts(entry.bytes))
            used.try_emplace(std::string(parts->key), keys_.find(parts->key)->key);
        return std::move(*decoded);
    }

    const storage::LogReader& log_;
    const sealing::Keys& keys_;
    const Size size_;
    const std::size_t bytes_max_;
    std::size_t bytes_ = 0;
};

Result<void, CollectError> take_all(Collecting& collecting, const StreamId& proposal) {
    if (auto taken = collecting.take(proposal); !taken)
        return taken;
    if (collecting.taken.empty())
        return error(Code::unknown, "There is no proposal of that name yet.");
    std::set<std::string, std::less<>> related;
    for (const auto& [bundled, placed] : collecting.taken)
        add_related(related, placed.entry);
    for (const std::string& stream : related)
        if (auto taken = collecting.take(StreamId(stream)); !taken)
            return taken;
    for (std::size_t i = 0; i < text::section_count; ++i)
        if (auto taken = collecting.take(text::text_stream(proposal, static_cast<text::Section>(i))); !taken)
            return taken;
    std::ranges::sort(collecting.taken, {}, [](const auto& each) { return each.bundled.position; });
    return {};
}

} // namespace

Result<Collected, CollectError> collect(const storage::LogReader& stored, const sealing::Keys& keys,
                                        const StreamId& proposal, const Head& head, Size at,
                                        std::size_t entry_bytes_max) {
    MOSTY_INVARIANT(head.size > 0 && at <= head.size, "evidence is of what the checkpoint covers");
    Collecting collecting(stored, keys, head.size, entry_bytes_max);
    if (auto taken = take_all(collecting, proposal); !taken)
        return std::unexpected(taken.error());

    Collected collected;
    Bundle& bundle = collected.bundle;
    bundle.origin = head.origin;
    bundle.log_id = stored.log_id();
    bundle.key = head.key;
    bundle.stream = proposal.text();
    bundle.size = head.size;
    bundle.at = at;
    bundle.checkpoint = head.checkpoint;
    bundle.keys = std::move(collecting.used);
    std::vector<Position> positions;
    for (auto& [bundled, placed] : collecting.taken) {
        positions.push_back(bundled.position);
        bundle.events.push_back(std::move(bundled));
        collected.events.push_back(std::move(placed));
    }
    storage::merkle::Nodes nodes(stored, head.size);
    auto proof = storage::merkle::multi_proof(
        positions, head.size, [&nodes](Position from, Size size) { return nodes.root_of(from, size); });
    if (!proof)
        return error(Code::unreadable, proof.error().reason);
    bundle.nodes = std::move(*proof);
    return collected;
}

} // namespace mosty::evidence
