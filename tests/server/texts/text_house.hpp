#pragma once

#include "server/core/open_folder.hpp"
#include "server/projections/projector.hpp"
#include "server/texts/history.hpp"
#include "server/texts/state_keeper.hpp"
#include "storage/memory/memory_view_store.hpp"
#include "tests/server/desk.hpp"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace mosty::test {

// A desk with two towns, a partnership, a proposal between them, and the derived store beside it. Officers:
// u-ua and u-hu.
class TextHouse {
public:
    explicit TextHouse(sequencing::Sequencer::Options options = {.source = "urn:mosty:test"});

    static inline const StreamId text{"text/proposal/p-1_x1/needs"};

    // Sends an edit of one writer, whose number counts itself.
    sequencing::Ticket edit(std::string_view writer, std::string_view actor, Revision base,
                            std::string_view change);
    // The same, and everything that follows from it.
    void wrote(std::string_view writer, std::string_view actor, Revision base, std::string_view change);

    // Prepares what the sequencer has asked for.
    void prepare_all();
    // Goes on until nothing waits, and folds what became true.
    void settle();

    std::string plain(Revision until = 1'000'000) const;

    Desk desk;
    storage::MemoryViewStore views;
    projections::Projector projector{views};
    std::vector<projections::Change> changes; // everything folded so far, for whoever takes it

private:
    std::map<std::string, int, std::less<>> sequences_;
};

} // namespace mosty::test
