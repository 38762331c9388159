#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace mosty::tools {

// What is wrong with a folder, a sentence each: all are counted, the first are kept.
struct Findings {
    static constexpr std::size_t kept_max = 100;

    std::vector<std::string> sentences;
    std::uint64_t total = 0;

    void add(std::string sentence) {
        ++total;
        if (sentences.size() < kept_max)
            sentences.push_back(std::move(sentence));
    }
    bool none() const { return total == 0; }
};

} // namespace mosty::tools
