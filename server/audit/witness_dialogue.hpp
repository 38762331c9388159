#pragma once

#include "domain/base/result.hpp"
#include "server/audit/checkpoint.hpp"

#include <chrono>
#include <string>
#include <variant>

namespace mosty::audit {

// What a witness answered over HTTP; an error is why nothing came.
struct WitnessReply {
    int status = 0;
    std::string content_type;
    std::string body;
};
using WitnessAnswer = Result<WitnessReply, std::string>;

inline constexpr std::size_t witness_reply_bytes_max = 16 * 1024;

// A log's side of the talk with one witness, C2SP tlog-witness v1.0.0: which head the witness is thought to
// know, what its answers are worth, and when to ask again. Trusts nothing but its signature.
class WitnessDialogue {
public:
    // `key` is of the type `cosignature`.
    explicit WitnessDialogue(VerifierKey key) : key_(std::move(key)) {}

    // The size that the next request names as `old`. May lie beyond the checkpoint: then the witness was
    // shown more of this log than there is, and need not be asked.
    Size known_size() const { return known_size_; }
    const VerifierKey& key() const { return key_; }

    struct Cosigned {
        Signature signature;
    };
    struct AskAgain {}; // at once, from the known size on
    struct Failed {
        std::string reason;
        std::chrono::milliseconds pause; // before asking again
        bool is_news = false;            // it did not fail just before
    };
    using Verdict = std::variant<Cosigned, AskAgain, Failed>;

    // Judges the answer to a request with this checkpoint.
    Verdict take(const SignedCheckpoint& asked, const WitnessAnswer& answer);

    // The witness claims a larger head than there is: the same as an answer that is worth nothing.
    Verdict is_ahead(Size size);

private:
    Verdict fail(std::string reason);
    Verdict take_conflict(const WitnessReply& reply);
    Verdict take_signatures(const SignedCheckpoint& asked, const WitnessReply& reply);

    VerifierKey key_;
    Size known_size_ = 0;
    unsigned conflicts_ = 0; // since it last cosigned or failed
    unsigned failures_ = 0;  // since it last cosigned
};

} // namespace mosty::audit
