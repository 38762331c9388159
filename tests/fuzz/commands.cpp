#include "domain/codec/entry.hpp"
#include "tests/domain/world.hpp"
#include "tests/fuzz/begun_programme.hpp"
#include "tests/fuzz/fuzz.hpp"

#include <map>

// Lines of commands, by anybody, to any stream, on whatever state the lines before left. Nothing that is sent
// stops the domain; what it accepts becomes entries that are read again, and folding them gives the state
// that it decided on.
using namespace mosty;

namespace {

constexpr std::size_t lines_max = 32;

void check_entries(test::World& world) {
    std::map<std::string, domain::State, std::less<>> replayed;
    for (const std::string& bytes : world.entries()) {
        const auto entry = codec::decode_entry(bytes);
        MOSTY_PROMISE(entry.has_value());
        MOSTY_PROMISE(codec::encode_entry(entry->envelope, entry->event) == bytes);
        const StreamId& stream = entry->envelope.stream;
        auto& state = replayed.try_emplace(stream.text(), domain::initial_state(stream)).first->second;
        domain::apply(state, entry->event, entry->envelope.recorded());
    }
    for (const auto& [stream, state] : replayed)
        MOSTY_PROMISE(test::shown(state) == test::shown(world.state(stream)));
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    test::World world = fuzz::begun_programme();
    const std::size_t begun = world.entries().size();
    std::string_view rest = fuzz::text_of(data, size);
    for (std::size_t lines = 0; !rest.empty() && lines < lines_max; ++lines)
        fuzz::send_line(world, fuzz::take_line(rest));
    if (world.entries().size() > begun)
        check_entries(world);
    return 0;
}
