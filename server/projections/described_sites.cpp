#include "server/projections/described_sites.hpp"

#include "domain/base/result.hpp"
#include "domain/codec/data.hpp"
#include "domain/codec/time.hpp"
#include "domain/sites/evolve.hpp"
#include "server/projections/row_list.hpp"
#include "server/projections/view_change.hpp"

#include <utility>

namespace mosty::projections {
namespace json = boost::json;
namespace {

std::string topic_of(std::string_view stream, sites::View view) {
    return std::string(stream).append("/").append(to_string(view));
}

const sites::SiteId& site_of(const sites::Event& event) {
    return std::visit([](const auto& one) -> const sites::SiteId& { return one.site; }, event);
}

} // namespace

std::optional<json::object> SiteBoard::shown(const sites::SiteId& id, sites::View view) const {
    const auto found = state_.sites.find(id);
    if (found == state_.sites.end())
        return std::nullopt;
    const sites::Site& site = found->second;
    if (!site.is_there() || !site.description || sites::view_of(site) != view)
        return std::nullopt;
    const Line& line = lines_.find(id)->second;
    std::string described;
    codec::append_description(described, *site.description);
    json::object row = json::parse(described).as_object();
    row["order"] = line.order;
    row["side"] = to_string(site.side);
    row["at"] = line.at;
    row["actor"] = line.actor;
    return row;
}

void SiteBoard::fold(Position position, const codec::DecodedEntry& entry, std::vector<Change>& out) {
    const auto& event = std::get<sites::Event>(entry.event);
    sites::apply(state_, event, entry.envelope.recorded());
    const sites::SiteId& id = site_of(event);
    if (!state_.sites.contains(id))
        return;
    if (std::holds_alternative<sites::Recorded>(event))
        lines_[id].order = order_of(position);
    if (std::holds_alternative<sites::Described>(event)) {
        lines_[id].at = codec::format_time(entry.envelope.time_ms);
        lines_[id].actor = entry.envelope.actor.text();
    }
    for (std::size_t i = 0; i < sites::view_count; ++i) {
        ViewChange change(views_[i]);
        if (auto row = shown(id, static_cast<sites::View>(i)))
            change.set(id.text(), json::value(std::move(*row)));
        else if (views_[i].contains(id.text()))
            change.erase(id.text());
        if (change.empty())
            continue;
        changed_[i] = position + 1;
        out.push_back({topic_of(entry.envelope.stream.text(), static_cast<sites::View>(i)),
                       Change::Kind::patch, std::make_shared<const std::string>(std::move(change).finish()),
                       position + 1, 0});
    }
}

std::string SiteBoard::view(sites::View view) const {
    return json::serialize(views_[static_cast<std::size_t>(view)]);
}

std::string SiteBoard::view_for_readers_of(const SiteBoard& present, sites::View view) const {
    json::object seen;
    for (const auto& [id, row] : views_[static_cast<std::size_t>(view)]) {
        const auto now = present.state_.sites.find(sites::SiteId(std::string(id)));
        if (now == present.state_.sites.end() || now->second.erased)
            continue;
        // The town that keeps it sees what both see.
        if (view != sites::View::partners || sites::view_of(now->second) == view)
            seen.emplace(id, row);
    }
    return json::serialize(seen);
}

void DescribedSites::fold(Position position, const codec::DecodedEntry& entry, std::vector<Change>& out) {
    if (std::holds_alternative<sites::Event>(entry.event))
        boards_[entry.envelope.stream.text()].fold(position, entry, out);
}

std::string DescribedSites::view(const sites::ViewName& name) const {
    const auto found = boards_.find(name.sites.text());
    return found == boards_.end() ? "{}" : found->second.view(name.view);
}

Size DescribedSites::changed(const sites::ViewName& name) const {
    const auto found = boards_.find(name.sites.text());
    return found == boards_.end() ? 0 : found->second.changed(name.view);
}

} // namespace mosty::projections
