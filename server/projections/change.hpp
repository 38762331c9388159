#pragma once

#include "domain/base/ids.hpp"

#include <memory>
#include <string>

namespace mosty::projections {

// What one event changed in one topic, encoded once for all who follow it.
struct Change {
    enum class Kind {
        patch,   // of a view: the RFC 7396 merge patch; a null in it only ever removes a member
        row,     // of a list: the row to put in the place of the one with its id, or to add
        removal, // of a list: the JSON string of the id whose row has left the list
        event,   // of a text: its event, {"revision","type","actor","at","data"}
    };

    std::string topic;
    Kind kind = Kind::patch;
    std::shared_ptr<const std::string> json; // a row's text is the same object for every list that has it
    Size size = 0;                           // the log's size just after the event
    Size total = 0; // rows in the list after the event; of a text: its revision; 0 for a view
};

} // namespace mosty::projections
