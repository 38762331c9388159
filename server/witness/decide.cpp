#include "server/witness/decide.hpp"

#include "storage/merkle/proof.hpp"

#include <fmt/format.h>

namespace mosty::witness {

Result<void, Refusal> decide_add_checkpoint(const WatchedLog* log, const audit::AddCheckpoint& request) {
    const auto& [checkpoint, note] = request.checkpoint;
    if (!log)
        return std::unexpected(Refusal{404, "unknown_origin: this log is not watched here\n"});
    if (const auto verified = audit::verify_note(note, {&log->key, 1}); !verified)
        return std::unexpected(
            Refusal{403, fmt::format("{}: {}\n", name_of(verified.error().code), verified.error().sentence)});
    if (request.old_size > checkpoint.size)
        return std::unexpected(Refusal{400, "old_size_too_big: the checkpoint is smaller than “old”\n"});
    if (request.old_size != log->size)
        return std::unexpected(Refusal{409, fmt::format("{}\n", log->size), audit::size_content_type});
    if (!storage::merkle::verify_consistency(log->size, checkpoint.size, log->root, checkpoint.root,
                                             request.proof))
        return std::unexpected(Refusal{
            422, "not_consistent: nothing proves that this tree continues the one that was cosigned last\n"});
    return {};
}

} // namespace mosty::witness
