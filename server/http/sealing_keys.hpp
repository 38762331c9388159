#pragma once

#include "server/core/core.hpp"
#include "server/http/message.hpp"
#include "server/sealing/sealing_log.hpp"

#include <cstddef>
#include <string_view>

namespace mosty::http {

inline constexpr std::string_view keys_path = "/v1/keys";
inline constexpr std::size_t asked_keys_max = 64;

// Answers /v1/keys?name=k-…,k-…: {"keys":{"k-…":"<base 64>","k-…":null}}, so that a reader can open for
// himself what the log holds sealed. A key is for whoever may read the events of the stream that it seals,
// opened; null is destroyed. One that is for others is absent, like one that never was. What places of
// critical infrastructure are is opened in no answer, and its keys are in none.
//
// Threads: any; the reply comes on the core thread. Both outlive it.
void answer_keys(core::Core& core, const sealing::SealingLog& log, const Request& request,
                 const ActorId& reader, Reply reply);

} // namespace mosty::http
