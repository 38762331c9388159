#pragma once

#include "domain/base/result.hpp"
#include "server/core/service_command.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// What goes over the Unix socket in the data folder: a length of four bytes, the highest first, and so many
// bytes of JSON. The importer sends {"commands":[…]}, the server answers {"answers":[…]} in the same order.
// `mosty invite` sends {"invite":{…}}, whom to invite, and is answered {"link":"…"} or {"problem":"…"}.
namespace mosty::local {

inline constexpr std::size_t message_bytes_max = 4u << 20;
inline constexpr std::string_view socket_name = "mosty.sock";

std::string encode_commands(const std::vector<core::ServiceCommand>& commands);
Result<std::vector<core::ServiceCommand>, std::string> decode_commands(std::string_view text);

// Whom to invite: an account's `person`, or the name, organisation, role and language of somebody new, as a
// JSON object.
std::string encode_invitee(std::string_view invitee);
// Nothing when the message is no such wish.
std::optional<std::string> decode_invitee(std::string_view text);
std::string encode_link(const Result<std::string, std::string>& link);
Result<std::string, std::string> decode_link(std::string_view text);

std::string encode_answers(const std::vector<core::ServiceAnswer>& answers);
Result<std::vector<core::ServiceAnswer>, std::string> decode_answers(std::string_view text);

} // namespace mosty::local
