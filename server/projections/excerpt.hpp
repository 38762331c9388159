#pragma once

#include "domain/base/ids.hpp"
#include "domain/base/result.hpp"
#include "domain/codec/entry.hpp"
#include "storage/log_reader.hpp"

#include <memory>
#include <string>
#include <string_view>

namespace mosty::projections {

// Folds the events of a few streams that ask for no others into the views of these streams, in memory: what
// a Projector makes of them in the midst of a whole log.
//
// Threads: one, any.
class Excerpt {
public:
    Excerpt();
    ~Excerpt();

    // Positions ascend; each stream's revisions are 1, 2, 3 ….
    void fold(Position position, const codec::DecodedEntry& entry);

    // The view as JSON; `{}` when nothing was recorded under that name.
    Result<std::string, storage::ReadError> view(std::string_view topic);

private:
    struct State;
    std::unique_ptr<State> state_;
};

} // namespace mosty::projections
