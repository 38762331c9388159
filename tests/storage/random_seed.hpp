#pragma once

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <random>

namespace mosty::storage {

// The seed of a random test: MOSTY_SEED when set, to run a failure again. Printed in any case.
inline std::uint64_t random_seed(const char* test) {
    const char* given = std::getenv("MOSTY_SEED");
    const std::uint64_t seed = given ? std::strtoull(given, nullptr, 10) : std::random_device{}();
    std::printf("%s: MOSTY_SEED=%llu\n", test, static_cast<unsigned long long>(seed));
    std::fflush(stdout);
    return seed;
}

// How often a random test tries: MOSTY_ROUNDS when set, for a long run.
inline int random_rounds(int usual) {
    const char* given = std::getenv("MOSTY_ROUNDS");
    return given ? std::atoi(given) : usual;
}

inline std::uint64_t random_below(std::mt19937_64& random, std::uint64_t bound) {
    return std::uniform_int_distribution<std::uint64_t>(0, bound - 1)(random);
}

} // namespace mosty::storage
