#pragma once

#include "domain/base/ids.hpp"

#include <string>
#include <string_view>

// The keys of the derived store, all in one place; their first letters tell what is counted, see
// views_hash.hpp. What is written under them is at each function; sizes and positions are eight bytes, the
// highest first, so that keys sort as numbers do. Ids hold no slash, so no topic's keys begin with another's.
namespace mosty::projections::keys {

// What each event left behind in its stream's view, by the log's size after it: see record.hpp.
std::string_view records(); // of every stream
std::string records(std::string_view topic);
std::string record(std::string_view topic, Size size);
// A view's full copies, one every 256 patches, by size, as JSON.
std::string copies(std::string_view topic);
// `records` or `copies` of a topic, at one size.
std::string at_size(std::string prefix, Size size);
Size size_at_end(std::string_view key);

// An entity's row, once, whatever lists hold it: "r/proposals/p-7f3".
std::string row(std::string_view list, std::string_view id);
// A list's members by order; each value is the id whose row stands there.
std::string members(std::string_view list_topic);
// The rows that have left a list, in the same form: what they were while they were there is in their
// entities' views.
std::string left_members(std::string_view list_topic);
// A list's number of rows and the size at which a row last left it, in decimal: "12 0"; by the log's size
// after each event that added or removed one.
std::string_view totals(); // of every list
std::string totals(std::string_view list_topic);

// A feed's runs of rows, by the position of the first of each: see feed.hpp.
std::string_view feed_runs(); // of every feed
std::string feed_runs(std::string_view feed_topic);
std::string feed_run(std::string_view feed_topic, Position first);

// What a partnership's row says of its visits and proposals, as JSON, by the log's size after each event that
// changed it.
std::string related(std::string_view partnership_id);

// Every municipality under each of its words: word, name and id, divided by zero bytes. The value is
// what a search filters by: see search_index.hpp.
std::string_view words();
// Every municipality by country, then name and id, divided by zero bytes. The value is empty.
std::string_view names();

// What the folds know of a text: see text_traces.hpp.
std::string_view text_traces(); // of every text
std::string text_trace(std::string_view stream);
// A text's whole states, one every 1,000 revisions, by revision: see domain/codec/text_state.hpp.
std::string text_states(std::string_view stream);
std::string_view text_states(); // of every text

// The set hash of all rows, see views_hash.hpp; and those noted, by size.
std::string_view views_hash();
std::string_view noted_hashes();
std::string noted_hash(Size size);

// Appends eight bytes, the highest first; and reads them back.
void append_number(std::string& out, std::uint64_t number);
std::uint64_t number_at(std::string_view bytes, std::size_t offset);

} // namespace mosty::projections::keys
