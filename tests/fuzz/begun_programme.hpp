#pragma once

#include "server/projections/projector.hpp"
#include "storage/memory/memory_event_log.hpp"
#include "storage/memory/memory_view_store.hpp"
#include "tests/domain/world.hpp"

#include <memory>
#include <string_view>
#include <utility>
#include <vector>

// A small programme with something of everything, from which fuzz targets go on.
namespace mosty::fuzz {

// Towns and their people, the partnership p-1, the visit v-1, and the draft x-1 whose form is written and
// talked about.
const test::World& begun_programme();

// Sends what a line says: "officer@HU_10719 proposal/p-1_x1 edit_proposal {…}". Nothing happens when it says
// nothing of that form.
void send_line(test::World& world, std::string_view line);

// Folds the entries [from, to) of a world into the store's views, and commits after each `at_once` of them.
// Answers what changed.
std::vector<projections::Change> fold(storage::ViewStore& store, const test::World& world, Size from, Size to,
                                      Size at_once);

// Everything that a store holds, and a store that holds it.
storage::ViewBatch contents(const storage::ViewStore& store);

// A world's entries as a log, and its views.
struct FoldedProgramme {
    explicit FoldedProgramme(const test::World& world);

    storage::MemoryEventLog log;
    storage::MemoryViewStore views;
    std::shared_ptr<const storage::ViewStore::Snapshot> snapshot;
};

} // namespace mosty::fuzz
