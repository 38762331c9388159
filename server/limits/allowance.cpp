#include "server/limits/allowance.hpp"

#include <algorithm>
#include <array>
#include <variant>

namespace mosty::limits {
namespace {

constexpr std::uint64_t rows_a_command = 25;

} // namespace

std::uint64_t commands_of(const realtime::ClientMessage& message) {
    const auto* follow = std::get_if<realtime::Follow>(&message);
    return follow ? 2 + follow->limit / rows_a_command : 1;
}

Allowance::Rates Allowance::of_connection(const Settings& settings) {
    return {.commands = {settings.connection_commands_per_s, settings.saved_up},
            .bytes = {settings.connection_bytes_per_s, settings.saved_up},
            .pings = {settings.connection_pings_per_s, settings.saved_up}};
}

Allowance::Rates Allowance::of_account(const Settings& settings) {
    return {.commands = {settings.account_commands_per_s, settings.saved_up},
            .bytes = {settings.account_bytes_per_s, settings.saved_up},
            .pings = {settings.account_pings_per_s, settings.saved_up}};
}

Allowance::Pause Allowance::take(const Asked& asked, Time now) {
    const std::array pauses{
        Pause{commands_.take(asked.commands, rates_.commands, now), Limit::commands},
        Pause{bytes_.take(asked.bytes, rates_.bytes, now), Limit::bytes},
        Pause{pings_.take(asked.pings, rates_.pings, now), Limit::pings},
    };
    return *std::ranges::max_element(pauses, {}, &Pause::time);
}

std::optional<std::chrono::nanoseconds> Allowance::refuse(const Asked& asked, Time now) {
    if (const auto pause = commands_.refuse(asked.commands, rates_.commands, now))
        return pause;
    return bytes_.refuse(asked.bytes, rates_.bytes, now);
}

} // namespace mosty::limits
