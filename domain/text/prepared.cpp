#include "domain/text/prepared.hpp"

#include "domain/base/result.hpp"

namespace mosty::text {

namespace {

template <class Command>
concept HasBase = requires(Command command) { command.base; };

template <class Command>
concept HasChange = requires(Command command) { command.change; };

template <class Command>
Based based(const Command& command) {
    Based based;
    based.base = static_cast<Revision>(command.base);
    if constexpr (HasChange<Command>)
        based.change = command.change;
    else
        based.range = {static_cast<std::size_t>(command.from), static_cast<std::size_t>(command.to)};
    return based;
}

} // namespace

void Based::step_over(const Delta& committed) {
    ++base;
    if (committed.is_empty())
        return;
    change = transform(committed, change, Priority::first);
    range = transform(committed, range);
}

std::optional<Preparation> preparation_for(const State& state, const Command& command,
                                           const Prepared* prepared) {
    return std::visit(Overloaded{
                          [&]<HasBase One>(const One& one) -> std::optional<Preparation> {
                              const auto* brought = prepared ? std::get_if<Based>(prepared) : nullptr;
                              Based from = brought ? *brought : based(one);
                              if (from.base >= state.oldest_base() || from.base < state.erased_to)
                                  return std::nullopt;
                              return Rebase{std::move(from), state.revision};
                          },
                          [&](const Restore& restore) -> std::optional<Preparation> {
                              const auto revision = static_cast<Revision>(restore.revision);
                              if (prepared || revision >= state.revision || revision < state.erased_to)
                                  return std::nullopt;
                              return LookBack{revision};
                          },
                          [](const auto&) -> std::optional<Preparation> { return std::nullopt; },
                      },
                      command);
}

} // namespace mosty::text
