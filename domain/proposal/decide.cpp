#include "domain/proposal/decide.hpp"

#include "domain/proposal/rules.hpp"

namespace mosty::proposal {

namespace {

template <class T>
concept WritesContent = requires(const State& state, const Context& context, const T& command) {
    decide_content(state, context, command);
};

} // namespace

Result<Events, Rejection> decide(const State& state, const Context& context, const StreamId& stream,
                                 const Command& command) {
    if (!std::holds_alternative<Draft>(command) && !is_seen_by(state, context.actor))
        return std::unexpected(not_found());
    return std::visit(
        [&](const auto& one) {
            using One = std::decay_t<decltype(one)>;
            if constexpr (std::is_same_v<One, Draft>)
                return decide_content(state, context, stream, one);
            else if constexpr (WritesContent<One>)
                return decide_content(state, context, one);
            else if constexpr (std::is_same_v<One, Correct>)
                return decide_correction(state, context, one);
            else if constexpr (std::is_same_v<One, AskApproval>)
                return decide_version(state, context, stream, one);
            else
                return decide_version(state, context, one);
        },
        command);
}

} // namespace mosty::proposal
