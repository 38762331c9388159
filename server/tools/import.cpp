#include "server/core/inline_door.hpp"
#include "server/core/open_folder.hpp"
#include "server/local/door.hpp"
#include "server/sequencing/entropy.hpp"
#include "server/tools/progress.hpp"
#include "server/tools/register_rows.hpp"
#include "server/tools/tools.hpp"

#include <fmt/format.h>

#include <chrono>
#include <cstdio>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

namespace mosty::tools {
namespace {

constexpr std::size_t commands_at_once = 1'024;
constexpr std::size_t bad_rows_shown_max = 100;

struct Counts {
    std::uint64_t rows = 0;
    std::uint64_t changed = 0;
    std::uint64_t unchanged = 0;
    std::uint64_t bad = 0;
};

// The folder itself when it is free, otherwise the server that has it open.
struct Target {
    std::optional<core::OpenFolder> folder;
    std::unique_ptr<core::ServiceDoor> door;
};

Result<Target, std::string> open_target(const std::filesystem::path& data,
                                        const std::filesystem::path& master_key_file) {
    Target target;
    auto folder = core::open_folder(data, {.master_key_file = master_key_file, .progress = {}});
    if (folder) {
        target.folder = std::move(*folder);
        target.door = std::make_unique<core::InlineDoor>(*target.folder->log, *target.folder->views,
                                                         *target.folder->projector);
        return target;
    }
    if (folder.error().code != storage::OpenError::Code::locked)
        return std::unexpected(folder.error().sentence);
    auto client = local::DoorClient::connect(data);
    if (!client)
        return std::unexpected(client.error());
    target.door = std::move(*client);
    return target;
}

void report_bad(const std::filesystem::path& file, std::uint64_t line, const std::string& reason,
                Counts& counts) {
    if (++counts.bad <= bad_rows_shown_max)
        fmt::print("{}:{}: left out: {}\n", file.filename().string(), line, reason);
}

// One reading of a register. A row that is as it was leaves no trace whatever its command's id; one that
// changed back to what it said years ago is a new command, not a repetition.
std::string new_run() {
    return sequencing::random_id("-", sequencing::system_entropy()).substr(0, 13);
}

Result<void, std::string> send(core::ServiceDoor& door, std::vector<RegisterCommand>& rows,
                               const std::string& run, const std::filesystem::path& file, Counts& counts) {
    std::vector<core::ServiceCommand> commands;
    commands.reserve(rows.size());
    for (auto& row : rows)
        commands.push_back({"service-import",
                            row.id + run,
                            std::move(row.stream),
                            std::string{RegisterCommand::name},
                            std::move(row.data_json),
                            {}});
    const auto answers = door.send(commands);
    if (!answers)
        return std::unexpected(answers.error());
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const auto& answer = (*answers)[i];
        if (!answer && (answer.error().code == "overloaded" || answer.error().code == "unavailable"))
            return std::unexpected(answer.error().detail);
        if (!answer)
            report_bad(file, rows[i].line, answer.error().detail, counts);
        else
            ++(answer->count > 0 ? counts.changed : counts.unchanged);
    }
    rows.clear();
    return {};
}

Result<void, std::string> import_file(core::ServiceDoor& door, const std::filesystem::path& file,
                                      Counts& counts, Progress& progress) {
    auto bytes = open_bytes(file);
    if (!bytes)
        return std::unexpected(fmt::format("{}: {}", file.string(), bytes.error()));
    auto reader = RegisterReader::open(std::move(*bytes));
    if (!reader)
        return std::unexpected(
            fmt::format("{}:{}: {}", file.string(), reader.error().line, reader.error().reason));

    const std::string run = new_run();
    std::vector<RegisterCommand> waiting;
    for (bool more = true; more;) {
        auto row = reader->next();
        if (!row) {
            if (row.error().ends_reading)
                return std::unexpected(
                    fmt::format("{}:{}: {}", file.string(), row.error().line, row.error().reason));
            ++counts.rows;
            report_bad(file, row.error().line, row.error().reason, counts);
            continue;
        }
        more = row->has_value();
        if (more) {
            ++counts.rows;
            waiting.push_back(std::move(**row));
        }
        if (waiting.size() == commands_at_once || (!more && !waiting.empty()))
            if (auto sent = send(door, waiting, run, file, counts); !sent)
                return sent;
        progress.show(counts.rows);
    }
    return {};
}

} // namespace

int import_registers(const config::Import& task) {
    auto target = open_target(task.data, task.master_key_file);
    if (!target) {
        fmt::print(stderr, "mosty import: {}\n", target.error());
        return 1;
    }
    const auto started = std::chrono::steady_clock::now();
    Counts counts;
    Progress progress("rows taken in:", 0);
    for (const auto& file : task.files) {
        if (auto done = import_file(*target->door, file, counts, progress); !done) {
            progress.finish();
            fmt::print(stderr,
                       "mosty import: {}. What was taken in is durable; give the same command to go on.\n",
                       done.error());
            return 1;
        }
    }
    progress.finish();
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count();
    if (counts.bad > bad_rows_shown_max)
        fmt::print("and {} more rows left out\n", counts.bad - bad_rows_shown_max);
    fmt::print("{} rows: {} registered or updated, {} as they were, {} left out; {:.1f} s\n", counts.rows,
               counts.changed, counts.unchanged, counts.bad, seconds);
    return 0;
}

} // namespace mosty::tools
