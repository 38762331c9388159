#include "tests/bench/load.hpp"

#include <string_view>

// Loads a server that runs with --demo on the loopback interface. scripts/bench shows every option in use.
//   bench_load prepare  --port N [--proposals N]
//   bench_load commands --port N --pid N [--window N] [--clients N] [--dashboards N] [--seconds S]
//   bench_load events   --port N --pid N [--query TEXT] [--seconds S]
//   bench_load opened   --port N --pid N [--query TEXT] [--seconds S]
//   bench_load fanout   --port N --pid N [--followers N] [--rate N | --burst N] [--seconds S]
int main(int argc, char** argv) {
    using namespace mosty::bench;
    const std::string_view mode = argc > 1 ? argv[1] : "";
    const Options options(argc, argv, 2);
    if (mode == "prepare")
        prepare(options);
    else if (mode == "commands")
        measure_commands(options);
    else if (mode == "events")
        measure_events(options);
    else if (mode == "opened")
        measure_opened_events(options);
    else if (mode == "fanout")
        measure_fanout(options);
    else
        give_up("usage: bench_load prepare | commands | events | opened | fanout, then --name value …");
}
