#pragma once

#include <string>
#include <string_view>

namespace mosty::storage {

// Why a data folder cannot be opened.
struct OpenError {
    enum class Code {
        locked,               // another process, or another object here, has the folder open
        missing_acknowledged, // the log lacks entries that were acknowledged: never open it for writing
        corrupted,            // stored bytes contradict each other or their checksums
        format,               // written by another version of this program, or not by it at all
        io,                   // the operating system refused
    };

    Code code = Code::io;
    std::string sentence; // for the person who starts the server
};

// "missing_acknowledged" and so on; stable.
constexpr std::string_view name_of(OpenError::Code code) {
    switch (code) {
    case OpenError::Code::locked:
        return "locked";
    case OpenError::Code::missing_acknowledged:
        return "missing_acknowledged";
    case OpenError::Code::corrupted:
        return "corrupted";
    case OpenError::Code::format:
        return "format";
    case OpenError::Code::io:
        return "io";
    }
    return "io";
}

} // namespace mosty::storage
