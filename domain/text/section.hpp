#pragma once

#include "domain/base/ids.hpp"
#include "domain/base/names.hpp"

#include <array>
#include <cstddef>
#include <optional>
#include <string_view>

namespace mosty::text {

using namespace std::string_view_literals;

// The parts of a proposal's form; each is a text of its own.
enum class Section {
    objective,
    needs,
    target_groups,
    partnership,
    activities,
    results,
    risks,
    sustainability,
};

inline constexpr std::size_t section_count = 8;

// The most units that a section may hold when approval is asked for.
constexpr std::size_t approval_length_max(Section section) {
    constexpr std::array<std::size_t, section_count> lengths{2'000,  6'000, 3'000, 3'000,
                                                             10'000, 4'000, 4'000, 4'000};
    return lengths[static_cast<std::size_t>(section)];
}

// Which text a stream is: "text/proposal/p-7f3/objective" is a section of "proposal/p-7f3".
struct Name {
    StreamId owner;
    Section section;
};

// Nothing when the stream is none of a text.
std::optional<Name> name_of_text(std::string_view stream);

// The owner of a text whose stream is well-formed.
StreamId owner_of_text(const StreamId& stream);

// The stream of a proposal's section.
StreamId text_stream(const StreamId& owner, Section section);

} // namespace mosty::text

template <>
struct mosty::WordsOf<mosty::text::Section> {
    static constexpr std::array words{std::string_view{"objective"},     std::string_view{"needs"},
                                      std::string_view{"target_groups"}, std::string_view{"partnership"},
                                      std::string_view{"activities"},    std::string_view{"results"},
                                      std::string_view{"risks"},         std::string_view{"sustainability"}};
};
