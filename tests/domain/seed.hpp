#pragma once

#include <catch2/catch.hpp>

#include <cstdint>
#include <cstdlib>
#include <random>

namespace mosty::test {

// Runs a property `count` times, each with its own seed; a failure prints the seed. MOSTY_SEED runs one
// again.
template <class Property>
void for_each_seed(int count, const Property& property) {
    const char* given = std::getenv("MOSTY_SEED");
    for (int i = 0; i < (given ? 1 : count); ++i) {
        const std::uint64_t seed = given ? std::strtoull(given, nullptr, 10) : std::random_device{}();
        INFO("MOSTY_SEED=" << seed);
        std::mt19937_64 random(seed);
        property(random);
    }
}

} // namespace mosty::test
