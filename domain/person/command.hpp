#pragma once

#include "domain/person/event.hpp"

namespace mosty::person {

struct Register {
    static constexpr auto name = "register_person"sv;
    Profile profile;
};

struct Correct {
    static constexpr auto name = "correct_person"sv;
    EventId corrects;
    std::string reason;
    Changes changes;
};

struct Erase {
    static constexpr auto name = "erase_person"sv;
    std::string reason;
};

using Command = std::variant<Register, Correct, Erase>;

} // namespace mosty::person
