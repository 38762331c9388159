#include "server/demo/scenario.hpp"

#include "domain/base/invariant.hpp"
#include "domain/base/partial_date.hpp"
#include "domain/codec/time.hpp"

#include <boost/json.hpp>

#include <chrono>

namespace mosty::demo {

namespace json = boost::json;

namespace {

using std::chrono::days;
using std::chrono::floor;
using std::chrono::milliseconds;
using std::chrono::sys_days;
using std::chrono::sys_time;

constexpr std::string_view days_member = "$days";

std::string date_text(sys_days day) {
    const std::chrono::year_month_day date(day);
    return to_string(PartialDate{static_cast<int>(date.year()),
                                 static_cast<int>(static_cast<unsigned>(date.month())),
                                 static_cast<int>(static_cast<unsigned>(date.day()))});
}

sys_days counted_from(sys_days today, const json::object& value) {
    return today + days(value.at(days_member).to_number<int>());
}

// Writes each `{"$days":n}` in the value as a date.
void resolve_days(json::value& value, sys_days today) {
    if (auto* array = value.if_array()) {
        for (json::value& element : *array)
            resolve_days(element, today);
        return;
    }
    auto* object = value.if_object();
    if (object == nullptr)
        return;
    if (object->contains(days_member)) {
        value = json::string(date_text(counted_from(today, *object)));
        return;
    }
    for (auto& member : *object)
        resolve_days(member.value(), today);
}

// Reads "2022-11-01T09:00:00.000Z" or {"$days":-3,"time":"15:10"}.
std::int64_t moment_of(const json::value& at, sys_days today) {
    const auto read = [](const std::string& text) {
        const auto moment = codec::parse_time(text);
        MOSTY_INVARIANT(moment, "the scenario's times are well formed");
        return *moment;
    };
    const auto* object = at.if_object();
    if (object == nullptr)
        return read(std::string(at.as_string()));
    const auto midnight = counted_from(today, *object).time_since_epoch();
    return milliseconds(midnight).count() +
           read("1970-01-01T" + std::string(object->at("time").as_string()) + ":00.000Z");
}

std::string text_of(const json::object& command, std::string_view member) {
    return std::string(command.at(member).as_string());
}

} // namespace

std::vector<ScenarioCommand> load_scenario(std::int64_t today_ms) {
    const sys_days today = floor<days>(sys_time<milliseconds>(milliseconds(today_ms)));

    json::value scenario = json::parse(scenario_text());
    std::vector<ScenarioCommand> commands;
    for (json::value& element : scenario.as_array()) {
        json::object& command = element.as_object();
        json::value& data = command.at("data");
        resolve_days(data, today);
        commands.push_back({
            .at_ms = command.contains("at") ? moment_of(command.at("at"), today) : 0,
            .actor = text_of(command, "actor"),
            .id = text_of(command, "id"),
            .stream = text_of(command, "stream"),
            .name = text_of(command, "name"),
            .data_json = json::serialize(data),
        });
    }
    return commands;
}

} // namespace mosty::demo
