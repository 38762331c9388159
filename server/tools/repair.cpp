#include "server/tools/provable.hpp"
#include "server/tools/salvage_report.hpp"
#include "server/tools/tools.hpp"
#include "storage/rocksdb/scratch_folder.hpp"

#include <fmt/format.h>

#include <cstdio>
#include <fstream>
#include <string>
#include <vector>

namespace mosty::tools {
int repair_folder(const config::Repair& task) {
    const auto cannot = [](const std::string& reason) {
        fmt::print(stderr, "mosty repair: {}\n", reason);
        return 2;
    };
    const storage::ScratchFolder scratch("mosty-repair");
    if (scratch.path().empty())
        return cannot("cannot make a temporary folder");
    auto report = report_salvage(task.data, scratch.path() / "rows");
    if (!report)
        return cannot(report.error().sentence);
    const Provable& found = report->found;
    std::vector<std::string> lines = report->lines;

    if (task.to) {
        const auto written = write_kept(*report->log, found, *task.to);
        if (!written)
            return cannot(written.error());
        lines.push_back(fmt::format("written: {} entries to {}, as log {}", found.kept, task.to->string(),
                                    written->log_id));
        lines.push_back(
            "to bring: keys and master.key of the damaged folder, beside the new log, before a server "
            "starts on it: they open what is sealed");
        if (written->left_out > 0)
            lines.push_back(fmt::format(
                "left out: {} entries that cannot stand without those before them, in {}{}",
                written->left_out, (*task.to / "left-out.ndjson").string(),
                written->unproven > 0 ? fmt::format("; nothing proves {} of them", written->unproven) : ""));
    }
    for (const std::string& line : lines)
        fmt::print("{}\n", line);
    if (task.to) {
        std::ofstream kept(*task.to / "repair.txt");
        for (const std::string& line : lines)
            kept << line << '\n';
        kept.close();
        if (!kept)
            return cannot("cannot write " + (*task.to / "repair.txt").string());
    }
    return report->is_whole() ? 0 : 1;
}

} // namespace mosty::tools
