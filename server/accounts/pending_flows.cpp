#include "server/accounts/pending_flows.hpp"

#include "server/accounts/secrets.hpp"

#include <algorithm>
#include <utility>

namespace mosty::accounts {
namespace {

constexpr std::size_t secret_length_max = 128;

} // namespace

void PendingFlows::forget_old(std::int64_t now_ms) {
    std::erase_if(flows_, [&](const auto& one) { return one.second.until_ms <= now_ms; });
}

void PendingFlows::make_room(const std::string& network) {
    std::size_t count = 0;
    auto oldest = flows_.end();
    for (auto one = flows_.begin(); one != flows_.end(); ++one) {
        if (one->second.network != network)
            continue;
        ++count;
        if (oldest == flows_.end() || one->second.until_ms < oldest->second.until_ms)
            oldest = one;
    }
    if (count >= network_flows_max)
        flows_.erase(oldest);
}

bool PendingFlows::add(PendingFlow flow, std::int64_t now_ms) {
    forget_old(now_ms);
    make_room(flow.network);
    if (flows_.size() >= flows_max)
        return false;
    flow.until_ms = now_ms + lasts_ms;
    std::string key = digest_of(flow.flow.state);
    flows_.insert_or_assign(std::move(key), std::move(flow));
    return true;
}

std::optional<PendingFlow> PendingFlows::take(std::string_view state, std::string_view cookie,
                                              std::int64_t now_ms) {
    if (state.size() > secret_length_max || cookie.size() > secret_length_max)
        return std::nullopt;
    const auto found = flows_.find(digest_of(state));
    if (found == flows_.end() || found->second.until_ms <= now_ms ||
        !same_text(found->second.browser, digest_of(cookie)))
        return std::nullopt;
    PendingFlow flow = std::move(found->second);
    flows_.erase(found);
    return flow;
}

bool PendingFlows::knows(std::string_view cookie) const {
    if (cookie.empty() || cookie.size() > secret_length_max)
        return false;
    return std::ranges::any_of(
        flows_, [browser = digest_of(cookie)](const auto& one) { return one.second.browser == browser; });
}

} // namespace mosty::accounts
