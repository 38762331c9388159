#include "domain/rights/naming.hpp"

#include "domain/rights/table.hpp"

#include <fmt/format.h>

#include <string>
#include <string_view>

namespace mosty::rights {

namespace {

std::string_view id_of(const StreamId& stream) {
    const std::string_view text = stream.text();
    return text.substr(text.find('/') + 1);
}

} // namespace

Result<void, Rejection> check_leaves_room(const StreamId& stream) {
    if (id_of(stream).size() <= partnership_id_max)
        return {};
    return refuse(RejectionCode::wrong_stream,
                  fmt::format("The id of a partnership has at most {} characters: those of its visits and "
                              "proposals begin with it. Choose a shorter one.",
                              partnership_id_max),
                  {}, {{"stream", stream.text()}, {"max", std::to_string(partnership_id_max)}});
}

Result<void, Rejection> check_named_for(const PartnershipId& partnership, const Actor& actor,
                                        const StreamId& stream) {
    const std::string_view id = id_of(stream);
    // The last one: a partnership's own id may have some, too.
    const auto mark = id.rfind('_');
    const bool is_named = mark != std::string_view::npos && mark + 1 < id.size();
    if (is_named && id.substr(0, mark) == partnership.text())
        return {};
    const bool sees_all = may_read(actor.role, Reading::all_proposals, Relation::none) &&
                          may_read(actor.role, Reading::all_visits, Relation::none);
    if (sees_all && mark == std::string_view::npos)
        return {};
    return refuse(RejectionCode::wrong_stream,
                  fmt::format("What belongs to the partnership {0} has an id that begins with “{0}_” and has "
                              "no other “_” after it. Choose such an id.",
                              partnership.text()),
                  {}, {{"stream", stream.text()}, {"begins", partnership.text() + "_"}});
}

} // namespace mosty::rights
