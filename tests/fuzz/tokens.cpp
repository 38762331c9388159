#include "server/access/client_ids.hpp"
#include "server/access/sign_in.hpp"
#include "server/events/span.hpp"
#include "tests/fuzz/fuzz.hpp"

#include <cstdlib>

// What a browser carries: sign-ins, writers' ids and cursors. Nobody gets in who was not let in, and what is
// changed in any way is refused.
using namespace mosty;

namespace {

// A key that no input knows: drawn anew by each run, in a folder of its own that goes at once.
template <class Keeper>
Keeper opened() {
    std::string folder = (std::filesystem::temp_directory_path() / "mosty-fuzz-XXXXXX").string();
    MOSTY_PROMISE(mkdtemp(folder.data()) != nullptr);
    auto keeper = Keeper::open(std::filesystem::path(folder) / "key");
    std::filesystem::remove_all(folder);
    MOSTY_PROMISE(keeper.has_value());
    return std::move(*keeper);
}

constexpr std::int64_t now_ms = 1'795'341'600'000;

void check_sign_in(std::string_view text) {
    static const auto sign_ins = opened<access::SignIns>();
    MOSTY_PROMISE(!sign_ins.check(text, now_ms));

    // A token of somebody, changed as the input says: byte 0 at place byte 1.
    static const std::string token = sign_ins.issue(ActorId("u-ana"), now_ms + 1);
    MOSTY_PROMISE(sign_ins.check(token, now_ms) == ActorId("u-ana"));
    MOSTY_PROMISE(!sign_ins.check(token, now_ms + 1));
    if (text.size() < 2)
        return;
    std::string changed = token;
    changed[static_cast<unsigned char>(text[1]) % changed.size()] = text[0];
    MOSTY_PROMISE(changed == token || !sign_ins.check(changed, now_ms));
    MOSTY_PROMISE(!sign_ins.check(std::string(text) + token, now_ms));
    MOSTY_PROMISE(!sign_ins.check(token + std::string(text), now_ms));
}

void check_client(std::string_view text) {
    static const auto ids = opened<access::ClientIds>();
    static const StreamId stream("text/proposal/p-1/needs");
    static const text::ClientId client = ids.issue(ActorId("u-ana"), stream);
    MOSTY_PROMISE(ids.belongs(client, ActorId("u-ana"), stream));
    MOSTY_PROMISE(!ids.belongs(text::ClientId(std::string(text)), ActorId("u-ana"), stream));
    MOSTY_PROMISE(text == "u-ana" || !ids.belongs(client, ActorId(std::string(text)), stream));
    MOSTY_PROMISE(text == stream.text() ||
                  !ids.belongs(client, ActorId("u-ana"), StreamId(std::string(text))));
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text = fuzz::text_of(data, size);
    check_sign_in(text);
    check_client(text);
    if (const auto start = events::parse_cursor(text)) {
        MOSTY_PROMISE(start->from.has_value() && start->log.size() == 32);
        const auto again = events::parse_cursor(events::cursor_text(start->log, *start->from));
        MOSTY_PROMISE(again && again->from == start->from && again->log == start->log);
    }
    for (const bool end_of_day : {false, true})
        static_cast<void>(events::parse_moment(std::string(text), end_of_day));
    return 0;
}
