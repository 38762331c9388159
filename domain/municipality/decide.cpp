#include "domain/municipality/decide.hpp"

#include "domain/history/correct.hpp"
#include "domain/municipality/amend.hpp"

namespace mosty::municipality {

namespace {

Result<void, Rejection> check_row(const Row& row, const StreamId& stream) {
    if (row.code.has_value() == (row.scheme == Scheme::none)) {
        return refuse(RejectionCode::invalid_field,
                      "Give the code of the town's register, or the scheme \"none\" when no code is known.",
                      "code");
    }
    if (row.scheme == Scheme::katottg && side_of_country(row.country) != Side::ua)
        return refuse(RejectionCode::invalid_field, "KATOTTG lists towns of Ukraine only.", "scheme");
    if (row.code && stream_of(*row.code) != stream) {
        return refuse(RejectionCode::wrong_stream,
                      "A town is registered in the stream of its own code: " + stream_of(*row.code).text() +
                          ".",
                      "code");
    }
    return {};
}

Result<Events, Rejection> decide_one(const State& state, const Context& context, const StreamId& stream,
                                     const Register& command) {
    if (const auto allowed = rights::check(context.actor, rights::deed_of<Register>, rights::Relation::none);
        !allowed)
        return std::unexpected(allowed.error());
    if (const auto checked = check_row(command.row, stream); !checked)
        return std::unexpected(checked.error());
    if (!state.exists())
        return Events{Registered{command.row}};
    if (command.row == state.as_registered)
        return Events{};
    if (command.row.country != state.row.country)
        return refuse(RejectionCode::invalid_field, "A registered town does not change its country.",
                      "country");
    return Events{Updated{command.row}};
}

Result<Events, Rejection> decide_one(const State& state, const Context& context, const StreamId&,
                                     const Correct& command) {
    if (const auto allowed = rights::check(context.actor, rights::deed_of<Correct>, rights::Relation::none);
        !allowed)
        return std::unexpected(allowed.error());
    if (!state.exists())
        return refuse(RejectionCode::not_found, "This town is not registered. Register it first.");
    const auto fact = find_fact(state.trail, command.corrects);
    if (!fact)
        return std::unexpected(fact.error());
    const auto row = amended<Row>(**fact, command.changes, amend);
    if (!row)
        return std::unexpected(row.error());
    if (*row == (*fact)->data)
        return Events{};
    return Events{Corrected{command.corrects, command.reason, command.changes}};
}

} // namespace

Result<Events, Rejection> decide(const State& state, const Context& context, const StreamId& stream,
                                 const Command& command) {
    return std::visit([&](const auto& one) { return decide_one(state, context, stream, one); }, command);
}

} // namespace mosty::municipality
