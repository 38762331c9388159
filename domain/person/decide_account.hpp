#pragma once

#include "domain/base/result.hpp"
#include "domain/context.hpp"
#include "domain/person/command.hpp"
#include "domain/person/state.hpp"

// The decisions about roles, deputies, leaving and accounts, as person::decide asks for them.
namespace mosty::person {

using Decision = Result<Events, Rejection>;

Decision decide_one(const State& state, const Context& context, const StreamId& stream,
                    const ChangeRole& command);
Decision decide_one(const State& state, const Context& context, const StreamId& stream,
                    const AppointDeputy& command);
Decision decide_one(const State& state, const Context& context, const StreamId& stream,
                    const EndDeputy& command);
Decision decide_one(const State& state, const Context& context, const StreamId& stream, const Leave& command);
Decision decide_one(const State& state, const Context& context, const StreamId& stream,
                    const HandOver& command);
Decision decide_one(const State& state, const Context& context, const StreamId& stream,
                    const Invite& command);
Decision decide_one(const State& state, const Context& context, const StreamId& stream,
                    const InviteAgain& command);
Decision decide_one(const State& state, const Context& context, const StreamId& stream,
                    const WithdrawInvitation& command);
Decision decide_one(const State& state, const Context& context, const StreamId& stream, const Join& command);
Decision decide_one(const State& state, const Context& context, const StreamId& stream,
                    const SetPassword& command);
Decision decide_one(const State& state, const Context& context, const StreamId& stream,
                    const SetSecondFactor& command);
Decision decide_one(const State& state, const Context& context, const StreamId& stream,
                    const RemoveSecondFactor& command);
Decision decide_one(const State& state, const Context& context, const StreamId& stream,
                    const SignOutEverywhere& command);
Decision decide_one(const State& state, const Context& context, const StreamId& stream,
                    const MakeToken& command);
Decision decide_one(const State& state, const Context& context, const StreamId& stream,
                    const RevokeToken& command);
Decision decide_one(const State& state, const Context& context, const StreamId& stream,
                    const LinkProvider& command);
Decision decide_one(const State& state, const Context& context, const StreamId& stream,
                    const UnlinkProvider& command);

} // namespace mosty::person
