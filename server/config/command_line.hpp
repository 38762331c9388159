#pragma once

#include "domain/base/ids.hpp"
#include "domain/base/result.hpp"
#include "server/audit/verifier_key.hpp"
#include "server/config/settings.hpp"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace mosty::config {

struct Serve {
    Settings settings;
};

struct Import {
    std::filesystem::path data;
    std::filesystem::path master_key_file; // here and below as the setting of that name
    std::vector<std::filesystem::path> files;
};

struct Invite {
    std::filesystem::path data;
    std::filesystem::path master_key_file;
    std::string person; // who is entered already; or somebody new:
    std::string name;
    std::string organisation;
    std::string role;
    std::string language = "uk";
    std::string origin = "http://127.0.0.1:8080"; // where the server will be found
};

// Which events; read as the server reads the same parameters.
struct Events {
    std::filesystem::path data;
    std::filesystem::path master_key_file;
    std::optional<Size> from;
    std::string after;
    std::string stream;
    std::vector<std::string> types;
    std::string actor;
    std::string organisation;
    std::string correlation;
    std::string since;
    std::string until;
};

struct Verify {
    std::filesystem::path data;
    std::filesystem::path master_key_file;
};

struct Replay {
    std::filesystem::path data;
    std::filesystem::path master_key_file;
    std::optional<std::string> until; // a size of the log, a time or a date; nothing: all of it
    std::string topic;                // empty: all of them
    bool compare = false;
    bool hash = false;
};

struct Repair {
    std::filesystem::path data;
    std::optional<std::filesystem::path> to;
};

struct Witness {
    std::filesystem::path data;
    std::string listen_address = "127.0.0.1";
    std::uint16_t listen_port = 8480;
    std::string name;
    std::vector<audit::VerifierKey> logs;
};

struct Backup {
    std::filesystem::path data;
    std::filesystem::path to;
};

struct Restore {
    std::filesystem::path from;
    std::filesystem::path data; // empty: only to check
    std::optional<std::filesystem::path> checkpoint;
    std::optional<std::string> key; // of that checkpoint, as a vkey
    bool accept_missing = false;
};

struct Evidence {
    std::filesystem::path data;
    std::filesystem::path master_key_file;
    std::string stream;
    std::optional<Size> at;
};

struct VerifyBundle {
    std::filesystem::path file;
    std::optional<std::string> key; // as a vkey
};

// What is done with the keys of a folder.
struct Keys {
    std::filesystem::path data;
    std::filesystem::path master_key_file;
    std::filesystem::path to; // where the new master key is, when it is kept outside the folder
    bool rotates = false;     // otherwise they are checked
};

using Task = std::variant<Serve, Import, Invite, Events, Verify, Replay, Repair, Witness, Backup, Restore,
                          Evidence, VerifyBundle, Keys>;

// Nothing to do but to leave with this code: help was shown, or what is wrong was said, every mistake of it.
struct Leave {
    int code = 0;
};

// Reads the command line and, for `serve`, the TOML file that --config names. Flags win over the file.
// Unknown keys in the file are mistakes.
Result<Task, Leave> read_command_line(int argc, char** argv);

} // namespace mosty::config
