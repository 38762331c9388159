#include "proven_log.hpp"

#include "domain/codec/index_keys.hpp"
#include "server/evidence/collect.hpp"
#include "storage/merkle/tree.hpp"

#include <catch2/catch.hpp>

#include <set>

namespace mosty::test {

ProvenLog::ProvenLog(const History& history) : history_(history) {
    std::vector<storage::NewEntry> batch;
    for (const std::string& bytes : history.bytes())
        batch.push_back({bytes, codec::index_keys_of(bytes).value()});
    REQUIRE(log.append(batch, 0).has_value());
}

evidence::Bundle ProvenLog::bundle(const std::string& stream, Size size, Size at) const {
    evidence::Bundle head;
    head.size = size;
    head.origin = key_.name();
    sign(head, storage::merkle::root_at(log, size).value());
    auto collected = evidence::collect(log, {}, StreamId(stream),
                                       {key_.name(), key_.text(), size, head.checkpoint}, at, 64u << 20);
    if (!collected)
        FAIL(collected.error().sentence);
    collected->bundle.content = evidence::refold(collected->events, StreamId(stream), at).value();
    return std::move(collected->bundle);
}

void ProvenLog::sign(evidence::Bundle& bundle, const storage::merkle::Hash& root) const {
    audit::Note note{audit::format_checkpoint({bundle.origin, bundle.size, root, {}}), {}};
    note.signatures.push_back(audit::sign_note(note.text, key_.name(), secret_));
    bundle.checkpoint = audit::format_note(note);
}

std::vector<std::string> proposals_in(const History& history) {
    std::set<std::string> proposals;
    for (const auto& entry : history.entries())
        if (entry.envelope.stream.text().starts_with("text/proposal/")) {
            const std::string& text = entry.envelope.stream.text();
            proposals.insert(text.substr(5, text.rfind('/') - 5));
        }
    return {proposals.begin(), proposals.end()};
}

} // namespace mosty::test
