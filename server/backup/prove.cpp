#include "server/backup/prove.hpp"

#include "server/backup/check.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace mosty::backup {
namespace {

std::string span(Position first, Position last) {
    return first == last ? fmt::format("position {}", grouped(first))
                         : fmt::format("positions {}–{}", grouped(first), grouped(last));
}

// The checkpoint from elsewhere proves entries that are not here.
std::string missing(Size proven, Size held) {
    return fmt::format("the checkpoint proves {} entries, the backup holds {}: {} {} missing",
                       grouped(proven), grouped(held), span(held, proven - 1),
                       proven - held == 1 ? "is" : "are");
}

} // namespace

std::string grouped(std::uint64_t number) {
    std::string digits = std::to_string(number);
    for (std::ptrdiff_t at = std::ssize(digits) - 3; at > 0; at -= 3)
        digits.insert(static_cast<std::size_t>(at), 1, ',');
    return digits;
}

Proof prove(const std::filesystem::path& folder, const Manifest& manifest,
            const std::optional<audit::SignedCheckpoint>& outside,
            const std::function<void(Size)>& progress) {
    Proof proof;
    std::vector<audit::Checkpoint> heads;
    if (auto own = heads_of_backup(folder, manifest)) {
        proof.heads = std::move(*own);
        for (const auto& checkpoint : proof.heads.checkpoints)
            heads.push_back(checkpoint.checkpoint);
    } else {
        proof.damage.push_back(own.error());
        proof.heads_proven = false;
    }
    if (outside && outside->checkpoint.size <= manifest.size)
        heads.push_back(outside->checkpoint);
    std::ranges::sort(heads, {}, &audit::Checkpoint::size);

    CheckRequest request{.from = 0, .roots_at = {}, .progress = progress};
    std::ranges::transform(heads, std::back_inserter(request.roots_at), &audit::Checkpoint::size);
    auto report = check(folder, manifest, request);
    proof.entries_proven = report.entries_proven;
    std::ranges::move(report.damages, std::back_inserter(proof.damage));
    if (report.damages_total > report.damages.size())
        proof.damage.push_back(
            fmt::format("and {} more like these", grouped(report.damages_total - report.damages.size())));
    if (!report.entries_proven)
        return proof;

    proof.proven.push_back(fmt::format("{} entries, byte for byte as they were saved on {}",
                                       grouped(manifest.size), manifest.time));
    for (std::size_t i = 0; i < heads.size(); ++i)
        if (report.roots[i] != heads[i].root) {
            proof.wrong.push_back(fmt::format("the checkpoint of {} over {} entries is not of these entries",
                                              heads[i].origin, grouped(heads[i].size)));
            proof.heads_proven = false;
        }
    if (proof.wrong.empty() && !heads.empty())
        proof.proven.push_back(fmt::format("the first {} of them are those that {} signed",
                                           grouped(heads.back().size), heads.back().origin));
    if (outside && outside->checkpoint.size > manifest.size)
        proof.wrong.push_back(missing(outside->checkpoint.size, manifest.size));
    return proof;
}

} // namespace mosty::backup
