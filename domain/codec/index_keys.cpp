#include "domain/codec/index_keys.hpp"

namespace mosty::codec {

std::string stream_prefix(const StreamId& stream) {
    return "s/" + stream.text() + "/";
}

std::string streams_prefix(domain::Kind kind) {
    return "s/" + std::string(to_string(kind)) + "/";
}

std::string stream_key(const StreamId& stream, Revision revision) {
    std::string key = stream_prefix(stream);
    for (int shift = 56; shift >= 0; shift -= 8)
        key += static_cast<char>(revision >> shift & 0xFF);
    return key;
}

std::string command_key(const ActorId& actor, const CommandId& command) {
    return "c/" + actor.text() + "/" + command.text();
}

std::vector<std::string> index_keys(const Envelope& envelope) {
    std::vector<std::string> keys{stream_key(envelope.stream, envelope.revision)};
    if (envelope.command_index == 0)
        keys.push_back(command_key(envelope.actor, envelope.command));
    return keys;
}

Result<std::vector<std::string>, DecodeError> index_keys_of(std::string_view bytes) {
    const auto envelope = decode_envelope(bytes);
    if (!envelope)
        return std::unexpected(envelope.error());
    return index_keys(*envelope);
}

} // namespace mosty::codec
