#include "server/projections/text_event.hpp"

#include "server/projections/json_text.hpp"

namespace mosty::projections {

// Types, ids and times need no escapes.
std::string text_event(const codec::Envelope& envelope, std::string_view at, std::string_view data) {
    std::string event;
    event.reserve(160 + data.size());
    append_all(event,
               {R"({"revision":)", std::to_string(envelope.revision), R"(,"type":")", envelope.type,
                R"(","actor":")", envelope.actor.text(), R"(","at":")", at, R"(","data":)", data, "}"});
    return event;
}

} // namespace mosty::projections
