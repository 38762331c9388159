#pragma once

#include "domain/codec/entry.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace mosty::codec {

// "s/<stream>/" and the revision as eight bytes, the highest first: keys sort as revisions do.
std::string stream_key(const StreamId& stream, Revision revision);

// What every key of the stream begins with.
std::string stream_prefix(const StreamId& stream);

// What the keys of all streams of a kind begin with.
std::string streams_prefix(domain::Kind kind);

// "c/<actor>/<command id>": leads to the first entry of a command.
std::string command_key(const ActorId& actor, const CommandId& command);

// The keys under which an entry is found again.
std::vector<std::string> index_keys(const Envelope& envelope);

// The same from an entry's bytes: an index can always be built again.
Result<std::vector<std::string>, DecodeError> index_keys_of(std::string_view bytes);

} // namespace mosty::codec
