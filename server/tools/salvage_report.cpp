#include "server/tools/salvage_report.hpp"

#include "server/tools/checkpoint_check.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace mosty::tools {
namespace {

constexpr std::size_t ranges_shown_max = 20;

std::string text_of(const Provable::Range& range) {
    return range.to - range.from == 1 ? fmt::format("{}", range.from)
                                      : fmt::format("{} to {}", range.from, range.to - 1);
}

void add_ranges(std::vector<std::string>& lines, std::string_view word,
                const std::vector<Provable::Range>& ranges, std::string_view remark) {
    for (std::size_t i = 0; i < std::min(ranges.size(), ranges_shown_max); ++i)
        lines.push_back(fmt::format("{}: {}{}", word, text_of(ranges[i]), remark));
    if (ranges.size() > ranges_shown_max)
        lines.push_back(fmt::format("{}: {} more ranges", word, ranges.size() - ranges_shown_max));
}

std::vector<std::string> lines_of(const storage::SalvagedLog& log, const Provable& found) {
    std::vector<std::string> lines;
    for (const std::string& damage : log.damages())
        lines.push_back("damaged: " + damage);
    for (const std::string& sentence : found.findings.sentences)
        lines.push_back("wrong: " + sentence);
    if (found.findings.total > found.findings.told)
        lines.push_back(fmt::format("wrong: {} more", found.findings.total - found.findings.told));
    add_ranges(lines, "recovered", found.recovered, ", out of a damaged append: the tree proves it");
    add_ranges(lines, "lost", found.lost, "");
    if (found.beyond.from < found.beyond.to)
        lines.push_back(fmt::format("unknown: {}, out of an append at the end that may never have been "
                                    "acknowledged",
                                    text_of(found.beyond)));
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

// A damaged hash hides what the entries beside it prove. So when entries out of damaged appends remain
// unproven, the hashes from there are left out, and the tree is made of the entries alone.
Result<Provable, storage::OpenError> find_with_guesses(storage::SalvagedLog& log,
                                                       const std::vector<storage::merkle::Anchor>& anchors) {
    Provable found = find_provable(log, anchors, log.unsure_entries());
    if (found.lost.empty() || log.unsure_entries().empty())
        return found;
    const auto forgotten = log.forget_unsure_hashes();
    if (!forgotten)
        return std::unexpected(forgotten.error());
    if (!*forgotten)
        return found;
    Provable without = find_provable(log, anchors, log.unsure_entries());
    return without.lost_total() < found.lost_total() ? std::move(without) : std::move(found);
}

} // namespace

Result<SalvageReport, storage::OpenError> report_salvage(const std::filesystem::path& data,
                                                         const std::filesystem::path& scratch) {
    auto log = storage::SalvagedLog::open(data, scratch);
    if (!log)
        return std::unexpected(log.error());
    SalvageReport report{.log = std::move(*log), .found = {}, .lines = {}};
    Findings of_anchors;
    const auto anchors = anchors_of(data, *report.log, of_anchors);
    auto found = find_with_guesses(*report.log, anchors);
    if (!found)
        return std::unexpected(found.error());
    report.found = std::move(*found);
    for (std::string& sentence : of_anchors.sentences)
        report.found.findings.add(std::move(sentence));
    report.lines = lines_of(*report.log, report.found);
    return report;
}

} // namespace mosty::tools
