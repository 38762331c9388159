#include "server/core/inline_door.hpp"

#include "server/realtime/frames.hpp"
#include "server/sequencing/entropy.hpp"
#include "server/sequencing/stream_loader.hpp"
#include "server/texts/history.hpp"

#include <chrono>
#include <limits>
#include <optional>
#include <utility>

namespace mosty::core {
namespace {

std::int64_t system_now_ms() {
    using namespace std::chrono;
    return duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count();
}

} // namespace

// No core thread waits here, so what is sent together is appended together: a demo is filled whole or not at
// all, whenever the process is killed.
InlineDoor::InlineDoor(storage::EventLog& log, storage::ViewStore& views, projections::Projector& projector)
    : log_(log), views_(views), projector_(projector),
      sequencer_(
          log, system_now_ms, sequencing::system_entropy(),
          {.source = "urn:mosty:" + log.log_id(), .batch_entries_max = log.limits().batch_entries_max}) {}

Result<std::vector<ServiceAnswer>, std::string>
InlineDoor::send(const std::vector<ServiceCommand>& commands) {
    std::vector<std::optional<realtime::Problem>> not_understood(commands.size());
    for (std::size_t i = 0; i < commands.size(); ++i) {
        auto wish = wish_of(commands[i]);
        if (!wish) {
            not_understood[i] = std::move(wish.error());
            continue;
        }
        wish->ticket = i;
        sequencer_.submit(std::move(*wish));
    }
    if (auto appended = append_all(); !appended)
        return std::unexpected(appended.error());

    std::vector<ServiceAnswer> answers;
    answers.reserve(commands.size());
    for (std::size_t i = 0; i < commands.size(); ++i) {
        if (not_understood[i]) {
            answers.push_back(std::unexpected(std::move(*not_understood[i])));
            continue;
        }
        const auto verdict = verdicts_.extract(i);
        if (const auto* done = std::get_if<sequencing::Done>(&verdict.mapped()))
            answers.push_back(*done);
        else
            answers.push_back(std::unexpected(realtime::problem_of(verdict.mapped())));
    }
    return answers;
}

Result<void, std::string> InlineDoor::append_all() {
    while (true) {
        for (const StreamId& stream : sequencer_.take_loads()) {
            auto state = sequencing::load_stream(log_, stream, std::numeric_limits<std::size_t>::max());
            if (!state)
                return std::unexpected(state.error());
            sequencer_.loaded(stream, std::move(**state));
        }
        for (const auto& wanted : sequencer_.take_preparations()) {
            auto result = texts::prepare(log_, *views_.snapshot(), wanted.stream, wanted.preparation);
            if (!result)
                return std::unexpected(result.error());
            sequencer_.prepared(wanted.id, std::move(*result));
        }
        keep(sequencer_.take_answers());
        if (sequencer_.fault())
            return std::unexpected(*sequencer_.fault());
        const auto* batch = sequencer_.begin_append();
        if (!batch) {
            if (sequencer_.waiting() == 0)
                return {};
            continue;
        }
        const auto appended = log_.append(*batch, sequencer_.expected_size());
        if (!appended && appended.error() == storage::AppendError::unknown)
            return std::unexpected("the log does not know whether the last batch was written");
        auto outcome = appended ? Result<sequencing::Outcome, std::string>{sequencer_.appended()}
                                : sequencer_.conflicted();
        if (!outcome)
            return std::unexpected(outcome.error());
        changes_.clear();
        for (const auto& committed : outcome->entries)
            projector_.fold(committed.position, committed.entry, changes_);
        if (auto written = projector_.commit(); !written)
            return std::unexpected(written.error().reason);
        keep(std::move(outcome->answers));
    }
}

void InlineDoor::keep(std::vector<sequencing::Answer> answers) {
    for (auto& answer : answers)
        verdicts_.insert_or_assign(answer.ticket, std::move(answer.verdict));
}

} // namespace mosty::core
