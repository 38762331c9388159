#include "server/access/client_ids.hpp"

#include "server/access/key_file.hpp"

#include <fmt/format.h>

namespace mosty::access {
namespace {

constexpr std::size_t name_length = 28; // "k-" and 26 random characters
constexpr std::size_t seal_length = 14;

} // namespace

Result<ClientIds, std::string> ClientIds::open(const std::filesystem::path& path) {
    auto key = open_key(path);
    if (!key)
        return std::unexpected(key.error());
    return ClientIds(std::move(*key));
}

text::ClientId ClientIds::issue(const ActorId& actor, const StreamId& text) const {
    const std::string name = sequencing::random_id("k-", entropy_);
    return text::ClientId(name + seal(name, actor, text));
}

bool ClientIds::belongs(const text::ClientId& client, const ActorId& actor, const StreamId& text) const {
    const std::string_view id = client.text();
    if (id.size() != name_length + seal_length)
        return false;
    return same_seal(id.substr(name_length), seal(id.substr(0, name_length), actor, text));
}

std::optional<Rejection> OwnClients::refuse_foreign(const StreamId& stream, const domain::Command& command) {
    const auto* texts = std::get_if<text::Command>(&command);
    const auto* edit = texts ? std::get_if<text::Edit>(texts) : nullptr;
    if (!edit || (edit->client == last_client_ && stream == last_stream_))
        return std::nullopt;
    if (ids_.belongs(edit->client, actor_, stream)) {
        last_client_ = edit->client;
        last_stream_ = stream;
        return std::nullopt;
    }
    return Rejection{RejectionCode::unknown_client,
                     "This writer is not yours in this text. Ask for a new one and send this again.",
                     "client",
                     {}};
}

// 70 bits, five a character.
std::string ClientIds::seal(std::string_view name, const ActorId& actor, const StreamId& text) const {
    static constexpr std::string_view alphabet = "abcdefghijklmnopqrstuvwxyz234567";
    const std::string whole =
        seal_of(key_, fmt::format("client\n{}\n{}\n{}", name, actor.text(), text.text()));
    std::string seal;
    for (std::size_t i = 0; i < seal_length; ++i)
        seal += alphabet[static_cast<unsigned char>(whole[i]) & 31];
    return seal;
}

} // namespace mosty::access
