#include "tests/fuzz/begun_programme.hpp"

#include "domain/base/text.hpp"
#include "domain/codec/index_keys.hpp"
#include "tests/domain/text_desk.hpp"
#include "tests/fuzz/fuzz.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string>

namespace mosty::fuzz {
namespace {

// "officer@HU_10719": people are called as tests/domain/world.hpp calls them.
std::optional<Actor> actor_of(std::string_view word) {
    const auto at = word.find('@');
    if (at == std::string_view::npos)
        return std::nullopt;
    const auto role = from_word<Role>(word.substr(0, at));
    const std::string_view organisation = word.substr(at + 1);
    if (!role || !is_id(organisation) || organisation.size() > 40)
        return std::nullopt;
    if (acts_for_municipality(*role))
        return Actor{ActorId(fmt::format("{}-{}", to_string(*role), organisation)),
                     OrganisationId(std::string(organisation)), *role};
    return Actor{ActorId(fmt::format("the-{}", to_string(*role))), OrganisationId("cemr"), *role};
}

std::string_view take_word(std::string_view& line) {
    const std::string_view word = line.substr(0, line.find(' '));
    line.remove_prefix(std::min(line.size(), word.size() + 1));
    return word;
}

constexpr std::string_view beginning =
    R"(service@cemr person/the-secretariat register_person {"name":"S","organisation":"cemr","role":"secretariat","language":"en"}
officer@UA32140010000049369 visit/p-1_v1 plan_visit {"partnership":"p-1","title":"Water","host":"eu","kind":"meeting","from":"2026-11-20"}
officer@HU_10719 visit/p-1_v1 confirm_visit {}
officer@UA32140010000049369 proposal/p-1_x1 set_budget_line {"line":"b-1","category":"staff","partner":"HU_10719","description":"d","amount":7,"currency":"EUR"}
officer@HU_10719 text/proposal/p-1_x1/needs comment_text {"thread":"t-1","kind":"comment","base":1,"from":0,"to":2,"body":"Чому?"}
expert@cemr text/proposal/p-1_x1/needs comment_text {"thread":"t-2","kind":"advice","base":2,"from":1,"to":3,"body":"Краще так."}
officer@HU_10719 text/proposal/p-1_x1/needs suggest_in_text {"suggestion":"s-1","base":3,"change":[{"retain":2},{"insert":"🌉"},{"delete":1}]}
officer@UA32140010000049369 text/proposal/p-1_x1/needs name_text_version {"version":"w-1","name":"n","revision":2}
officer@UA32140010000049369 sites/p-1_x1 record_site {"site":"s-1","audience":"town"}
officer@UA32140010000049369 sites/p-1_x1 describe_site {"site":"s-1","audience":"town","name":"Station","kind":"waterworks","assets":[{"name":"Pump","count":2,"condition":"worn"}]}
)";

} // namespace

const test::World& begun_programme() {
    static const test::World begun = [] {
        test::World world = test::with_proposal();
        world.write_sections(test::ua_officer, "proposal/p-1_x1");
        const std::size_t before = world.entries().size();
        std::size_t lines = 0;
        for (std::string_view rest = beginning; !rest.empty(); ++lines)
            send_line(world, take_line(rest));
        MOSTY_INVARIANT(world.entries().size() == before + lines, "each line of the beginning is an event");
        return world;
    }();
    return begun;
}

void send_line(test::World& world, std::string_view line) {
    const auto actor = actor_of(take_word(line));
    const std::string_view stream = take_word(line);
    const std::string_view command = take_word(line);
    if (actor && domain::kind_of(StreamId(std::string(stream))))
        world.send(*actor, stream, command, line);
}

std::vector<projections::Change> fold(storage::ViewStore& store, const test::World& world, Size from, Size to,
                                      Size at_once) {
    std::vector<projections::Change> changes;
    while (from < to) {
        projections::Projector projector(store);
        for (const Size end = std::min(to, from + at_once); from < end; ++from) {
            const auto entry = codec::decode_entry(world.entries()[from]);
            MOSTY_INVARIANT(entry, "what was recorded can be read");
            projector.fold(from, *entry, changes);
        }
        MOSTY_INVARIANT(projector.commit().has_value(), "a store in memory can be written");
    }
    return changes;
}

storage::ViewBatch contents(const storage::ViewStore& store) {
    storage::ViewBatch all;
    for (auto& [key, value] : store.snapshot()->scan("", "", std::numeric_limits<std::size_t>::max()).value())
        all.puts.emplace_back(std::move(key), std::move(value));
    all.applied = store.applied();
    return all;
}

FoldedProgramme::FoldedProgramme(const test::World& world) {
    std::vector<storage::NewEntry> batch;
    for (const std::string& bytes : world.entries())
        batch.push_back({bytes, codec::index_keys_of(bytes).value()});
    MOSTY_INVARIANT(log.append(batch, 0).has_value(), "a log in memory can be written");
    fold(views, world, 0, batch.size(), batch.size());
    snapshot = views.snapshot();
}

} // namespace mosty::fuzz
