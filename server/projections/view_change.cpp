#include "server/projections/view_change.hpp"

#include "server/projections/json_text.hpp"

#include <utility>
#include <vector>

namespace mosty::projections {
namespace json = boost::json;
namespace {

void append_quoted_name(std::string& patch, std::string_view name) {
    if (patch.back() != '{')
        patch += ',';
    append_quoted(patch, name);
    patch += ':';
}

void erase_member(json::object& object, json::object::iterator member) {
    object.stable_erase(member);
}

void become_object(std::string& patch, json::object& target, json::object wanted);

// Sets one member of an object and writes that into the patch of the object.
void set_member(std::string& patch, json::object& object, std::string_view name, json::value wanted) {
    const auto found = object.find(name);
    if (found == object.end()) {
        append_quoted_name(patch, name);
        append_value(patch, wanted);
        object.emplace(name, std::move(wanted));
        return;
    }
    json::value& target = found->value();
    if (target == wanted)
        return;
    append_quoted_name(patch, name);
    if (target.is_object() && wanted.is_object()) {
        become_object(patch, target.get_object(), std::move(wanted.get_object()));
        return;
    }
    append_value(patch, wanted);
    target = std::move(wanted);
}

void become_object(std::string& patch, json::object& target, json::object wanted) {
    patch += '{';
    std::vector<std::string> gone;
    for (const auto& member : target)
        if (!wanted.contains(member.key()))
            gone.emplace_back(member.key());
    for (const std::string& name : gone) {
        append_quoted_name(patch, name);
        patch += "null";
        erase_member(target, target.find(name));
    }
    for (auto& member : wanted)
        set_member(patch, target, member.key(), std::move(member.value()));
    patch += '}';
}

} // namespace

void ViewChange::set(std::string_view member, std::string_view text) {
    const auto found = view_.find(member);
    if (found != view_.end() && found->value().is_string()) {
        json::string& present = found->value().get_string();
        if (std::string_view(present) == text)
            return;
        present.assign(text);
    } else if (found != view_.end()) {
        found->value() = text;
    } else {
        view_.emplace(member, text);
    }
    append_member(patch_, member, text);
}

void ViewChange::set(std::string_view member, std::int64_t number) {
    const auto found = view_.find(member);
    if (found == view_.end()) {
        view_.emplace(member, number);
    } else {
        if (found->value() == json::value(number))
            return;
        found->value() = number;
    }
    append_member(patch_, member, number);
}

void ViewChange::set(std::string_view member, json::value wanted) {
    set_member(patch_, view_, member, std::move(wanted));
}

void ViewChange::erase(std::string_view member) {
    const auto found = view_.find(member);
    if (found == view_.end())
        return;
    append_quoted_name(patch_, member);
    patch_ += "null";
    erase_member(view_, found);
}

void ViewChange::set_in(std::string_view parent, std::string_view member, json::value wanted) {
    const auto found = view_.find(parent);
    if (found == view_.end()) {
        json::object made;
        made.emplace(member, std::move(wanted));
        set(parent, json::value(std::move(made)));
        return;
    }
    json::object& object = found->value().as_object();
    const std::size_t before = patch_.size();
    append_quoted_name(patch_, parent);
    patch_ += '{';
    const std::size_t opened = patch_.size();
    set_member(patch_, object, member, std::move(wanted));
    if (patch_.size() == opened)
        patch_.resize(before);
    else
        patch_ += '}';
}

void ViewChange::erase_in(std::string_view parent, std::string_view member) {
    const auto found = view_.find(parent);
    if (found == view_.end())
        return;
    json::object& object = found->value().as_object();
    const auto inner = object.find(member);
    if (inner == object.end())
        return;
    append_quoted_name(patch_, parent);
    patch_ += '{';
    append_quoted_name(patch_, member);
    patch_ += "null}";
    erase_member(object, inner);
}

void ViewChange::set_changed(std::string_view at, std::string_view actor, std::int64_t position) {
    const auto found = view_.find("changed");
    if (found == view_.end()) {
        set("changed", json::value(json::object{{"at", at}, {"actor", actor}, {"position", position}}));
        return;
    }
    append_name(patch_, "changed");
    patch_ += '{';
    for (auto& [name, value] : found->value().as_object()) {
        if (name == "position") {
            value = position;
            append_member(patch_, name, position);
        } else {
            const std::string_view text = name == "at" ? at : actor;
            if (std::string_view(value.as_string()) == text)
                continue;
            value.as_string().assign(text);
            append_member(patch_, name, text);
        }
    }
    patch_ += '}';
}

void apply_patch(json::object& target, const json::object& patch) {
    for (const auto& [name, value] : patch) {
        const auto found = target.find(name);
        if (value.is_null()) {
            if (found != target.end())
                erase_member(target, found);
        } else if (const auto* nested = value.if_object()) {
            json::value& member =
                found != target.end() ? found->value() : target.emplace(name, json::object()).first->value();
            if (!member.is_object())
                member.emplace_object();
            apply_patch(member.get_object(), *nested);
        } else if (found != target.end()) {
            found->value() = value;
        } else {
            target.emplace(name, value);
        }
    }
}

} // namespace mosty::projections
