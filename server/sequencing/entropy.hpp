#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <string>

namespace mosty::sequencing {

// Fills the bytes with randomness. The server's is the system's; a test's is seeded.
using Entropy = std::function<void(std::span<std::byte>)>;

// The operating system's randomness, drawn in blocks. Throws when there is none: nothing can be promised
// then.
Entropy system_entropy();

// A random name of 128 bits: `prefix` and 26 characters of a–z and 2–7.
std::string random_id(std::string_view prefix, const Entropy& entropy);

} // namespace mosty::sequencing
