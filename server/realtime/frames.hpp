#pragma once

#include "domain/base/ids.hpp"
#include "domain/text/anchor.hpp"
#include "server/projections/change.hpp"
#include "server/projections/projector.hpp"
#include "server/realtime/problem.hpp"
#include "server/sequencing/wish.hpp"

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

// The text of what the server sends: each function makes one frame, a JSON object without white space.
namespace mosty::realtime {

// One frame, or several with commas between them: encoded once, shared by all who get it, never changed.
using Frame = std::shared_ptr<const std::string>;

using ConnectionId = std::uint64_t;

// The form of views and lists; a client that holds another is sent snapshots.
inline constexpr int view_format = 2;

std::string welcome_frame(std::string_view log_id, int format, Size size, const ActorId& actor,
                          ConnectionId connection);
std::string view_snapshot_frame(std::string_view topic, Size size, std::string_view value);
std::string list_snapshot_frame(std::string_view topic, Size size, const projections::ListWindow& window);
std::string current_frame(std::string_view topic, Size size);
// The same of a text, whose cursor is its revision.
std::string current_frame(std::string_view topic, Size size, Revision revision);
std::string history_changed_frame(std::string_view log_id, std::string_view topic);
std::string resync_frame(std::string_view topic);
std::string done_frame(const CommandId& id, const sequencing::Done& done);
std::string refused_frame(std::string_view id, const Problem& problem);
std::string error_frame(std::string_view topic, const Problem& problem);
std::string pong_frame(std::uint64_t n, Size size);
std::string bye_frame(std::string_view reason, unsigned after_ms);

// Events of a text, with commas between them; `revision` is the last one's.
std::string events_frame(std::string_view topic, Size size, Revision revision, std::string_view events);

// Where one of those who have a text open stands.
struct Standing {
    ConnectionId who = 0;
    ActorId actor;
    Revision revision = 0;
    text::Range range;
};
std::string presence_frame(std::string_view topic, std::span<const Standing> present,
                           std::span<const ConnectionId> gone);

// Appends the frame of a change, with a comma before it when `out` holds one already.
void append_change_frame(std::string& out, const projections::Change& change);

// The problem of a verdict that is no Done.
Problem problem_of(const sequencing::Verdict& verdict);

} // namespace mosty::realtime
