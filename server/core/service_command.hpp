#pragma once

#include "domain/base/ids.hpp"
#include "domain/base/result.hpp"
#include "server/realtime/problem.hpp"
#include "server/sequencing/wish.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace mosty::core {

// A command as the importer and the demo write it: data as text, sent by a service or in a person's name.
struct ServiceCommand {
    std::string actor;
    std::string id;
    std::string stream;
    std::string name;
    std::string data; // a JSON object
    std::optional<std::int64_t> at_ms;
};

using ServiceAnswer = Result<sequencing::Done, realtime::Problem>;

// Where services send commands: the log itself, or the server that has it open.
class ServiceDoor {
public:
    virtual ~ServiceDoor() = default;

    // Answers every command, in order, once all are durable. The error says why nothing more can be sent;
    // some of the commands may then be durable, and sending them again is harmless.
    virtual Result<std::vector<ServiceAnswer>, std::string>
    send(const std::vector<ServiceCommand>& commands) = 0;
};

// Understands a command whose sender is trusted, but not to write it without mistakes. Actors that begin
// with "service-" act as a service, all others as the person they name.
Result<sequencing::Wish, realtime::Problem> wish_of(const ServiceCommand& command);

} // namespace mosty::core
