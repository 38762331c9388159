#pragma once

#include "domain/base/ids.hpp"
#include "domain/base/result.hpp"
#include "domain/text/state.hpp"
#include "server/texts/history.hpp"
#include "storage/log_reader.hpp"
#include "storage/view_store.hpp"

#include <deque>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace mosty::texts {

// Makes the whole states that are kept of texts, one at every `revisions_per_state`: says what to make, and
// goes on from the state that was made last, so that each revision is folded once.
//
// Threads: begin() and end() from one thread; make() from any.
class StateKeeper {
public:
    struct Job {
        StreamId text;
        Revision until = 0;
        text::State from; // revision 0: the newest one kept is read
    };

    struct Made {
        StreamId text;
        std::vector<std::pair<Revision, std::string>> kept; // as codec::encode_text_state writes them
        text::State last;
    };

    // A text has reached a revision: what to make, if anything. One job a text at a time.
    std::optional<Job> begin(const StreamId& text, Revision revision);

    // Takes a job's state back; what to make next of the same text, if it has gone on meanwhile.
    std::optional<Job> end(const StreamId& text, text::State last);

    static Result<Made, std::string> make(const storage::LogReader& log,
                                          const storage::ViewStore::Snapshot& views, Job job);

private:
    struct Text {
        StreamId text;
        Revision wanted = 0;
        bool busy = false;
        text::State last;
    };

    std::deque<Text> texts_; // the one used last behind
};

} // namespace mosty::texts
