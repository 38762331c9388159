#include "server/evidence/verify.hpp"

#include "domain/text/section.hpp"
#include "server/audit/checkpoint.hpp"
#include "server/evidence/refold.hpp"
#include "server/evidence/related.hpp"
#include "server/sealing/entry_sealing.hpp"
#include "storage/merkle/multi_proof.hpp"

#include <boost/json.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <memory>

namespace mosty::evidence {
namespace {

namespace json = boost::json;
using storage::merkle::Leaf;

constexpr std::string_view unchosen_origin = "mosty.invalid/"; // before the log's id

using Streams = std::set<std::string, std::less<>>;

// A stream that belongs into the bundle: the proposal's own, its texts', and what its view is folded from.
bool belongs(const StreamId& stream, const std::string& proposal, const Streams& related) {
    if (stream.text() == proposal || related.contains(stream.text()))
        return true;
    const auto text = text::name_of_text(stream.text());
    return text && text->owner.text() == proposal;
}

Streams related_to(const std::vector<PlacedEvent>& events, const std::string& proposal) {
    Streams related;
    for (const PlacedEvent& placed : events)
        if (placed.entry.envelope.stream.text() == proposal)
            add_related(related, placed.entry);
    return related;
}

// The first part that differs, as far as it has a name: "status", "budget/b-1".
std::string differing_part(const json::object& one, const json::object& other, bool within = false) {
    const auto part_of = [&](const json::object& from, const json::object& to) -> std::string {
        for (const auto& [name, value] : from) {
            const json::value* counterpart = to.if_contains(name);
            if (counterpart != nullptr && *counterpart == value)
                continue;
            if (within || counterpart == nullptr || !value.is_object() || !counterpart->is_object())
                return name;
            return std::string(name) + '/' +
                   differing_part(value.get_object(), counterpart->get_object(), true);
        }
        return {};
    };
    const std::string part = part_of(one, other);
    return part.empty() ? part_of(other, one) : part;
}

class Verification {
public:
    Verification(const Bundle& bundle, const std::optional<audit::VerifierKey>& pinned)
        : bundle_(bundle), pinned_(pinned) {}

    Verdict run() {
        if (check_signature() && check_proof() && decode() && check_log() && check_streams())
            check_content();
        tell_limits();
        return std::move(verdict_);
    }

private:
    bool check_signature() {
        const auto own = audit::VerifierKey::parse(bundle_.key);
        if (!own)
            return wrong("the bundle's key cannot be read: " + own.error().sentence);
        if (pinned_ && *pinned_ != *own)
            wrong(fmt::format("the bundle names another key, {}, than the one that you gave, {}", own->text(),
                              pinned_->text()));
        const audit::VerifierKey& key = pinned_ ? *pinned_ : *own;
        const auto checkpoint = audit::open_checkpoint(bundle_.checkpoint, key);
        if (!checkpoint)
            return wrong("the checkpoint is not signed with the key: " + checkpoint.error().sentence);
        root_ = checkpoint->checkpoint.root;
        if (checkpoint->checkpoint.origin != bundle_.origin)
            return wrong(fmt::format("the checkpoint is of {}, the bundle of {}",
                                     checkpoint->checkpoint.origin, bundle_.origin));
        if (checkpoint->checkpoint.size != bundle_.size)
            return wrong(fmt::format("the checkpoint covers {} entries, the bundle says {}",
                                     checkpoint->checkpoint.size, bundle_.size));
        if (!verdict_.wrong.empty())
            return false;
        proven(fmt::format("{} signed the head of its log of {} entries, root {}", bundle_.origin,
                           bundle_.size, audit::format_hash(root_)));
        return true;
    }

    bool check_proof() {
        std::vector<Leaf> leaves;
        for (const BundledEvent& event : bundle_.events)
            leaves.push_back({event.position, storage::merkle::leaf_hash(event.entry)});
        const auto root = storage::merkle::rebuild_root(leaves, bundle_.size, bundle_.nodes);
        if (!root)
            return wrong("events and hashes of the proof do not fit one another: an event or a hash is "
                         "missing, too many, or out of its order");
        if (*root != root_)
            return wrong("the events are not those of the log, or stand elsewhere in it: they give another "
                         "root than the signed one");
        proven(fmt::format("its {} events stand in that log byte for byte, at the positions that they say",
                           bundle_.events.size()));
        return true;
    }

    bool decode() {
        sealing::Keys keys;
        for (const auto& [name, key] : bundle_.keys)
            keys = keys.with(std::make_shared<const sealing::DataKey>(sealing::DataKey{name, {}, key}));
        for (const BundledEvent& event : bundle_.events) {
            const auto opened = sealing::open_entry(event.entry, keys, sealing::Missing::refuse);
            if (!opened)
                return wrong(
                    fmt::format("the event at {} cannot be read: {}", event.position, opened.error()));
            auto decoded = codec::decode_entry(*opened);
            if (!decoded)
                return wrong(fmt::format("the entry at {} is in the log, but no event that this program "
                                         "knows: {}",
                                         event.position, decoded.error().what));
            if (!events_.empty() && decoded->envelope.time_ms < events_.back().entry.envelope.time_ms)
                return wrong(fmt::format("the event at {} is older than the one before it", event.position));
            forgotten_ += decoded->envelope.type != domain::type_of(decoded->event) ? 1 : 0;
            events_.push_back({event.position, std::move(*decoded)});
        }
        return true;
    }

    // The log's id stands in an origin that was not chosen, and in the events recorded under it. A log that
    // was restored from a copy has an id of its own, which its older events do not have.
    bool check_log() {
        const std::string_view origin = bundle_.origin;
        const bool is_own = origin.starts_with(unchosen_origin);
        if (is_own && origin.substr(unchosen_origin.size()) != bundle_.log_id)
            return wrong(fmt::format("the bundle is of the log {}, the checkpoint's origin is {}",
                                     bundle_.log_id, bundle_.origin));
        is_log_named_ = is_own || std::ranges::any_of(events_, [&](const PlacedEvent& placed) {
                            return placed.entry.envelope.source == "urn:mosty:" + bundle_.log_id;
                        });
        return true;
    }

    bool check_streams() {
        const Streams related = related_to(events_, bundle_.stream);
        std::map<std::string_view, Revision> revisions;
        for (const auto& [position, entry] : events_) {
            const StreamId& stream = entry.envelope.stream;
            if (!belongs(stream, bundle_.stream, related))
                return wrong(fmt::format("the event at {} is of {}, which has no place in evidence of {}",
                                         position, stream.text(), bundle_.stream));
            Revision& revision = revisions[stream.text()];
            if (entry.envelope.revision != ++revision)
                return wrong(fmt::format("the event at {} is revision {} of {}, where {} belongs", position,
                                         entry.envelope.revision, stream.text(), revision));
        }
        if (!revisions.contains(bundle_.stream))
            return wrong(fmt::format("there is no event of {}", bundle_.stream));
        for (const auto& [stream, revision] : revisions)
            proven(fmt::format("{}: revisions 1 to {} without a gap", stream, revision));
        return true;
    }

    void check_content() {
        if (bundle_.at > bundle_.size) {
            wrong(
                fmt::format("the content is as of {}, past the log's {} entries", bundle_.at, bundle_.size));
            return;
        }
        const auto content = refold(events_, StreamId(bundle_.stream), bundle_.at);
        if (!content) {
            wrong("the events cannot be folded: " + content.error());
            return;
        }
        const json::value made = json::parse(content->proposal);
        const json::value shown = json::parse(bundle_.content.proposal);
        if (made != shown)
            wrong(fmt::format("{:?} of the proposal as shown is not what its events say",
                              differing_part(shown.get_object(), made.get_object())));
        for (const auto& [section, text] : content->texts)
            if (!bundle_.content.texts.contains(section))
                wrong(fmt::format("the text {} has events but is not shown", section));
        for (const auto& [section, text] : bundle_.content.texts)
            check_text(section, text, *content);
        if (verdict_.wrong.empty())
            proven(fmt::format("the proposal and its {} texts as of {} are exactly what these events say",
                               bundle_.content.texts.size(), bundle_.at));
    }

    void check_text(const std::string& section, const TextContent& shown, const Content& content) {
        const auto found = content.texts.find(section);
        if (found == content.texts.end())
            wrong(fmt::format("the text {} is shown but has no events", section));
        else if (found->second.revision != shown.revision)
            wrong(fmt::format("the text {} is shown as of revision {}, its events end with {}", section,
                              shown.revision, found->second.revision));
        else if (json::parse(found->second.content) != json::parse(shown.content))
            wrong(fmt::format("the text {} as shown is not what its events say", section));
    }

    void tell_limits() {
        if (forgotten_ > 0)
            verdict_.not_proven.push_back(fmt::format(
                "what {} of the events said: they stand in the log, but their key is destroyed, or "
                "the bundle says so",
                forgotten_));
        if (!is_log_named_ && !events_.empty())
            verdict_.not_proven.push_back(
                fmt::format("that the log's id is {}: neither its origin nor one of these events names it",
                            bundle_.log_id));
        if (!pinned_)
            verdict_.not_proven.push_back(
                "whose key that is: the bundle brought it along. Give the one that you have from elsewhere "
                "with --key");
        verdict_.not_proven.push_back(
            "that the log holds no later event of these streams: gaps show, a missing end does not. Ask for "
            "the entries themselves, or compare with the proposal's revision that you know");
        verdict_.not_proven.push_back(
            "that everybody was shown the same log: that is what witnesses are for");
        verdict_.not_proven.push_back(
            "who stands behind an actor's id: names are kept outside the log's proofs");
    }

    bool wrong(std::string sentence) {
        verdict_.wrong.push_back(std::move(sentence));
        return false;
    }
    void proven(std::string sentence) { verdict_.proven.push_back(std::move(sentence)); }

    const Bundle& bundle_;
    const std::optional<audit::VerifierKey>& pinned_;
    storage::merkle::Hash root_{};
    std::vector<PlacedEvent> events_;
    std::size_t forgotten_ = 0; // whose key is destroyed
    bool is_log_named_ = false;
    Verdict verdict_;
};

} // namespace

Verdict verify(const Bundle& bundle, const std::optional<audit::VerifierKey>& pinned) {
    return Verification(bundle, pinned).run();
}

} // namespace mosty::evidence
