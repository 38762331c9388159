#pragma once

#include "domain/municipality/event.hpp"

namespace mosty::municipality {

struct Register {
    static constexpr auto name = "register_municipality"sv;
    Row row;
};

struct Correct {
    static constexpr auto name = "correct_municipality"sv;
    EventId corrects;
    std::string reason;
    Changes changes;
};

using Command = std::variant<Register, Correct>;

} // namespace mosty::municipality
