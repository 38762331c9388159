#pragma once

#include "domain/base/ids.hpp"
#include "domain/base/result.hpp"
#include "server/evidence/bundle.hpp"
#include "server/evidence/refold.hpp"
#include "server/sealing/keys.hpp"
#include "storage/log_reader.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace mosty::evidence {

// The signed head that a bundle is made for.
struct Head {
    std::string origin;
    std::string key; // as a vkey
    Size size = 0;
    std::string checkpoint; // the signed note
};

struct CollectError {
    enum class Code {
        unknown,    // no such proposal among the first entries
        too_big,    // more than the caller allows
        unreadable, // the log cannot be read
    };
    Code code = Code::unreadable;
    std::string sentence;
};

// A bundle without its content, and the events decoded.
struct Collected {
    Bundle bundle;
    std::vector<PlacedEvent> events;
};

// Collects what the first `head.size` entries hold of a proposal, its texts, its partnership and its
// partners, the keys that open what of it is sealed, and the proof that it stands there. `at` is not above
// the size. For worker threads; takes time and memory with the number of events, of which there are at most
// so many bytes.
Result<Collected, CollectError> collect(const storage::LogReader& stored, const sealing::Keys& keys,
                                        const StreamId& proposal, const Head& head, Size at,
                                        std::size_t entry_bytes_max);

} // namespace mosty::evidence
