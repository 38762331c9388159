#pragma once

#include "domain/base/result.hpp"
#include "server/core/reads.hpp"
#include "server/http/message.hpp"

#include <optional>

namespace mosty::http {

// The question that a GET asks: /v1/views/…, /v1/lists/…, /v1/events and so on. Nothing for other paths; a
// problem that names the parameter when one is not right.
std::optional<Result<core::Question, realtime::Problem>> question_of(const Request& request);

} // namespace mosty::http
