#include "server/core/service_command.hpp"

#include "domain/base/text.hpp"
#include "domain/codec/command.hpp"

namespace mosty::core {

Result<sequencing::Wish, realtime::Problem> wish_of(const ServiceCommand& command) {
    // Both become parts of names that must be well-formed.
    if (!is_id(command.actor))
        return std::unexpected(realtime::Problem{"malformed", "“actor” is no id.", "actor", {}});
    if (!is_id(command.id))
        return std::unexpected(realtime::Problem{"malformed", "The command's “id” is no id.", "id", {}});
    thread_local simdjson::dom::parser parser;
    simdjson::dom::element data;
    if (parser.parse(command.data).get(data) != simdjson::SUCCESS)
        return std::unexpected(realtime::Problem{"not_json", "The command's data is not JSON.", "data", {}});
    const StreamId stream{command.stream};
    if (!domain::kind_of(stream))
        return std::unexpected(
            realtime::Problem{"wrong_stream", "“stream” must name an entity.", "stream", {}});
    auto parsed = codec::parse_command(command.name, data);
    if (!parsed)
        return std::unexpected(realtime::problem_of(parsed.error()));
    return sequencing::Wish{.ticket = 0,
                            .actor = ActorId{command.actor},
                            .as_service = command.actor.starts_with("service-"),
                            .id = CommandId{command.id},
                            .stream = stream,
                            .command = std::move(*parsed),
                            .vouched = command.actor.starts_with("service-"),
                            .expected_revision = {},
                            .hash = sequencing::hash_of(stream, command.name, simdjson::minify(data)),
                            .at_ms = command.at_ms};
}

} // namespace mosty::core
