#include "text_desk.hpp"

#include "domain/base/utf16.hpp"

#include <fmt/format.h>

namespace mosty::test {

World with_proposal() {
    World world = World::with_partners();
    for (const Actor& actor : {ua_officer, eu_officer, third_officer, ua_mayor, eu_mayor, expert}) {
        world.given(service, "person/" + actor.id.text(), "register_person",
                    fmt::format(R"({{"name":"Somebody","organisation":"{}","role":"{}","language":"uk"}})",
                                actor.organisation.text(), to_string(actor.role)));
    }
    world.given(ua_officer, "proposal/p-1_x1", "draft_proposal",
                R"({"partnership":"p-1","title":"Water","sectors":["water_supply"],"summary":"Pipes."})");
    world.given(ua_officer, "proposal/p-1_x1", "add_partner",
                fmt::format(R"({{"municipality":"{}"}})", third_town));
    return world;
}

World with_locked_proposal() {
    World world = with_proposal();
    world.given(
        ua_officer, "proposal/p-1_x1", "set_budget_line",
        R"({"line":"b","category":"staff","partner":"HU_10719","description":"d","amount":1,"currency":"EUR"})");
    world.write_sections(service, "proposal/p-1_x1");
    world.given(ua_officer, "proposal/p-1_x1", "ask_approval");
    return world;
}

std::string edit(World& world, const Actor& actor, std::string_view client, int sequence, std::uint64_t base,
                 std::string_view change) {
    return world.send(actor, needs, "edit_text",
                      fmt::format(R"({{"client":"{}","sequence":{},"base":{},"change":{}}})", client,
                                  sequence, base, change));
}

void write(World& world, const Actor& actor, std::string_view change) {
    const text::State& state = text_state(world);
    const auto known = state.clients.find(text::ClientId("k-" + actor.id.text()));
    const auto sequence = known == state.clients.end() ? 1 : known->second.sequence + 1;
    world.given(actor, needs, "edit_text",
                fmt::format(R"({{"client":"k-{}","sequence":{},"base":{},"change":{}}})", actor.id.text(),
                            sequence, state.revision, change));
}

std::string words(World& world) {
    const text::Content& content = text_state(world).content;
    return utf8_of(content.text(0, content.length()));
}

const text::State& text_state(World& world) {
    return std::get<text::State>(world.state(needs));
}

} // namespace mosty::test
