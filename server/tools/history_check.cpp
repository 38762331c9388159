#include "server/tools/history_check.hpp"

#include "domain/codec/time.hpp"

#include <fmt/format.h>

namespace mosty::tools {

std::optional<codec::DecodedEntry> HistoryCheck::take(const storage::Entry& entry) {
    auto decoded = codec::decode_entry(entry.bytes);
    if (!decoded) {
        findings_.add(fmt::format("entry {} is no event of ours: {}", entry.position, decoded.error().what));
        return std::nullopt;
    }
    check_revision(entry.position, decoded->envelope);
    check_time(entry.position, decoded->envelope);
    return std::move(*decoded);
}

void HistoryCheck::check_revision(Position position, const codec::Envelope& envelope) {
    Revision& newest = revisions_[envelope.stream.text()];
    if (envelope.revision != newest + 1)
        findings_.add(fmt::format("entry {} is revision {} of {}, where {} belongs", position,
                                  envelope.revision, envelope.stream.text(), newest + 1));
    newest = envelope.revision;
}

void HistoryCheck::check_time(Position position, const codec::Envelope& envelope) {
    if (envelope.time_ms < time_ms_) {
        findings_.add(fmt::format("entry {} was recorded at {}, before entry {} at {}", position,
                                  codec::format_time(envelope.time_ms), time_at_,
                                  codec::format_time(time_ms_)));
        return;
    }
    time_ms_ = envelope.time_ms;
    time_at_ = position;
}

} // namespace mosty::tools
