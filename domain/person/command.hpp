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

using Command = std::variant<Register, Correct>;

} // namespace mosty::person
