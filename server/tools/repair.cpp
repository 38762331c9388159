#include "server/tools/checkpoint_check.hpp"
#include "server/tools/provable.hpp"
#include "server/tools/tools.hpp"
#include "storage/rocksdb/salvaged_log.hpp"
#include "storage/rocksdb/scratch_folder.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <string>
#include <vector>

namespace mosty::tools {
namespace {

constexpr std::size_t ranges_shown_max = 20;

std::string text_of(const Provable::Range& range) {
    return range.to - range.from == 1 ? fmt::format("{}", range.from)
                                      : fmt::format("{} to {}", range.from, range.to - 1);
}

std::vector<std::string> report_of(const storage::SalvagedLog& log, const Provable& found) {
    std::vector<std::string> lines;
    for (const std::string& damage : log.damages())
        lines.push_back("damaged: " + damage);
    for (const std::string& sentence : found.findings.sentences)
        lines.push_back("wrong: " + sentence);
    if (found.findings.total > found.findings.sentences.size())
        lines.push_back(
            fmt::format("wrong: {} more", found.findings.total - found.findings.sentences.size()));
    for (std::size_t i = 0; i < std::min(found.lost.size(), ranges_shown_max); ++i)
        lines.push_back("lost: " + text_of(found.lost[i]));
    if (found.lost.size() > ranges_shown_max)
        lines.push_back(fmt::format("lost: {} more ranges", found.lost.size() - ranges_shown_max));
    lines.push_back(fmt::format("log {}: {} entries, of which {} are lost",
                                log.log_id().empty() ? "(id lost)" : log.log_id(), found.size,
                                found.lost_total()));
    lines.push_back(fmt::format("whole: the first {} entries", found.kept));
    lines.push_back(fmt::format("proven: the first {} entries, by the mark or a checkpoint",
                                std::min(found.proven, found.kept)));
    return lines;
}

std::vector<storage::merkle::Anchor> anchors_of(const std::filesystem::path& data,
                                                const storage::SalvagedLog& log, Findings& findings) {
    auto anchors = signed_anchors(data, findings);
    if (log.marked_tail() && log.marked_tail()->root)
        anchors.push_back({"the mark", log.marked_tail()->size, *log.marked_tail()->root});
    return anchors;
}

} // namespace

int repair_folder(const config::Repair& task) {
    const auto cannot = [](const std::string& reason) {
        fmt::print(stderr, "mosty repair: {}\n", reason);
        return 2;
    };
    const storage::ScratchFolder scratch("mosty-repair");
    if (scratch.path().empty())
        return cannot("cannot make a temporary folder");
    const auto log = storage::SalvagedLog::open(task.data, scratch.path() / "rows");
    if (!log)
        return cannot(log.error().sentence);
    Findings of_anchors;
    Provable found = find_provable(**log, anchors_of(task.data, **log, of_anchors));
    for (std::string& sentence : of_anchors.sentences)
        found.findings.add(std::move(sentence));
    std::vector<std::string> lines = report_of(**log, found);
    const bool is_whole = found.kept == found.size && lines.size() == 3; // no line tells of damage

    if (task.to) {
        const auto log_id = write_kept(**log, found, *task.to);
        if (!log_id)
            return cannot(log_id.error());
        lines.push_back(
            fmt::format("written: {} entries to {}, as log {}", found.kept, task.to->string(), *log_id));
        lines.push_back(
            "to bring: keys and master.key of the damaged folder, beside the new log, before a server "
            "starts on it: they open what is sealed");
        const Size left_out = found.size - found.kept - found.lost_total();
        if (left_out > 0)
            lines.push_back(
                fmt::format("left out: {} entries that cannot stand without those before them, in {}",
                            left_out, (*task.to / "left-out.ndjson").string()));
    }
    for (const std::string& line : lines)
        fmt::print("{}\n", line);
    if (task.to) {
        std::ofstream report(*task.to / "repair.txt");
        for (const std::string& line : lines)
            report << line << '\n';
        report.close();
        if (!report)
            return cannot("cannot write " + (*task.to / "repair.txt").string());
    }
    return is_whole ? 0 : 1;
}

} // namespace mosty::tools
