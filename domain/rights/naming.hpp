#pragma once

#include "domain/base/actor.hpp"
#include "domain/base/ids.hpp"
#include "domain/base/names.hpp"
#include "domain/base/rejection.hpp"
#include "domain/base/result.hpp"

#include <cstddef>

namespace mosty::rights {

inline constexpr std::size_t partnership_id_max = 40;

// Refuses an id of a new partnership that leaves no room for those of its visits and proposals, with
// `wrong_stream`.
Result<void, Rejection> check_leaves_room(const StreamId& stream);

// Whether something of the partnership may be begun in the stream: its id has to be that of the partnership,
// "_", and a part without "_", as in "visit/p-1_x7". So whoever is told that an id is taken could see what
// took it. Those who see everything (by the table of rights) may also choose an id without "_".
// Refused with `wrong_stream`; what stands in the log already keeps the id that it has.
Result<void, Rejection> check_named_for(const PartnershipId& partnership, const Actor& actor,
                                        const StreamId& stream);

} // namespace mosty::rights
