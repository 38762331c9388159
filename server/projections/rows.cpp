#include "server/projections/rows.hpp"

#include "server/projections/json_text.hpp"

#include <initializer_list>

namespace mosty::projections {
namespace json = boost::json;
namespace {

std::string_view id_of(const Entity& entity) {
    return std::string_view(entity.topic).substr(entity.topic.find('/') + 1);
}

std::string begin_row(const Entity& entity, Size size) {
    std::string row;
    row.reserve(512);
    row = "{";
    append_member(row, "size", static_cast<std::int64_t>(size));
    append_member(row, "id", id_of(entity));
    append_member(row, "order", entity.order);
    return row;
}

void append_members(std::string& row, const json::object& view,
                    std::initializer_list<std::string_view> names) {
    for (const std::string_view name : names)
        if (const auto* value = view.if_contains(name))
            append_member(row, name, *value);
}

// Which of the two sides an object has: {"ua":{…}} gives ["ua"].
void append_sides(std::string& row, std::string_view name, const json::object* signed_by) {
    append_name(row, name);
    row += '[';
    bool first = true;
    for (const std::string_view side : {"ua", "eu"}) {
        if (signed_by == nullptr || !signed_by->contains(side))
            continue;
        if (!first)
            row += ',';
        first = false;
        append_quoted(row, side);
    }
    row += ']';
}

const json::object* object_in(const json::object& view, std::string_view name) {
    const auto* value = view.if_contains(name);
    return value == nullptr ? nullptr : value->if_object();
}

const json::object& changed_in(const json::object& view) {
    return view.at("changed").as_object();
}

std::int64_t count_in(const json::object& related, std::string_view name) {
    const auto* value = related.if_contains(name);
    return value == nullptr ? 0 : value->as_int64();
}

// The latest of the dates until which visits were held; partial dates sort as texts.
std::string_view last_contact(const json::object& related) {
    std::string_view last;
    if (const auto* held = object_in(related, "held"))
        for (const auto& visit : *held)
            last = std::max(last, text_of(visit.value()));
    return last;
}

} // namespace

std::string partnership_row(const Entity& entity, Size size) {
    const json::object& view = entity.document.value;
    std::string row = begin_row(entity, size);
    append_members(row, view, {"ua", "eu", "by", "status", "sectors"});
    append_sides(row, "accepted", object_in(view, "accepted"));
    append_member(row, "visits", count_in(entity.related, "visits"));
    append_member(row, "proposals", count_in(entity.related, "proposals"));
    if (const auto last = last_contact(entity.related); !last.empty())
        append_member(row, "last_contact", last);
    append_members(row, changed_in(view), {"at"});
    row += '}';
    return row;
}

std::string visit_row(const Entity& entity, Size size) {
    const json::object& view = entity.document.value;
    std::string row = begin_row(entity, size);
    append_members(row, view,
                   {"partnership", "ua", "eu", "title", "host", "kind", "from", "to", "place", "status"});
    append_sides(row, "confirmed", object_in(view, "confirmed"));
    append_members(row, view, {"by"});
    append_members(row, changed_in(view), {"at"});
    row += '}';
    return row;
}

std::string proposal_row_body(const Entity& entity) {
    const json::object& view = entity.document.value;
    std::string body = "{";
    append_members(body, view, {"partnership", "ua", "eu", "title", "lead", "status", "sectors"});
    const json::object* approval = object_in(view, "approval");
    if (approval != nullptr)
        append_members(body, *approval, {"version", "asked_side"});
    append_sides(body, "approved", approval == nullptr ? nullptr : object_in(*approval, "approved"));
    append_members(body, view, {"totals"});
    append_name(body, "invented");
    body += entity.some_figure_invented ? "true" : "false";
    body[0] = ',';
    return body;
}

std::string proposal_row(const Entity& entity, const LastEvent& last) {
    std::string row;
    row.reserve(200 + entity.row_body.size());
    append_all(row, {R"({"size":)", last.size_text, R"(,"id":")", id_of(entity), R"(","order":")",
                     entity.order, R"(")", entity.row_body, R"(,"at":")", last.at, R"(","actor":")",
                     last.actor, R"(","revision":)"});
    append_number(row, last.revision);
    row += '}';
    return row;
}

} // namespace mosty::projections
