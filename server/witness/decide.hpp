#pragma once

#include "server/audit/add_checkpoint.hpp"
#include "server/audit/verifier_key.hpp"

#include <string>

namespace mosty::witness {

// A log that a witness watches, and the head of it that it cosigned last. The log's origin is the name
// of its key.
struct WatchedLog {
    audit::VerifierKey key;
    Size size = 0; // 0: none yet
    storage::merkle::Hash root = storage::merkle::empty_root();
};

// Why a checkpoint is not cosigned, as HTTP says it.
struct Refusal {
    int status = 400;
    std::string body; // one line
    std::string_view content_type = "text/plain; charset=utf-8";
};

// Whether a witness cosigns, C2SP tlog-witness v1.0.0: it does when the checkpoint is the log's own and
// continues what was cosigned last. `log` is the watched one of the checkpoint's origin, or nullptr.
//
//   404 a log that is not watched      403 not signed by it         400 `old` beyond the checkpoint
//   409 `old` is not the size cosigned last, which is the body      422 not proven to continue it
Result<void, Refusal> decide_add_checkpoint(const WatchedLog* log, const audit::AddCheckpoint& request);

} // namespace mosty::witness
