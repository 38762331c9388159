#pragma once

#include "domain/codec/entry.hpp"
#include "domain/municipality/event.hpp"
#include "domain/partnership/event.hpp"
#include "domain/person/event.hpp"
#include "domain/proposal/event.hpp"
#include "domain/sites/event.hpp"
#include "domain/text/event.hpp"
#include "domain/visit/event.hpp"
#include "server/projections/change.hpp"
#include "server/projections/entities.hpp"
#include "server/projections/lists.hpp"
#include "server/projections/text_traces.hpp"
#include "server/projections/view_change.hpp"
#include "server/projections/working_store.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace mosty::projections {

// One event on its way into views and lists: what is known of it, what it changes, what it changed.
struct Fold {
    WorkingStore& store;
    Entities& entities;
    Lists& lists;
    TextTraces& texts;
    std::vector<Change>& out;

    Position position;
    const codec::Envelope& envelope;
    const domain::Event& event;

    // As views and rows write them: the event's time, position and order, and the log's size after it.
    std::string at;
    std::string position_text;
    std::string order;
    std::string size_text;

    // Whether what the event said is forgotten, so that it is the one by which its stream is erased.
    bool is_erased() const { return envelope.type != domain::type_of(event); }

    Size size() const { return position + 1; }
    std::string_view actor() const { return envelope.actor.text(); }
    std::string_view stream() const { return envelope.stream.text(); }
    std::string_view id() const { return stream().substr(stream().find('/') + 1); }
};

// What a feed's row has as the data of such an event.
inline constexpr std::string_view erased_data = R"({"erased":true})";

// How the programme's counts change with one event; statuses are empty where nothing changes.
struct Tally {
    std::int64_t municipalities = 0;
    std::string_view kind = {}; // "partnerships", "visits", "proposals"
    std::string status_before = {};
    std::string status_after = {};
};

// Each folds one entity's events into the entity's own view, its row and what depends on them, and answers
// what the programme has to count.
Tally fold_municipality(Fold& fold, const municipality::Event& event);
Tally fold_person(Fold& fold, const person::Event& event);
Tally fold_partnership(Fold& fold, const partnership::Event& event);
Tally fold_visit(Fold& fold, const visit::Event& event);
Tally fold_proposal(Fold& fold, const proposal::Event& event);
Tally fold_text(Fold& fold, const text::Event& event);
Tally fold_sites(Fold& fold, const sites::Event& event);

void fold_programme(Fold& fold, const Tally& tally);

// The view of a proposal that has events, ready for rows and feeds.
Entity& open_proposal(Fold& fold, std::string_view topic);

// Begins an entity's change with what every event does: `id` and `created` once, `revision`, `changed`.
void begin_entity(Fold& fold, ViewChange& change);

// Ends the change of a view and answers its patch; stores a full copy after every 256 of them. The patch
// itself is stored with the event's record, by whoever knows the rest of it.
std::shared_ptr<const std::string> finish(Fold& fold, Entity& entity, ViewChange&& change);

// Tells the followers of a view.
void publish_patch(Fold& fold, const Entity& entity, std::shared_ptr<const std::string> patch);

// All of that for a view that is not the event's own. An empty change changes nothing.
void publish_view(Fold& fold, Entity& entity, ViewChange&& change);

// The entity's row is now `row`: tells every list that has it.
void publish_row(Fold& fold, Entity& entity, std::string row);

// What a feed's row says of the entity that its event is about, as members of the row's text, each with
// a comma before it. A visit and a proposal have titles.
std::string feed_subject(std::string_view partnership, const boost::json::object& view);

// Adds the event to the feeds and stores its record. `data` is the event's, as in the entry; `patch` is
// that of its own view.
void publish_feed(Fold& fold, const std::vector<Feed*>& feeds, std::string_view subject,
                  std::string_view data, std::string_view patch);

// The lists and feeds of an entity of these municipalities, "all" among them.
void place(Fold& fold, Entity& entity, std::string_view list,
           const std::vector<std::string_view>& municipalities);

// {"at","actor"} of the event, to which a fold adds the rest.
boost::json::object signature(std::string_view at, std::string_view actor);

} // namespace mosty::projections
