#include "domain/codec/sealed_form.hpp"

#include "domain/base/invariant.hpp"
#include "domain/base/text.hpp"

namespace mosty::codec {
namespace {

// An entry's members before its data hold no quotation marks but their own, so these are found where they
// stand and nowhere else.
constexpr std::string_view type_member = R"(,"datacontenttype":")";
constexpr std::string_view plain_type = "application/json";
constexpr std::string_view sealed_type = "application/vnd.mosty.sealed+json";
constexpr std::string_view hash_member = R"(,"commandhash":")";
constexpr std::string_view sealed_hash = "sealed";
constexpr std::string_view data_member = R"(,"data":)";
constexpr std::string_view key_member = R"({"key":")";
constexpr std::string_view sealed_member = R"(","sealed":")";
constexpr std::string_view content_beginning = R"({"commandhash":")";
constexpr std::string_view content_middle = R"(","data":)";

constexpr std::size_t key_length = 28;
constexpr std::size_t nonce_and_tag = 28;

// An entry in pieces: before its content type, up to its command hash, up to its data, these.
struct Pieces {
    std::string_view before_type, type, before_hash, hash, before_data, data;
};

// Goes on from `entry`: what stands before the text behind `member`, and that text.
bool take(std::string_view& entry, std::string_view member, std::string_view& before,
          std::string_view& text) {
    const std::size_t at = entry.find(member);
    if (at == std::string_view::npos)
        return false;
    const std::size_t from = at + member.size();
    const std::size_t end = entry.find('"', from);
    if (end == std::string_view::npos)
        return false;
    before = entry.substr(0, from);
    text = entry.substr(from, end - from);
    entry.remove_prefix(end);
    return true;
}

std::optional<Pieces> pieces_of(std::string_view entry) {
    Pieces pieces;
    if (!take(entry, type_member, pieces.before_type, pieces.type) ||
        !take(entry, hash_member, pieces.before_hash, pieces.hash) || !entry.ends_with('}'))
        return std::nullopt;
    const std::size_t at = entry.find(data_member);
    if (at == std::string_view::npos)
        return std::nullopt;
    const std::size_t data = at + data_member.size();
    pieces.before_data = entry.substr(0, data);
    pieces.data = entry.substr(data, entry.size() - data - 1);
    return pieces;
}

Pieces plain_pieces_of(std::string_view entry) {
    const auto pieces = pieces_of(entry);
    MOSTY_INVARIANT(pieces && pieces->type == plain_type, "only a plain entry is sealed");
    return *pieces;
}

std::string plain_entry(const Pieces& sealed, std::string_view hash, std::string_view data) {
    std::string entry;
    entry.reserve(sealed.before_type.size() + plain_type.size() + sealed.before_hash.size() + hash.size() +
                  sealed.before_data.size() + data.size() + 1);
    entry.append(sealed.before_type).append(plain_type);
    entry.append(sealed.before_hash).append(hash);
    return entry.append(sealed.before_data).append(data).append("}");
}

Pieces sealed_pieces_of(std::string_view entry) {
    const auto pieces = pieces_of(entry);
    MOSTY_INVARIANT(pieces && pieces->type == sealed_type, "only a sealed entry is opened");
    return *pieces;
}

} // namespace

bool is_sealed_entry(std::string_view entry) {
    const std::size_t at = entry.find(type_member);
    return at != std::string_view::npos && entry.substr(at + type_member.size()).starts_with(sealed_type);
}

std::optional<SealedParts> sealed_parts(std::string_view entry) {
    if (!is_sealed_entry(entry))
        return std::nullopt;
    const auto pieces = pieces_of(entry);
    if (!pieces || pieces->type != sealed_type || pieces->hash != sealed_hash ||
        !pieces->data.starts_with(key_member) || !entry.ends_with(sealed_ending))
        return std::nullopt;
    const std::string_view data = pieces->data.substr(key_member.size());
    const std::size_t key_end = data.find('"');
    if (key_end == std::string_view::npos || !data.substr(key_end).starts_with(sealed_member))
        return std::nullopt;
    const std::string_view body = data.substr(key_end + sealed_member.size());
    if (body.size() < 2 || !is_id(data.substr(0, key_end)))
        return std::nullopt;
    return SealedParts{data.substr(0, key_end),
                       entry.substr(0, static_cast<std::size_t>(body.data() - entry.data())),
                       body.substr(0, body.size() - 2)}; // without what ends the data
}

std::string content_to_seal(std::string_view plain_entry) {
    const Pieces pieces = plain_pieces_of(plain_entry);
    std::string content;
    content.reserve(pieces.hash.size() + pieces.data.size() + 32);
    content.append(content_beginning).append(pieces.hash);
    return content.append(content_middle).append(pieces.data).append("}");
}

std::string sealed_beginning(std::string_view plain_entry, std::string_view key) {
    const Pieces pieces = plain_pieces_of(plain_entry);
    std::string beginning;
    beginning.reserve(sealed_bytes(plain_entry));
    beginning.append(pieces.before_type).append(sealed_type);
    beginning.append(pieces.before_hash).append(sealed_hash);
    return beginning.append(pieces.before_data).append(key_member).append(key).append(sealed_member);
}

std::optional<std::string> opened_entry(std::string_view sealed_entry, std::string_view content) {
    const Pieces pieces = sealed_pieces_of(sealed_entry);
    const std::size_t hash_end = content.find('"', content_beginning.size());
    if (!content.starts_with(content_beginning) || hash_end == std::string_view::npos ||
        !content.substr(hash_end).starts_with(content_middle) || !content.ends_with('}'))
        return std::nullopt;
    const std::size_t data = hash_end + content_middle.size();
    return plain_entry(pieces, content.substr(content_beginning.size(), hash_end - content_beginning.size()),
                       content.substr(data, content.size() - data - 1));
}

std::string erased_entry(std::string_view sealed_entry) {
    return plain_entry(sealed_pieces_of(sealed_entry), sealed_hash, "null");
}

std::size_t sealed_bytes(std::string_view plain_entry) {
    const Pieces pieces = plain_pieces_of(plain_entry);
    const std::size_t content = content_beginning.size() + pieces.hash.size() + content_middle.size() +
                                pieces.data.size() + 1 + nonce_and_tag;
    return pieces.before_type.size() + sealed_type.size() + pieces.before_hash.size() + sealed_hash.size() +
           pieces.before_data.size() + key_member.size() + key_length + sealed_member.size() +
           (content + 2) / 3 * 4 + sealed_ending.size();
}

} // namespace mosty::codec
