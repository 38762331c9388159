#include "server/backup/heads.hpp"
#include "server/evidence/answer.hpp"
#include "server/evidence/verify.hpp"
#include "server/tools/folder_keys.hpp"
#include "server/tools/tools.hpp"
#include "server/tools/whole_log.hpp"

#include <fmt/format.h>

#include <csignal>
#include <cstdio>
#include <exception>
#include <unistd.h>

namespace mosty::tools {
namespace {

constexpr std::string_view no_history = "wrong: the events are no history that Mosty would have recorded\n";

int say(std::string_view tool, int code, std::string_view sentence) {
    fmt::print(stderr, "mosty {}: {}\n", tool, sentence);
    return code;
}

// Whoever makes up events and signs them can break a rule that no recorded event breaks; our own check of
// it aborts.
void end_unverified(int) {
    [[maybe_unused]] const auto written = ::write(STDOUT_FILENO, no_history.data(), no_history.size());
    ::_exit(1);
}

} // namespace

int print_evidence(const config::Evidence& task) {
    constexpr std::string_view tool = "evidence";
    const auto log = open_whole_log(task.data);
    if (!log)
        return say(tool, 2, log.error());
    const auto heads = backup::heads_of_data(task.data, (*log)->size());
    if (!heads)
        return say(tool, 2, heads.error());
    if (heads->checkpoints.empty() || !heads->key)
        return say(tool, 2,
                   "the log has no checkpoint that checkpoint.key signed: a running server makes one");
    const auto& newest = heads->checkpoints.back();
    const Size at = task.at.value_or(newest.checkpoint.size);
    if (at > newest.checkpoint.size)
        return say(tool, 2, fmt::format("the newest checkpoint is of {} entries", newest.checkpoint.size));
    if (domain::kind_of(StreamId(task.stream)) != domain::Kind::proposal)
        return say(tool, 2, fmt::format("{:?} is no proposal, such as proposal/p-1", task.stream));

    const StreamId stream(task.stream);
    const auto keys = keys_of_folder(task.data, task.master_key_file);
    if (!keys)
        return say(tool, 2, keys.error().sentence);
    const auto json = evidence::bundle_of(**log, *keys, stream,
                                          {newest.checkpoint.origin, heads->key->text(),
                                           newest.checkpoint.size, audit::format_note(newest.note)},
                                          at, evidence::bundle_bytes_max / 2);
    if (!json)
        return say(tool, 2, json.error().sentence);
    const bool printed = std::fwrite(json->data(), 1, json->size(), stdout) == json->size() &&
                         std::fputc('\n', stdout) != EOF && std::fflush(stdout) == 0;
    return printed ? 0 : say(tool, 2, "it could not be written whole");
}

int verify_bundle(const config::VerifyBundle& task) {
    constexpr std::string_view tool = "verify-bundle";
    std::optional<audit::VerifierKey> pinned;
    if (task.key) {
        auto key = audit::VerifierKey::parse(*task.key);
        if (!key)
            return say(tool, 2, "--key: " + key.error().sentence);
        pinned = std::move(*key);
    }
    const auto json = backup::read_file(task.file, evidence::bundle_bytes_max);
    if (!json)
        return say(tool, 2, json.error().sentence);
    const auto bundle = evidence::parse_bundle(*json);
    if (!bundle)
        return say(tool, 2, fmt::format("{} is no bundle: {}", task.file.string(), bundle.error()));

    std::signal(SIGABRT, end_unverified);
    try {
        const auto verdict = evidence::verify(*bundle, pinned);
        for (const auto& sentence : verdict.proven)
            fmt::print("proven: {}\n", sentence);
        for (const auto& sentence : verdict.wrong)
            fmt::print("wrong: {}\n", sentence);
        for (const auto& sentence : verdict.not_proven)
            fmt::print("not proven: {}\n", sentence);
        fmt::print("{}: {} as of {}\n", verdict.verifies() ? "verifies" : "does not verify", bundle->stream,
                   bundle->at);
        return verdict.verifies() ? 0 : 1;
    } catch (const std::exception&) {
        fmt::print("{}", no_history);
        return 1;
    }
}

} // namespace mosty::tools
