#pragma once

#include "domain/base/ids.hpp"
#include "server/openid/provider.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <variant>

namespace mosty::accounts {

// For what somebody goes to a provider.
struct ToSignIn {};
struct ToJoin {
    std::string secret; // of the invitation's link
};
struct ToLink {
    ActorId actor;
    std::string session; // its key
};
using Purpose = std::variant<ToSignIn, ToJoin, ToLink>;

// Somebody who is at a provider, and is expected back.
struct PendingFlow {
    std::string provider;
    Purpose purpose;
    openid::Flow flow;
    std::string browser; // digest of the cookie of the browser that it belongs to
    std::string network; // from which it began
    std::int64_t until_ms = 0;
};

// Those who are at a provider: each for ten minutes, each once. They are few: whoever begins a
// hundred-and-first from one network gives up its oldest, and when there is no room for anybody nobody
// begins.
//
// Threads: one at a time.
class PendingFlows {
public:
    static constexpr std::int64_t lasts_ms = 10 * 60'000;
    static constexpr std::size_t flows_max = 10'000;
    static constexpr std::size_t network_flows_max = 100;

    // False when there is no room.
    bool add(PendingFlow flow, std::int64_t now_ms);

    // Who comes back with this state in the browser of this cookie, and is expected no more. Nothing for a
    // state that was never given, has run out or been used, or belongs to another browser.
    std::optional<PendingFlow> take(std::string_view state, std::string_view cookie, std::int64_t now_ms);

    // Whether somebody is expected in the browser of this cookie.
    bool knows(std::string_view cookie) const;

    void forget_old(std::int64_t now_ms);

    std::size_t size() const { return flows_.size(); }

private:
    void make_room(const std::string& network);

    std::unordered_map<std::string, PendingFlow> flows_; // by digest of the state
};

} // namespace mosty::accounts
