#include "server/limits/allowance.hpp"

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
    Pause longest;
    // Whoever asks nothing of a kind is not kept waiting for what others owe of it.
    const auto charge = [&](Budget& budget, std::uint64_t amount, Rate rate, Limit limit) {
        if (amount == 0)
            return;
        if (const auto time = budget.take(amount, rate, now); time > longest.time)
            longest = {time, limit};
    };
    charge(commands_, asked.commands, rates_.commands, Limit::commands);
    charge(bytes_, asked.bytes, rates_.bytes, Limit::bytes);
    charge(pings_, asked.pings, rates_.pings, Limit::pings);
    return longest;
}

std::optional<std::chrono::nanoseconds> Allowance::refuse(const Asked& asked, Time now) {
    if (const auto pause = commands_.refuse(asked.commands, rates_.commands, now))
        return pause;
    return bytes_.refuse(asked.bytes, rates_.bytes, now);
}

} // namespace mosty::limits
