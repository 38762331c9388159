#pragma once

#include "domain/base/ids.hpp"
#include "storage/sha256.hpp"

#include <string>

namespace mosty::storage {

// What is known from outside a log about its durable end: at least `size` entries of the log `log_id`,
// the last of which has this hash. All zero for size 0.
struct MarkedTail {
    std::string log_id;
    Size size = 0;
    Sha256 last_entry_hash{};

    friend bool operator==(const MarkedTail&, const MarkedTail&) = default;
};

} // namespace mosty::storage
