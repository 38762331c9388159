#include "server/projections/facts.hpp"

#include "server/projections/json_text.hpp"

namespace mosty::projections {
namespace json = boost::json;

void record_fact(ViewChange& change, const Fold& fold, std::string_view data) {
    json::object fact;
    fact.reserve(7);
    fact.emplace("order", static_cast<std::int64_t>(fold.position));
    fact.emplace("type", fold.envelope.type);
    fact.emplace("at", fold.at);
    fact.emplace("actor", fold.actor());
    fact.emplace("data", json::parse(data));
    change.set_in("facts", fold.envelope.id.text(), std::move(fact));
}

void correct_fact(ViewChange& change, const Fold& fold, std::string_view data) {
    const json::value correction_value = json::parse(data);
    const json::object& correction = correction_value.as_object();
    const std::string_view corrects = text_of(correction, "corrects");
    const auto* facts = change.view().if_contains("facts");
    const auto* recorded = facts == nullptr ? nullptr : facts->as_object().if_contains(corrects);
    if (recorded == nullptr)
        return;

    json::object fact = recorded->as_object();
    json::object& fields = fact.at("data").as_object();
    for (const auto& [name, value] : correction) {
        if (name == "corrects" || name == "reason")
            continue;
        if (name == "retracted")
            fact["retracted"] = true;
        else
            fields[name == "fact_reason" ? json::string_view("reason") : json::string_view(name)] = value;
    }
    json::object corrected = signature(fold.at, fold.actor());
    corrected.emplace("reason", text_of(correction, "reason"));
    fact["corrected"] = std::move(corrected);
    change.set_in("facts", corrects, std::move(fact));
}

json::object Fact::signed_with(std::initializer_list<std::string_view> members) const {
    json::object object;
    copy_members(object, data, members);
    object.emplace("at", at);
    object.emplace("actor", actor);
    return object;
}

void copy_members(json::object& to, const json::object& from,
                  std::initializer_list<std::string_view> members) {
    for (const std::string_view name : members)
        if (const auto* value = from.if_contains(name))
            to.emplace(name, *value);
}

} // namespace mosty::projections
