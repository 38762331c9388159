#include "server/projections/projector.hpp"
#include "tests/fuzz/begun_programme.hpp"
#include "tests/fuzz/fuzz.hpp"

// Lines of commands as in commands.cpp; what is accepted is folded into the views. No event stops the fold,
// every change is JSON, and the views are the same however the log is cut into commits and restarts.
using namespace mosty;

namespace {

constexpr std::size_t lines_max = 16;

const storage::ViewBatch& begun_views() {
    static const fuzz::FoldedProgramme folded(fuzz::begun_programme());
    static const storage::ViewBatch all = fuzz::contents(folded.views);
    return all;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    test::World world = fuzz::begun_programme();
    const Size begun = world.entries().size();
    std::string_view rest = fuzz::text_of(data, size);
    for (std::size_t lines = 0; !rest.empty() && lines < lines_max; ++lines)
        fuzz::send_line(world, fuzz::take_line(rest));
    const Size end = world.entries().size();
    if (end == begun)
        return 0;

    storage::MemoryViewStore at_once;
    storage::MemoryViewStore one_by_one;
    MOSTY_PROMISE(at_once.write(begun_views()) && one_by_one.write(begun_views()));
    for (const auto& change : fuzz::fold(at_once, world, begun, end, end))
        MOSTY_PROMISE(fuzz::is_json(*change.json));
    fuzz::fold(one_by_one, world, begun, end, 1);
    MOSTY_PROMISE(fuzz::contents(at_once).puts == fuzz::contents(one_by_one).puts);
    return 0;
}
