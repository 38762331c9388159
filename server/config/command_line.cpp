#include "server/config/command_line.hpp"

#include "server/config/settings_file.hpp"
#include "server/version.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <cstdio>
#include <optional>
#include <utility>

namespace mosty::config {
namespace {

// What was given on the command line; everything else keeps the file's or the default value.
struct ServeFlags {
    std::string config;
    std::optional<std::string> data;
    std::optional<std::string> listen;
    std::optional<std::string> assets;
    std::optional<std::string> log_level;
    std::optional<std::string> certificate;
    std::optional<std::string> key;
    std::optional<std::string> master_key;
    std::vector<std::string> origins;
    std::vector<std::string> trusted_proxies;
    bool plain_beyond_loopback = false;
    bool demo = false;
};

std::vector<std::string> apply(const ServeFlags& flags, Settings& settings) {
    std::vector<std::string> mistakes;
    if (flags.data)
        settings.data = *flags.data;
    if (flags.assets)
        settings.assets = *flags.assets;
    if (flags.log_level)
        settings.log_level = *flags.log_level;
    if (flags.certificate)
        settings.tls_certificate = *flags.certificate;
    if (flags.key)
        settings.tls_key = *flags.key;
    if (flags.master_key)
        settings.master_key_file = *flags.master_key;
    if (flags.plain_beyond_loopback)
        settings.plain_beyond_loopback = true;
    settings.trusted_proxies.insert(settings.trusted_proxies.end(), flags.trusted_proxies.begin(),
                                    flags.trusted_proxies.end());
    if (flags.demo)
        settings.demo = true;
    settings.origins.insert(settings.origins.end(), flags.origins.begin(), flags.origins.end());
    if (flags.listen)
        if (auto mistake = set_listen(settings, *flags.listen))
            mistakes.push_back("--listen: " + *mistake);
    for (auto& mistake : mistakes_in(settings))
        mistakes.push_back(std::move(mistake));
    return mistakes;
}

constexpr auto master_key_help = "The file of the master key, when it is kept outside the folder";

// Where a tool on a folder finds the master key.
struct KeyFlags {
    std::string config;
    std::optional<std::string> master_key;

    void add_to(CLI::App& command) {
        command.add_option("--config", config, "The server's TOML file, which says where the master key is");
        command.add_option("--master-key", master_key, master_key_help);
    }
};

template <class ToolTask>
Result<Task, Leave> with_key(std::string_view tool, const KeyFlags& flags, ToolTask task) {
    Settings settings;
    std::vector<std::string> mistakes;
    if (!flags.config.empty())
        mistakes = read_settings_file(flags.config, settings);
    for (const auto& mistake : mistakes)
        fmt::print(stderr, "mosty {}: {}\n", tool, mistake);
    if (!mistakes.empty())
        return std::unexpected(Leave{2});
    task.master_key_file = settings.master_key_file;
    if (flags.master_key)
        task.master_key_file = *flags.master_key;
    return task;
}

Result<Task, Leave> finish_serve(const ServeFlags& flags) {
    Settings settings;
    std::vector<std::string> mistakes;
    if (!flags.config.empty())
        mistakes = read_settings_file(flags.config, settings);
    for (auto& mistake : apply(flags, settings))
        mistakes.push_back(std::move(mistake));
    if (mistakes.empty())
        return Serve{std::move(settings)};
    for (const auto& mistake : mistakes)
        fmt::print(stderr, "mosty serve: {}\n", mistake);
    return std::unexpected(Leave{2});
}

// What was given to `mosty witness`.
struct WitnessFlags {
    std::string data;
    std::string listen = "127.0.0.1:8480";
    std::string name;
    std::vector<std::string> logs;
};

Result<Task, Leave> finish_witness(const WitnessFlags& flags) {
    Witness witness{.data = flags.data, .name = flags.name, .logs = {}};
    std::vector<std::string> mistakes;
    Settings listens;
    if (auto mistake = set_listen(listens, flags.listen))
        mistakes.push_back("--listen: " + *mistake);
    witness.listen_address = listens.listen_address;
    witness.listen_port = listens.listen_port;
    if (!audit::is_key_name(flags.name))
        mistakes.push_back(
            fmt::format("--name: “{}” is no name of a witness, such as town.example/w1", flags.name));
    for (const auto& vkey : flags.logs) {
        auto key = audit::VerifierKey::parse(vkey);
        if (!key)
            mistakes.push_back(fmt::format("--log: “{}”: {}", vkey, key.error().sentence));
        else if (key->type() != audit::SignatureType::ed25519)
            mistakes.push_back(fmt::format("--log: “{}” is not the key of a log", vkey));
        else
            witness.logs.push_back(std::move(*key));
    }
    if (mistakes.empty())
        return witness;
    for (const auto& mistake : mistakes)
        fmt::print(stderr, "mosty witness: {}\n", mistake);
    return std::unexpected(Leave{2});
}

CLI::App* add_invite(CLI::App& app, Invite& task) {
    auto* command = app.add_subcommand(
        "invite",
        "Print a link by which somebody takes up an account: the first one of a new server, or anew "
        "for somebody who cannot sign in any more. A server may be running on the folder");
    command->add_option("--data,data", task.data, "The data folder")->required();
    auto* person = command->add_option("--person", task.person,
                                       "Somebody who is entered already, such as u-4c1; what they signed in "
                                       "with before is void");
    auto* name = command->add_option("--name", task.name, "The name of somebody new");
    auto* organisation =
        command->add_option("--organisation", task.organisation, "A municipality or organisation, by its id");
    auto* role = command->add_option("--role", task.role,
                                     "secretariat, officer, mayor, expert, auditor, association or funder");
    auto* language = command->add_option("--language", task.language, "uk or en; uk unless told");
    command->add_option("--origin", task.origin,
                        "Where the server will be found, when none is running; http://127.0.0.1:8080 unless "
                        "told");
    name->needs(organisation)->needs(role)->excludes(person);
    for (auto* option : {organisation, role, language})
        option->needs(name);
    command->callback([name, person] {
        if (name->empty() && person->empty())
            throw CLI::RequiredError("--name or --person");
    });
    return command;
}

CLI::App* add_backup(CLI::App& app, Backup& task) {
    auto* command = app.add_subcommand(
        "backup",
        "Save the log into a folder, only what is new in it, and read it back: leaves with 0 when "
        "that is done, 1 when bytes contradict each other, 2 when something cannot be read or written");
    command->add_option("--data,data", task.data, "The data folder; a server may be running on it")
        ->required();
    command->add_option("to", task.to, "The backup's folder, new or of the same log")->required();
    return command;
}

void add_checkpoint(CLI::App& command, Restore& task) {
    command.add_option("--checkpoint", task.checkpoint,
                       "A file with a signed checkpoint from elsewhere, which the backup must reach");
    command.add_option("--key", task.key, "The key that signed it, as a vkey; the backup's own unless told");
}

CLI::App* add_check_backup(CLI::App& app, Restore& task) {
    auto* command = app.add_subcommand(
        "check-backup",
        "Read a backup whole: leaves with 0 when it is sound, 1 when not, 2 when it cannot be read");
    command->add_option("from", task.from, "The backup's folder")->required();
    add_checkpoint(*command, task);
    return command;
}

CLI::App* add_restore(CLI::App& app, Restore& task) {
    auto* command = app.add_subcommand(
        "restore", "Make a data folder from a backup: leaves with 0 when that is done, 1 when the backup is "
                   "damaged or lacks what a checkpoint proves, 2 when something cannot be read or written");
    command->add_option("from", task.from, "The backup's folder")->required();
    command->add_option("data", task.data, "The data folder to be made")->required();
    add_checkpoint(*command, task);
    command->add_flag("--accept-missing", task.accept_missing,
                      "Restore although a checkpoint proves more, or is damaged");
    return command;
}

void add_keys(CLI::App& app, Keys& task) {
    auto* command = app.add_subcommand("keys", "Look after the keys of what is sealed");
    command->require_subcommand(1);
    auto* check = command->add_subcommand(
        "check", "Tell whether every key can be unwrapped and none is missing: leaves with 0 when so, 1 when "
                 "one is missing, 2 when they cannot be read");
    auto* rotate = command->add_subcommand(
        "rotate", "Wrap every key by a new master key; no server may be running on the folder");
    for (auto* one : {check, rotate}) {
        one->add_option("--data,data", task.data, "The data folder")->required();
        one->add_option("--master-key", task.master_key_file, master_key_help);
    }
    rotate->add_option("--to", task.to, "The file of the new one, which is made when it is not there");
    rotate->callback([&task] { task.rotates = true; });
}

CLI::App* add_evidence(CLI::App& app, Evidence& task) {
    auto* command =
        app.add_subcommand("evidence", "Print all that proves a proposal's history, as one JSON file");
    command->add_option("--data,data", task.data, "The data folder; a server may be running on it")
        ->required();
    command->add_option("--stream", task.stream, "The proposal, such as proposal/p-7f3")->required();
    command->add_option("--at", task.at, "As of this size of the log; the newest checkpoint's unless told");
    return command;
}

CLI::App* add_verify_bundle(CLI::App& app, VerifyBundle& task) {
    auto* command = app.add_subcommand(
        "verify-bundle",
        "Check such a file without any server: leaves with 0 when it verifies, 1 when not, 2 "
        "when it cannot be read");
    command->add_option("file", task.file, "The file")->required();
    command->add_option("--key", task.key, "The log's key that you have from elsewhere, as a vkey");
    return command;
}

} // namespace

Result<Task, Leave> read_command_line(int argc, char** argv) {
    CLI::App app{"Mosty, the live workplace of municipal partnerships."};
    app.set_version_flag("--version", std::string{version});
    app.require_subcommand(1);
    app.footer("mosty serve --data DIR --demo starts a server with a demo at http://127.0.0.1:8080");

    ServeFlags flags;
    auto* serve = app.add_subcommand("serve", "Serve a data folder, which is made when it is not there");
    serve->add_option("--data", flags.data, "The data folder");
    serve->add_option("--listen", flags.listen,
                      "ADDRESS:PORT, 127.0.0.1:8080 unless told; port 0 takes a free one");
    serve->add_option("--assets", flags.assets, "The folder with the dashboard's files");
    serve->add_option("--origin", flags.origins,
                      "A further origin whose pages may act, such as https://mosty.example");
    serve->add_option("--certificate", flags.certificate,
                      "The certificate with its chain, PEM, for TLS; read again on SIGHUP");
    serve->add_option("--key", flags.key,
                      "The certificate's key, PEM, which others must not be able to read");
    serve->add_option("--master-key", flags.master_key, master_key_help);
    serve->add_option("--trusted-proxy", flags.trusted_proxies,
                      "An address or network from which X-Forwarded-For and X-Forwarded-Proto count");
    serve->add_flag("--plain-beyond-loopback", flags.plain_beyond_loopback,
                    "Serve other machines without TLS and without a trusted proxy");
    serve->add_option("--log-level", flags.log_level, "debug, info, warn or error");
    serve->add_option("--config", flags.config, "A TOML file with the same settings; flags win over it");
    serve->add_flag("--demo", flags.demo,
                    "Fill a new folder with the demo and sign in by choosing a person; loopback only");

    Import import_task;
    auto* import_command = app.add_subcommand("import", "Take the municipalities of the registers in");
    import_command->add_option("--data", import_task.data, "The data folder; a server may be running on it")
        ->required();
    import_command->add_option("files", import_task.files, "hromadas.csv, eu-municipalities.csv.gz")
        ->required();

    Events events;
    auto* events_command = app.add_subcommand("events", "Print the events, one CloudEvent as JSON a line");
    events_command->add_option("dir,--data", events.data, "The data folder; a server may be running on it")
        ->required();
    events_command->add_option("--from", events.from, "The first position, 0 unless told");
    events_command->add_option("--after", events.after,
                               "Only what follows this event, by stream and revision: proposal/p-7f3@12");
    events_command->add_option("--stream", events.stream,
                               "Only this stream, such as proposal/p-7f3, or all below text/proposal/p-7f3/");
    events_command
        ->add_option("--type", events.types, "Only these types, such as proposal.approved,visit.held")
        ->delimiter(',');
    events_command->add_option("--actor", events.actor, "Only what this person recorded");
    events_command->add_option("--organisation", events.organisation,
                               "Only what people recorded who belonged to it then");
    events_command->add_option("--correlation", events.correlation,
                               "Only the chain of events that began with this command");
    events_command->add_option("--since", events.since,
                               "Recorded not earlier: a day, or 2026-11-22T10:00:00.000Z");
    events_command->add_option("--until", events.until, "Recorded not later; a day stands for its end");

    Verify verify;
    auto* verify_command = app.add_subcommand(
        "verify",
        "Check the whole folder: every entry against the Merkle tree, the tree against the mark and the "
        "checkpoints, the index, the streams, and the views against a rebuild, which needs room in TMPDIR. "
        "Leaves with 0 when all is sound, 1 when something is not, 2 when it cannot be read");
    verify_command->add_option("--data,data", verify.data, "The data folder; a server may be running on it")
        ->required();

    Replay replay;
    auto* replay_command = app.add_subcommand(
        "replay", "Fold the log anew and print every view, list and text, one a line, as JSON");
    replay_command->add_option("--data,data", replay.data, "The data folder; a server may be running on it")
        ->required();
    auto* until = replay_command->add_option(
        "--until", replay.until,
        "As of this size of the log, or of this time: 1200, 2026-11-22 (the end of the day) or "
        "2026-11-22T10:00:00.000Z; all of it unless told");
    auto* topic = replay_command->add_option("--topic", replay.topic,
                                             "Only this one, such as proposal/p-7f3 or partnerships/all");
    replay_command
        ->add_flag("--hash", replay.hash,
                   "Print only the set hash of all views, as /v1/log/views has it of checkpointed sizes")
        ->excludes(topic);
    replay_command
        ->add_flag("--compare", replay.compare,
                   "Print nothing, but compare the folder's views with the log: leaves with 0 when they are "
                   "equal, 1 when not, 2 when it cannot be read")
        ->excludes(until)
        ->excludes(topic);

    Repair repair;
    auto* repair_command = app.add_subcommand(
        "repair",
        "Tell what of a damaged log is whole and proven, and write that into a new folder; the old one is "
        "left as it is. Leaves with 0 when nothing is lost or damaged, 1 when something is, 2 when it "
        "cannot be told or written");
    repair_command->add_option("--data,data", repair.data, "The data folder; no server may be running on it")
        ->required();
    repair_command->add_option(
        "--to", repair.to, "The folder to make, with a new log id: clients learn that history has changed");

    WitnessFlags witness;
    auto* witness_command =
        app.add_subcommand("witness", "Watch the logs of others and cosign what continues them");
    witness_command->add_option("--data", witness.data, "The witness' own folder, made when it is not there")
        ->required();
    witness_command->add_option("--listen", witness.listen,
                                "ADDRESS:PORT, 127.0.0.1:8480 unless told; port 0 takes a free one");
    witness_command->add_option("--name", witness.name, "What it is called, such as town.example/w1")
        ->required();
    witness_command
        ->add_option("--log", witness.logs, "The key of a log to watch, as its /v1/log/key says it")
        ->required();

    Invite invite;
    Backup backup;
    Restore check_backup;
    Restore restore;
    Evidence evidence;
    VerifyBundle verify_bundle;
    Keys keys;
    add_keys(app, keys);
    auto* invite_command = add_invite(app, invite);
    const auto* backup_command = add_backup(app, backup);
    const auto* check_backup_command = add_check_backup(app, check_backup);
    const auto* restore_command = add_restore(app, restore);
    auto* evidence_command = add_evidence(app, evidence);
    const auto* verify_bundle_command = add_verify_bundle(app, verify_bundle);

    KeyFlags key_flags;
    for (CLI::App* command :
         {import_command, events_command, verify_command, replay_command, invite_command, evidence_command})
        key_flags.add_to(*command);

    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        const int code = app.exit(error);
        return std::unexpected(Leave{code == 0 ? 0 : 2});
    }
    if (serve->parsed())
        return finish_serve(flags);
    if (import_command->parsed())
        return with_key("import", key_flags, std::move(import_task));
    if (events_command->parsed())
        return with_key("events", key_flags, std::move(events));
    if (replay_command->parsed())
        return with_key("replay", key_flags, std::move(replay));
    if (repair_command->parsed())
        return std::move(repair);
    if (witness_command->parsed())
        return finish_witness(witness);
    if (invite_command->parsed())
        return with_key("invite", key_flags, std::move(invite));
    if (backup_command->parsed())
        return std::move(backup);
    if (check_backup_command->parsed())
        return std::move(check_backup);
    if (restore_command->parsed())
        return std::move(restore);
    if (evidence_command->parsed())
        return with_key("evidence", key_flags, std::move(evidence));
    if (verify_bundle_command->parsed())
        return std::move(verify_bundle);
    if (!keys.data.empty())
        return std::move(keys);
    return with_key("verify", key_flags, std::move(verify));
}

} // namespace mosty::config
