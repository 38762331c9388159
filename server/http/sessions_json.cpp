#include "server/http/sessions_json.hpp"

#include "domain/codec/time.hpp"
#include "server/realtime/json_text.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace mosty::http {

std::string_view browser_family(std::string_view agent) {
    // Each says to be those that stand after it, too.
    static constexpr std::array<std::pair<std::string_view, std::string_view>, 4> marks{
        {{"Edg", "Edge"}, {"Firefox/", "Firefox"}, {"Chrome/", "Chrome"}, {"Safari/", "Safari"}}};
    for (const auto& [mark, family] : marks)
        if (agent.find(mark) != std::string_view::npos)
            return family;
    return "other";
}

std::string sessions_json(accounts::Credentials::Keyed<accounts::Session> sessions) {
    std::ranges::sort(sessions, {}, [](const auto& one) { return one.second.made_ms; });
    std::string list = "[";
    for (const auto& [key, session] : sessions) {
        list += list.back() == '[' ? "{" : ",{";
        realtime::append_member(list, "made", codec::format_time(session.made_ms));
        realtime::append_member(list, "seen", codec::format_time(session.seen_ms));
        realtime::append_member(list, "browser", browser_family(session.agent));
        realtime::append_member(list, "agent", session.agent);
        list += '}';
    }
    return list + ']';
}

} // namespace mosty::http
