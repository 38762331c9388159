#include "server/projections/proposal_figures.hpp"

#include "domain/text/section.hpp"
#include "server/projections/json_text.hpp"

#include <algorithm>
#include <vector>

namespace mosty::projections {
namespace json = boost::json;
namespace {

const json::object* entry_in(const json::object& view, std::string_view parent, std::string_view id) {
    const auto* entries = view.if_contains(parent);
    const auto* entry = entries == nullptr ? nullptr : entries->as_object().if_contains(id);
    return entry == nullptr ? nullptr : &entry->as_object();
}

Figure figure_of(const json::object& entry, Figure::Kind kind) {
    return {kind, std::string(text_of(entry, "currency")), entry.at("amount").as_int64()};
}

void add(json::object& totals, const Figure& figure, std::int64_t sign) {
    json::value& value = totals[figure.currency];
    if (value.is_null())
        value = {{"budget", 0}, {"funding", 0}, {"confirmed", 0}, {"gap", 0}};
    json::object& total = value.as_object();
    const auto change = [&](std::string_view member) {
        std::int64_t& sum = total.at(member).as_int64();
        sum += sign * figure.amount;
        return sum;
    };
    if (figure.kind == Figure::Kind::cost)
        change("budget");
    else
        change("funding");
    if (figure.kind == Figure::Kind::confirmed_funding)
        change("confirmed");
    total["gap"] =
        std::max<std::int64_t>(0, total.at("budget").as_int64() - total.at("confirmed").as_int64());
}

bool names_currency(const json::object& view, std::string_view currency) {
    for (const std::string_view parent : {"budget", "sources"})
        for (const auto& entry : view.at(parent).as_object())
            if (text_of(entry.value().as_object(), "currency") == currency)
                return true;
    return false;
}

bool is_empty(const json::object& view, std::string_view member) {
    const auto* value = view.if_contains(member);
    if (value == nullptr)
        return true;
    if (const auto* text = value->if_string())
        return text->empty();
    if (const auto* array = value->if_array())
        return array->empty();
    return value->as_object().empty();
}

} // namespace

std::optional<Figure> cost_in(const json::object& view, std::string_view line) {
    const auto* entry = entry_in(view, "budget", line);
    if (entry == nullptr)
        return std::nullopt;
    return figure_of(*entry, Figure::Kind::cost);
}

std::optional<Figure> funding_in(const json::object& view, std::string_view source) {
    const auto* entry = entry_in(view, "sources", source);
    if (entry == nullptr)
        return std::nullopt;
    const bool confirmed = text_of(*entry, "status") == "confirmed";
    return figure_of(*entry, confirmed ? Figure::Kind::confirmed_funding : Figure::Kind::funding);
}

void change_totals(ViewChange& change, const std::optional<Figure>& gone, const std::optional<Figure>& come) {
    json::object totals;
    if (const auto* present = change.view().if_contains("totals"))
        totals = present->as_object();
    if (gone)
        add(totals, *gone, -1);
    if (come)
        add(totals, *come, 1);
    if (gone && (!come || come->currency != gone->currency) && !names_currency(change.view(), gone->currency))
        totals.stable_erase(totals.find(gone->currency));
    change.set("totals", json::value(std::move(totals)));
}

bool has_invented_figure(const json::object& view) {
    for (const std::string_view parent : {"budget", "sources", "indicators"}) {
        const auto* entries = view.if_contains(parent);
        if (entries == nullptr)
            continue;
        for (const auto& entry : entries->as_object())
            if (entry.value().at("invented").as_bool())
                return true;
    }
    return false;
}

namespace {

// Sets a member to a list of names when it is not so already.
void set_names(ViewChange& change, std::string_view member, const std::vector<std::string_view>& names) {
    const auto same = [](const json::value& told, std::string_view name) { return text_of(told) == name; };
    const auto* present = change.view().if_contains(member);
    const bool is_so =
        present == nullptr ? names.empty() : std::ranges::equal(present->as_array(), names, same);
    if (is_so)
        return;
    change.set(member, json::value(json::array(names.begin(), names.end())));
}

} // namespace

void change_missing(ViewChange& change) {
    const json::object& view = change.view();
    std::vector<std::string_view> missing;
    std::vector<std::string_view> too_long;
    for (const std::string_view member : {"title", "summary", "sectors", "budget"})
        if (is_empty(view, member))
            missing.push_back(member);
    const auto* texts = view.if_contains("texts");
    for (const std::string_view section : WordsOf<text::Section>::words) {
        const std::string_view standing =
            texts == nullptr ? std::string_view() : text_of(texts->as_object(), section);
        if (standing.empty())
            missing.push_back(section);
        else if (standing == "too_long")
            too_long.push_back(section);
    }
    set_names(change, "missing", missing);
    set_names(change, "too_long", too_long);
}

} // namespace mosty::projections
