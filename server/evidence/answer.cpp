#include "server/evidence/answer.hpp"

namespace mosty::evidence {

Result<std::string, CollectError> bundle_of(const storage::LogReader& stored, const sealing::Keys& keys,
                                            const StreamId& proposal, const Head& head, Size at,
                                            std::size_t entry_bytes_max) {
    auto collected = collect(stored, keys, proposal, head, at, entry_bytes_max);
    if (!collected)
        return std::unexpected(collected.error());
    auto content = refold(collected->events, proposal, at);
    if (!content)
        return std::unexpected(CollectError{CollectError::Code::unreadable, content.error()});
    collected->bundle.content = std::move(*content);
    return to_json(collected->bundle);
}

} // namespace mosty::evidence
