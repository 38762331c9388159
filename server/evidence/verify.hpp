#pragma once

#include "server/audit/verifier_key.hpp"
#include "server/evidence/bundle.hpp"

#include <optional>
#include <string>
#include <vector>

namespace mosty::evidence {

// What a bundle proves. Sentences for an auditor, in the order in which they were found out.
struct Verdict {
    std::vector<std::string> proven;
    std::vector<std::string> wrong;      // empty: it verifies
    std::vector<std::string> not_proven; // what nobody can tell from such a file

    bool verifies() const { return wrong.empty(); }
};

// Checks everything that can be checked without the server: the checkpoint's signature, that the events
// stand where they say in the log that it covers, that no event is missing between two of a stream, and that
// folding them anew gives the content. What would only follow from something wrong is not looked at.
//
// `pinned`: the key that the auditor has from elsewhere; without it the bundle's own is used, and said so.
//
// The events of a bundle that a stranger signed need not be a history that could have happened; folding
// one may throw or abort. A caller who takes bundles from anybody must be ready for that.
Verdict verify(const Bundle& bundle, const std::optional<audit::VerifierKey>& pinned);

} // namespace mosty::evidence
