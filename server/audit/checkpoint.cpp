#include "server/audit/checkpoint.hpp"

#include "server/audit/base64.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <limits>

namespace mosty::audit {
namespace {

NoteError malformed(std::string_view why) {
    return {NoteError::Code::malformed_checkpoint, fmt::format("this is no checkpoint: {}", why)};
}

} // namespace

std::optional<std::uint64_t> parse_decimal(std::string_view text) {
    if (text.empty() || text.front() == '-' || (text.front() == '0' && text.size() > 1))
        return std::nullopt;
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size())
        return std::nullopt;
    return static_cast<std::uint64_t>(value);
}

std::optional<storage::Sha256> parse_hash(std::string_view text) {
    const auto bytes = decode_base64(text);
    storage::Sha256 hash{};
    if (!bytes || bytes->size() != hash.size())
        return std::nullopt;
    std::ranges::copy(*bytes, hash.begin());
    return hash;
}

std::string format_hash(const storage::Sha256& hash) {
    return encode_base64({reinterpret_cast<const char*>(hash.data()), hash.size()});
}

Result<Checkpoint, NoteError> parse_checkpoint(std::string_view text) {
    std::vector<std::string_view> lines;
    while (!text.empty()) {
        const auto end = text.find('\n');
        if (end == std::string_view::npos || end == 0)
            return std::unexpected(malformed("a line is empty or does not end"));
        lines.push_back(text.substr(0, end));
        text.remove_prefix(end + 1);
    }
    if (lines.size() < 3)
        return std::unexpected(malformed("it lacks its origin, size or root"));
    const auto size = parse_decimal(lines[1]);
    if (!size)
        return std::unexpected(malformed("its size is not a decimal number"));
    const auto root = parse_hash(lines[2]);
    if (!root)
        return std::unexpected(malformed("its root is not 32 bytes in base 64"));
    return Checkpoint{std::string{lines[0]}, *size, *root, {lines.begin() + 3, lines.end()}};
}

std::string format_checkpoint(const Checkpoint& checkpoint) {
    std::string text =
        fmt::format("{}\n{}\n{}\n", checkpoint.origin, checkpoint.size, format_hash(checkpoint.root));
    for (const std::string& extension : checkpoint.extensions)
        text += extension + '\n';
    return text;
}

Result<SignedCheckpoint, NoteError> open_checkpoint(std::string_view bytes, const VerifierKey& key) {
    auto note = parse_note(bytes);
    if (!note)
        return std::unexpected(note.error());
    auto checkpoint = parse_checkpoint(note->text);
    if (!checkpoint)
        return std::unexpected(checkpoint.error());
    if (checkpoint->origin != key.name())
        return std::unexpected(
            NoteError{NoteError::Code::wrong_origin, fmt::format("this checkpoint is of {}, the key of {}",
                                                                 checkpoint->origin, key.name())});
    if (auto verified = verify_note(*note, {&key, 1}); !verified)
        return std::unexpected(verified.error());
    return SignedCheckpoint{std::move(*checkpoint), std::move(*note)};
}

} // namespace mosty::audit
