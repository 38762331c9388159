#pragma once

#include "server/projections/fold.hpp"

#include <optional>
#include <string_view>

// What a partnership's row says of its visits and proposals, kept beside the partnership's view:
// {"visits":2,"proposals":1,"held":{"v-1":"2024-05"}}.
namespace mosty::projections {

// As it was when the log held `at` entries.
struct Related {
    boost::json::object value;
    Size size = 0; // after the event that last changed it; 0: nothing yet
};
Result<Related, storage::ReadError> read_related(const storage::ViewStore::Snapshot& snapshot,
                                                 std::string_view partnership, Size at);

void count_visit(Fold& fold, std::string_view partnership);
void count_proposal(Fold& fold, std::string_view partnership);

// Until when the visit was held; nothing when it was not, or not any more.
void set_held(Fold& fold, std::string_view partnership, std::string_view visit,
              std::optional<std::string_view> until);

} // namespace mosty::projections
