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

// An event as the feed tells it. Feeds hold no names: they are in the directory alone.
std::string row_data(const Fold& fold, const Event& event) {
    if (fold.is_erased())
        return std::string(erased_data);
    Event nameless = event;
    if (auto* corrected = std::get_if<Corrected>(&nameless))
        corrected->changes.name.reset();
    std::string data;
    codec::append_data(data, domain::Event(std::move(nameless)));
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
                       if (present == nullptr || present->as_object().contains("erased"))
                           return;
                       json::object line = present->as_object();
                       correct(line, corrected.changes);
                       change.set(fold.id(), json::value(std::move(line)));
                   },
                   [&](const Erased&) { change.set(fold.id(), json::value({{"erased", true}})); },
               },
               event);
    publish_view(fold, directory, std::move(change));
    if (fold.envelope.type != Registered::type)
        publish_feed(fold, {&fold.lists.feed("feed/all")}, {}, row_data(fold, event), {});
    return {};
}

} // namespace mosty::projections
