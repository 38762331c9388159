#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace mosty::demo {

// One command of the demo, as its actor would have sent it at that moment.
struct ScenarioCommand {
    std::int64_t at_ms = 0; // UTC, since 1970; 0 when the scenario does not say
    std::string actor;
    std::string id;
    std::string stream;
    std::string name;
    std::string data_json;
};

// The demo: the Bridges of Trust programme restated as commands, in the order to give them. Times never
// go back and all lie before `today_ms`; README.md beside this file says what is real and what invented.
//
// Days counted from today (`{"$days":12}`) are resolved against `today_ms`, so the same command read on
// another day has the same id and other data. Load it into an empty log only.
std::vector<ScenarioCommand> load_scenario(std::int64_t today_ms);

// scenario.json as built into the binary.
std::string_view scenario_text();

} // namespace mosty::demo
