#include "delta_json.hpp"
#include "domain/codec/entry.hpp"
#include "domain/codec/text_state.hpp"
#include "domain/text/evolve.hpp"
#include "random_delta.hpp"
#include "seed.hpp"
#include "text_desk.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

using namespace mosty;
using namespace mosty::test;

namespace {

// A text of which everything was said that can be said, by random people.
World with_history(std::mt19937_64& random, int steps) {
    World world = with_proposal();
    const std::vector<Actor> people{ua_officer, eu_officer, third_officer, expert, secretariat};
    for (int i = 0; i < steps; ++i) {
        const text::State& state = text_state(world);
        const Actor& actor = people[below(random, people.size())];
        const text::Delta change = any_change(random, state.content.document());
        const std::uint64_t base = state.revision;
        const std::size_t number = below(random, 4);
        const auto send = [&](std::string_view command, const std::string& data) {
            world.send(actor, needs, command, data);
        };
        switch (below(random, 10)) {
        case 0:
            send("comment_text",
                 fmt::format(R"({{"thread":"t-{}","kind":"{}","base":{},"from":{},"to":{},"body":"Чому?"}})",
                             number, one_in(random, 2) ? "advice" : "comment", base, below(random, 3),
                             below(random, 9)));
            break;
        case 1:
            send("reply_in_text", fmt::format(R"({{"thread":"t-{}","body":"Тому."}})", number));
            break;
        case 2:
            send(one_in(random, 2) ? "resolve_thread" : "reopen_thread",
                 fmt::format(R"({{"thread":"t-{}"}})", number));
            break;
        case 3:
            send("answer_advice",
                 fmt::format(R"({{"thread":"t-{}","answer":"accepted","note":"n"}})", number));
            break;
        case 4:
            send("suggest_in_text", fmt::format(R"({{"suggestion":"s-{}","base":{},"change":{},"note":"n"}})",
                                                number, base, json_of(change)));
            break;
        case 5:
            send(one_in(random, 2) ? "accept_suggestion" : "decline_suggestion",
                 fmt::format(R"({{"suggestion":"s-{}"}})", number));
            break;
        case 6:
            send("name_text_version",
                 fmt::format(R"({{"version":"v-{}","name":"n","revision":{}}})", i, below(random, base + 1)));
            break;
        case 7:
            send("restore_text", fmt::format(R"({{"revision":{}}})", below(random, base + 1)));
            break;
        default: {
            const auto known = state.clients.find(text::ClientId("k-" + actor.id.text()));
            edit(world, actor, "k-" + actor.id.text(),
                 known == state.clients.end() ? 1 : static_cast<int>(known->second.sequence + 1), base,
                 json_of(change));
        }
        }
    }
    return world;
}

void require_same(const text::State& a, const text::State& b) {
    REQUIRE(a.revision == b.revision);
    REQUIRE(a.content.document() == b.content.document());
    REQUIRE(a.clients == b.clients);
    REQUIRE(a.threads == b.threads);
    REQUIRE(a.suggestions == b.suggestions);
    REQUIRE(a.versions == b.versions);
    REQUIRE(a.authors == b.authors);
    REQUIRE(a.bursts == b.bursts);
    REQUIRE(codec::encode_text_state(a) == codec::encode_text_state(b));
}

} // namespace

TEST_CASE("a stored state is read again as it was, and the fold goes on from it", "[text][property]") {
    for_each_seed(cases(20, 500), [](std::mt19937_64& random) {
        World world = with_history(random, 120);
        const text::State& state = text_state(world);
        const std::string bytes = codec::encode_text_state(state);
        auto again = codec::decode_text_state(bytes);
        INFO(bytes << (again ? "" : again.error().what));
        REQUIRE(again.has_value());
        require_same(*again, state);

        // From a state stored at any revision, the rest of the history leads to the same.
        text::State whole;
        text::State resumed;
        const Revision stored_at = below(random, state.revision + 1);
        for (const std::string& entry_bytes : world.entries()) {
            const auto entry = codec::decode_entry(entry_bytes);
            if (entry->envelope.stream.text() != needs)
                continue;
            if (whole.revision == stored_at)
                resumed = *codec::decode_text_state(codec::encode_text_state(whole));
            apply(whole, std::get<text::Event>(entry->event), entry->envelope.recorded());
            if (whole.revision > stored_at)
                apply(resumed, std::get<text::Event>(entry->event), entry->envelope.recorded());
        }
        require_same(whole, state);
        if (stored_at < state.revision)
            require_same(resumed, state);
    });
}

TEST_CASE("a stored state that was changed is refused or still a state, and never harms",
          "[text][property]") {
    for_each_seed(cases(20, 500), [](std::mt19937_64& random) {
        World world = with_history(random, 60);
        const std::string bytes = codec::encode_text_state(text_state(world));
        for (int i = 0; i < 100; ++i) {
            std::string changed = bytes;
            const std::size_t at = below(random, changed.size());
            switch (below(random, 3)) {
            case 0:
                changed[at] = static_cast<char>("\"{}[]:,09-"[below(random, 10)]);
                break;
            case 1:
                changed.erase(at, 1 + below(random, 9));
                break;
            default:
                changed.insert(at, changed.substr(below(random, changed.size()), below(random, 30)));
            }
            const auto again = codec::decode_text_state(changed);
            if (again)
                REQUIRE(codec::decode_text_state(codec::encode_text_state(*again)).has_value());
        }
    });
    REQUIRE_FALSE(codec::decode_text_state("").has_value());
    REQUIRE_FALSE(codec::decode_text_state("[]").has_value());
    REQUIRE_FALSE(codec::decode_text_state("{}").has_value());
}
