#include "server/realtime/presences.hpp"

#include <utility>

namespace mosty::realtime {

void Presences::say(const std::string& topic, Standing standing, bool is_here, Time now) {
    if (!is_here)
        return leave(topic, standing.who);
    Text& text = texts_[topic];
    const ConnectionId who = standing.who;
    if (!text.people.contains(who) && text.people.size() >= shown_max)
        return;
    text.people[who] = {std::move(standing), now + kept};
    text.moved.insert(who);
    text.gone.erase(who);
}

void Presences::leave(const std::string& topic, ConnectionId who) {
    const auto text = texts_.find(topic);
    if (text == texts_.end() || text->second.people.erase(who) == 0)
        return;
    text->second.moved.erase(who);
    text->second.gone.insert(who);
}

std::vector<Presences::Change> Presences::take_changes(Time now) {
    std::vector<Change> changes;
    for (auto next = texts_.begin(); next != texts_.end();) {
        auto& [topic, text] = *next;
        std::erase_if(text.people, [&](const auto& one) {
            const auto& [who, seen] = one;
            if (seen.until > now)
                return false;
            text.moved.erase(who);
            text.gone.insert(who);
            return true;
        });
        if (!text.moved.empty() || !text.gone.empty()) {
            std::vector<Standing> present;
            for (const ConnectionId who : std::exchange(text.moved, {}))
                present.push_back(text.people.at(who).standing);
            const std::set<ConnectionId> left = std::exchange(text.gone, {});
            const std::vector<ConnectionId> gone(left.begin(), left.end());
            changes.push_back({topic, presence_frame(topic, present, gone)});
        }
        next = text.people.empty() ? texts_.erase(next) : std::next(next);
    }
    return changes;
}

std::optional<std::string> Presences::frame_of(const std::string& topic) const {
    const auto text = texts_.find(topic);
    if (text == texts_.end() || text->second.people.empty())
        return std::nullopt;
    std::vector<Standing> present;
    for (const auto& [who, seen] : text->second.people)
        present.push_back(seen.standing);
    return presence_frame(topic, present, {});
}

} // namespace mosty::realtime
