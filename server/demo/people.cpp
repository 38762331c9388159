#include "server/demo/load.hpp"
#include "server/demo/scenario.hpp"

#include <fmt/format.h>
#include <simdjson.h>

#include <map>
#include <set>
#include <string>

namespace mosty::demo {
namespace {

std::string member(simdjson::dom::element object, std::string_view name) {
    std::string_view text;
    return object[name].get(text) == simdjson::SUCCESS ? std::string{text} : std::string{};
}

} // namespace

// One of each kind: the officers and mayors of the first partnership, the secretariat, the auditor.
std::string who_to_sign_in_as() {
    std::map<std::string, std::string> towns;
    std::set<std::string> shown;
    std::string lines;
    simdjson::dom::parser parser;
    for (const auto& command : load_scenario(0)) {
        simdjson::dom::element data;
        if (parser.parse(command.data_json).get(data) != simdjson::SUCCESS)
            continue;
        if (command.name == "register_municipality")
            towns.emplace(command.stream.substr(command.stream.find('/') + 1), member(data, "name"));
        if (command.name != "register_person")
            continue;
        const std::string organisation = member(data, "organisation");
        const std::string role = member(data, "role");
        const auto town = towns.find(organisation);
        const std::string side = town == towns.end() ? "" : organisation.substr(0, 2) == "UA" ? "ua" : "eu";
        if (role == "service" || !shown.insert(role + side).second)
            continue;
        lines += fmt::format("  {}, {} ({})\n", member(data, "name"), role,
                             town == towns.end() ? organisation : town->second);
    }
    return lines;
}

} // namespace mosty::demo
