#include "server/evidence/refold.hpp"

#include "domain/codec/delta.hpp"
#include "domain/text/evolve.hpp"
#include "domain/text/section.hpp"
#include "server/projections/excerpt.hpp"

#include <map>

namespace mosty::evidence {

Result<Content, std::string> refold(std::span<const PlacedEvent> events, const StreamId& proposal, Size at) {
    projections::Excerpt excerpt;
    std::map<std::string, text::State, std::less<>> texts;
    for (const PlacedEvent& placed : events) {
        if (placed.position >= at)
            break;
        excerpt.fold(placed.position, placed.entry);
        const auto& [envelope, event] = placed.entry;
        if (const auto* of_text = std::get_if<text::Event>(&event))
            text::apply(texts[envelope.stream.text()], *of_text, envelope.recorded());
    }

    Content content;
    auto view = excerpt.view(proposal.text());
    if (!view)
        return std::unexpected(view.error().reason);
    content.proposal = std::move(*view);
    for (const auto& [stream, state] : texts) {
        TextContent& text = content.texts[std::string(to_string(text::name_of_text(stream)->section))];
        text.revision = state.revision;
        codec::write_value(text.content, state.content.document());
    }
    return content;
}

} // namespace mosty::evidence
