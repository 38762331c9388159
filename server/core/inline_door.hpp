#pragma once

#include "server/core/service_command.hpp"
#include "server/projections/projector.hpp"
#include "server/sequencing/sequencer.hpp"
#include "storage/event_log.hpp"

#include <string>
#include <unordered_map>
#include <vector>

namespace mosty::core {

// Runs the whole path on the caller's thread: for the demo before the server starts, and for imports into
// a folder that no server has open.
class InlineDoor final : public ServiceDoor {
public:
    // The projector must be at the log's size.
    InlineDoor(storage::EventLog& log, storage::ViewStore& views, projections::Projector& projector);

    Result<std::vector<ServiceAnswer>, std::string>
    send(const std::vector<ServiceCommand>& commands) override;

private:
    Result<void, std::string> append_all();
    void keep(std::vector<sequencing::Answer> answers);

    storage::EventLog& log_;
    storage::ViewStore& views_;
    projections::Projector& projector_;
    sequencing::Sequencer sequencer_;
    std::vector<projections::Change> changes_;
    std::unordered_map<sequencing::Ticket, sequencing::Verdict> verdicts_;
};

} // namespace mosty::core
