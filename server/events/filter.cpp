#include "server/events/filter.hpp"

#include "domain/base/text.hpp"
#include "domain/codec/event_types.hpp"
#include "domain/text/section.hpp"

#include <algorithm>

namespace mosty::events {
namespace {

constexpr std::string_view texts_of_proposals = "text/proposal/";

// The proposal whose texts stand below "text/proposal/p-1/"; nothing for another stream.
std::optional<StreamId> owner_of_texts(std::string_view stream) {
    if (!stream.starts_with(texts_of_proposals) || !stream.ends_with('/'))
        return std::nullopt;
    const std::string_view id =
        stream.substr(texts_of_proposals.size(), stream.size() - texts_of_proposals.size() - 1);
    if (stream.size() <= texts_of_proposals.size() || !is_id(id))
        return std::nullopt;
    return StreamId{"proposal/" + std::string{id}};
}

// Whether streams can stand below it.
bool is_open_prefix(std::string_view stream) {
    if (stream == texts_of_proposals)
        return true;
    return stream.ends_with('/') && stream.find('/') == stream.size() - 1 &&
           from_word<domain::Kind>(stream.substr(0, stream.size() - 1)).has_value();
}

} // namespace

bool Filter::wants_all() const {
    return stream.empty() && types.empty() && actor.empty() && organisation.empty() && correlation.empty() &&
           !since_ms && !until_ms;
}

bool Filter::fits(const codec::Envelope& envelope) const {
    const auto fits_stream = [&] {
        return stream.empty() || envelope.stream.text() == stream ||
               (stream.back() == '/' && envelope.stream.text().starts_with(stream));
    };
    return fits_stream() && (types.empty() || std::ranges::find(types, envelope.type) != types.end()) &&
           (actor.empty() || envelope.actor.text() == actor) &&
           (correlation.empty() || envelope.correlation.text() == correlation) &&
           (!since_ms || envelope.time_ms >= *since_ms) && (!until_ms || envelope.time_ms <= *until_ms);
}

std::optional<Mistake> mistake_in(const Filter& filter) {
    if (!filter.stream.empty() && streams_named(filter.stream).empty() && !is_open_prefix(filter.stream))
        return Mistake{"stream",
                       "“stream” must be a stream such as proposal/p-1, or the beginning of several up to a "
                       "slash, such as text/proposal/p-1/ or visit/."};
    for (const std::string& type : filter.types)
        if (!codec::newest_version(type))
            return Mistake{"type",
                           "“type” must be event types that exist, such as visit.held,visit.planned."};
    if (!filter.actor.empty() && !is_id(filter.actor))
        return Mistake{"actor", "“actor” must be the id of a person or a service, such as u-4c1."};
    if (!filter.organisation.empty() && !is_id(filter.organisation))
        return Mistake{"organisation", "“organisation” must be an organisation's id, such as HU_10719."};
    if (!filter.correlation.empty() && !is_id(filter.correlation))
        return Mistake{"correlation", "“correlation” must be a command's id, such as c-9xk2m4p7."};
    if (filter.since_ms && filter.until_ms && *filter.since_ms > *filter.until_ms)
        return Mistake{"until", "“until” lies before “since”: nothing can have happened in between.",
                       "until_before_since"};
    return std::nullopt;
}

std::vector<std::string> types_in(std::string_view list) {
    std::vector<std::string> types;
    for (std::size_t from = 0; !list.empty() && from <= list.size();) {
        const std::size_t comma = std::min(list.find(',', from), list.size());
        types.emplace_back(list.substr(from, comma - from));
        from = comma + 1;
    }
    return types;
}

std::vector<StreamId> streams_named(const std::string& stream) {
    if (domain::kind_of(StreamId{stream}))
        return {StreamId{stream}};
    std::vector<StreamId> streams;
    if (const auto owner = owner_of_texts(stream))
        for (std::size_t i = 0; i < text::section_count; ++i)
            streams.push_back(text::text_stream(*owner, static_cast<text::Section>(i)));
    return streams;
}

} // namespace mosty::events
