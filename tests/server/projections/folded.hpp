#pragma once

#include "domain/codec/index_keys.hpp"
#include "history.hpp"
#include "server/projections/projector.hpp"
#include "storage/memory/memory_event_log.hpp"
#include "storage/memory/memory_view_store.hpp"

#include <boost/json.hpp>
#include <catch2/catch.hpp>

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace mosty::test {

namespace json = boost::json;

// Everything that a store holds.
inline std::map<std::string, std::string> contents(const storage::ViewStore& store) {
    std::map<std::string, std::string> all;
    for (auto& [key, value] : store.snapshot()->scan("", "", 1'000'000).value())
        all.emplace(std::move(key), std::move(value));
    return all;
}

// The history as a log, of plain entries.
inline std::unique_ptr<storage::MemoryEventLog> log_of(const History& history) {
    auto log = std::make_unique<storage::MemoryEventLog>();
    for (const codec::DecodedEntry& entry : history.entries())
        REQUIRE(log->append(std::vector{storage::NewEntry{codec::encode_entry(entry.envelope, entry.event),
                                                          codec::index_keys(entry.envelope)}},
                            log->size())
                    .has_value());
    return log;
}

// A history folded into a store in memory, committed now and then as a test likes.
class Folded {
public:
    Folded() = default;
    explicit Folded(const History& history) { fold(history); }

    // Folds what is new in the history, and commits.
    void fold(const History& history) {
        for (Size next = projector.size(); next < history.size(); ++next) {
            changes.clear();
            projector.fold(next, history.entries()[next], changes);
        }
        REQUIRE(projector.commit().has_value());
    }

    json::value view(std::string_view topic) { return json::parse(projector.view(topic).value()); }

    json::array rows(std::string_view topic, std::size_t limit = 1'000) {
        json::array rows;
        for (const std::string& row : projector.list(topic, limit).value().rows)
            rows.push_back(json::parse(row));
        return rows;
    }

    Size total(std::string_view topic) { return projector.list(topic, 1).value().total; }

    // What the last event folded changed in the topic; null when nothing.
    json::value last_change(std::string_view topic) const {
        for (const projections::Change& change : changes)
            if (change.topic == topic)
                return json::parse(*change.json);
        return nullptr;
    }

    storage::MemoryViewStore store;
    projections::Projector projector{store};
    std::vector<projections::Change> changes; // of the last event folded
};

} // namespace mosty::test
