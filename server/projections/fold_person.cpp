#include "domain/base/names.hpp"
#include "domain/base/result.hpp"
#include "domain/codec/data.hpp"
#include "server/projections/fold.hpp"

#include <optional>

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

// A correction as the feed tells it. Feeds hold no names: they are in the directory alone.
std::string data_without_name(const Corrected& corrected) {
    Corrected nameless = corrected;
    nameless.changes.name.reset();
    std::string data;
    codec::append_data(data, domain::Event(Event(std::move(nameless))));
    return data;
}

} // namespace

Tally fold_person(Fold& fold, const Event& event) {
    Entity& directory = fold.entities.open("directory");
    ViewChange change(directory.document.value);
    std::visit(Overloaded{
                   [&](const Registered& registered) {
                       change.set(fold.id(), json::value(line_of(registered.profile)));
                   },
                   [&](const Corrected& corrected) {
                       const auto* present = change.view().if_contains(fold.id());
                       if (present == nullptr)
                           return;
                       json::object line = present->as_object();
                       correct(line, corrected.changes);
                       change.set(fold.id(), json::value(std::move(line)));
                   },
               },
               event);
    publish_view(fold, directory, std::move(change));
    if (const auto* corrected = std::get_if<Corrected>(&event))
        publish_feed(fold, {&fold.lists.feed("feed/all")}, {}, data_without_name(*corrected), {});
    return {};
}

} // namespace mosty::projections
