#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mosty::tools {

// Sentences of one shape whose numbers grow together, one by one: "entry 5 …", "entry 6 …".
class Run {
public:
    explicit Run(std::string_view sentence);
    // Whether the sentence is the next one of the run; it is taken then.
    bool take_next(std::string_view sentence);
    // "entry 5 to 6 …".
    std::string text() const;

private:
    // Texts and numbers in turn, beginning with a text that may be empty.
    using Parts = std::vector<std::string_view>;
    static Parts parts_of(std::string_view sentence);

    std::string first_, last_;
};

// What is wrong, as sentences for a person: the first `kept_max` runs of them, and how many there were.
struct Findings {
    static constexpr std::size_t kept_max = 100;

    std::vector<std::string> sentences;
    std::uint64_t total = 0;
    std::uint64_t told = 0; // so many of them are in the sentences

    void add(std::string sentence);
    bool none() const { return total == 0; }

private:
    std::optional<Run> newest_;
};

} // namespace mosty::tools
