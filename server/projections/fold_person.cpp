#include "domain/base/names.hpp"
#include "domain/base/result.hpp"
#include "domain/codec/data.hpp"
#include "server/projections/fold.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

namespace mosty::projections {
namespace json = boost::json;
namespace {

using namespace person;

json::object line_of(const Profile& profile) {
    return {{"name", profile.name},
            {"organisation", profile.organisation.text()},
            {"role", to_string(profile.role)},
            {"invented", profile.invented}};
}

void correct(json::object& line, const Changes& changes) {
    if (changes.name)
        line["name"] = *changes.name;
    if (changes.organisation)
        line["organisation"] = changes.organisation->text();
    if (changes.role)
        line["role"] = to_string(*changes.role);
}

std::string data_of(Event event) {
    std::string data;
    codec::append_data(data, domain::Event(std::move(event)));
    return data;
}

// What the feed tells of an event; nothing for what concerns the account alone. Feeds hold no names: they are
// in the directory alone. Nor do they say why somebody leaves.
std::optional<std::string> told_in_feed(const Fold& fold, const Event& event) {
    if (fold.is_erased()) {
        const std::string_view type = fold.envelope.type;
        if (type == Registered::type || type == TokenMade::type)
            return std::nullopt;
        return std::string(erased_data);
    }
    return std::visit(
        Overloaded{
            [](const Corrected& corrected) -> std::optional<std::string> {
                Corrected nameless = corrected;
                nameless.changes.name.reset();
                return data_of(std::move(nameless));
            },
            [](const HandedOver& handed) -> std::optional<std::string> {
                return json::serialize(json::object{{"to", handed.to.text()}});
            },
            [](const Left&) -> std::optional<std::string> { return "{}"; },
            [](const Joined&) -> std::optional<std::string> { return "{}"; },
            [](const RoleChanged& changed) -> std::optional<std::string> { return data_of(changed); },
            [](const DeputyAppointed& appointed) -> std::optional<std::string> { return data_of(appointed); },
            [](const DeputyEnded& ended) -> std::optional<std::string> { return data_of(ended); },
            [](const Erased& erased) -> std::optional<std::string> { return data_of(erased); },
            [](const auto&) -> std::optional<std::string> { return std::nullopt; },
        },
        event);
}

void change_role(json::object& line, const RoleChanged& changed) {
    line["role"] = to_string(changed.role);
    if (changed.organisation)
        line["organisation"] = changed.organisation->text();
}

void end_deputy(json::object& line, const ActorId& deputy) {
    auto* deputies = line.if_contains("deputies");
    if (deputies == nullptr)
        return;
    json::array& list = deputies->as_array();
    const auto is_theirs = [&](const json::value& one) {
        return one.at("deputy").as_string() == deputy.text();
    };
    list.erase(std::remove_if(list.begin(), list.end(), is_theirs), list.end());
    if (list.empty())
        line.stable_erase(line.find("deputies"));
}

void appoint_deputy(json::object& line, const DeputyAppointed& appointed) {
    end_deputy(line, appointed.deputy);
    if (!line.contains("deputies"))
        line["deputies"] = json::array{};
    line["deputies"].as_array().push_back(json::object{{"deputy", appointed.deputy.text()},
                                                       {"from", to_string(appointed.from)},
                                                       {"until", to_string(appointed.until)}});
}

void leave(json::object& line) {
    line["left"] = true;
    if (line.contains("deputies"))
        line.stable_erase(line.find("deputies"));
}

// What everybody may know of this person after the event.
void tell(json::object& line, const Event& event) {
    std::visit(Overloaded{
                   [&](const Registered& registered) { line = line_of(registered.profile); },
                   [&](const Corrected& corrected) { correct(line, corrected.changes); },
                   [&](const RoleChanged& changed) { change_role(line, changed); },
                   [&](const DeputyAppointed& appointed) { appoint_deputy(line, appointed); },
                   [&](const DeputyEnded& ended) { end_deputy(line, ended.deputy); },
                   [&](const Left&) { leave(line); },
                   [&](const HandedOver& handed) { line["successor"] = handed.to.text(); },
                   [&](const Erased&) { line = {{"erased", true}}; },
                   [](const auto&) {},
               },
               event);
}

} // namespace

Tally fold_person(Fold& fold, const Event& event) {
    Entity& directory = fold.entities.open("directory");
    ViewChange change(directory.document.value);
    const auto* present = change.view().if_contains(fold.id());
    const bool is_gone = present != nullptr && present->as_object().contains("erased");
    if (!is_gone && (present != nullptr || fold.envelope.type == Registered::type)) {
        json::object line = present == nullptr ? json::object{} : present->as_object();
        tell(line, event);
        change.set(fold.id(), json::value(std::move(line)));
    }
    publish_view(fold, directory, std::move(change));
    if (const auto told = told_in_feed(fold, event))
        publish_feed(fold, {&fold.lists.feed("feed/all")}, {}, *told, {});
    return {};
}

} // namespace mosty::projections
