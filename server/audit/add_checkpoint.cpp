#include "server/audit/add_checkpoint.hpp"

#include <fmt/format.h>

namespace mosty::audit {
namespace {

NoteError malformed(std::string_view why) {
    return {NoteError::Code::malformed_note, fmt::format("this is no add-checkpoint request: {}", why)};
}

// Takes the first line off, without its line break.
std::string_view take_line(std::string_view& text) {
    const auto line = text.substr(0, text.find('\n'));
    text.remove_prefix(line.size() + 1);
    return line;
}

} // namespace

Result<AddCheckpoint, NoteError> parse_add_checkpoint(std::string_view body) {
    constexpr std::string_view old = "old ";
    const auto split = body.find("\n\n");
    if (split == std::string_view::npos)
        return std::unexpected(malformed("the empty line before the checkpoint is missing"));
    auto head = body.substr(0, split + 1);

    const auto first = take_line(head);
    const auto size = first.starts_with(old) ? parse_decimal(first.substr(old.size())) : std::nullopt;
    if (!size)
        return std::unexpected(malformed("it does not begin with “old” and a size"));
    AddCheckpoint request{.old_size = *size, .proof = {}, .checkpoint = {}};
    while (!head.empty()) {
        const auto hash = parse_hash(take_line(head));
        if (!hash)
            return std::unexpected(malformed("a line of the proof is not 32 bytes in base 64"));
        if (request.proof.size() == proof_hashes_max)
            return std::unexpected(malformed("the proof has more than 63 hashes"));
        request.proof.push_back(*hash);
    }

    auto note = parse_note(body.substr(split + 2));
    if (!note)
        return std::unexpected(note.error());
    auto checkpoint = parse_checkpoint(note->text);
    if (!checkpoint)
        return std::unexpected(checkpoint.error());
    request.checkpoint = {std::move(*checkpoint), std::move(*note)};
    return request;
}

std::string format_add_checkpoint(Size old_size, std::span<const storage::merkle::Hash> proof,
                                  std::string_view note) {
    std::string body = fmt::format("old {}\n", old_size);
    for (const auto& hash : proof)
        body += format_hash(hash) + '\n';
    body += '\n';
    return body.append(note);
}

} // namespace mosty::audit
