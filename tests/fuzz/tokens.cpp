#include "server/access/client_ids.hpp"
#include "server/accounts/invitation_data.hpp"
#include "server/accounts/passwords.hpp"
#include "server/accounts/records.hpp"
#include "server/accounts/secrets.hpp"
#include "server/accounts/totp.hpp"
#include "server/events/span.hpp"
#include "tests/fuzz/fuzz.hpp"

#include <cstdlib>

// What browsers and scripts bring, and what is kept of it: sealed secrets, records, one-time codes,
// addresses, writers' ids and cursors. What was not made here, or was changed in any way, is refused.
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

// A sealed secret, changed as the input says: byte 0 at place byte 1.
void check_vault(std::string_view text) {
    static const auto vault = opened<accounts::Vault>();
    static const std::string sealed = vault.seal("a second factor", "a/u-ana");
    MOSTY_PROMISE(vault.unseal(sealed, "a/u-ana") == "a second factor");
    MOSTY_PROMISE(!vault.unseal(text, "a/u-ana"));
    MOSTY_PROMISE(text == "a/u-ana" || !vault.unseal(sealed, text));
    if (text.size() < 2)
        return;
    std::string changed = sealed;
    changed[static_cast<unsigned char>(text[1]) % changed.size()] = text[0];
    // A hexadecimal digit says the same in either case.
    const bool is_same = (text[0] >= 'A' && text[0] <= 'F') || changed == sealed;
    MOSTY_PROMISE(is_same || !vault.unseal(changed, "a/u-ana"));
    MOSTY_PROMISE(!vault.unseal(std::string(text) + sealed, "a/u-ana"));
    MOSTY_PROMISE(!vault.unseal(sealed + std::string(text), "a/u-ana"));
}

// What the credentials folder holds: read as it was written, or none.
template <class Record>
void check_record(const std::optional<Record>& record, std::optional<Record> (*read)(std::string_view)) {
    if (!record)
        return;
    const std::string written = to_json(*record);
    const auto again = read(written);
    MOSTY_PROMISE(again && to_json(*again) == written);
}

void check_records(std::string_view text) {
    check_record(accounts::account_of(text), accounts::account_of);
    check_record(accounts::session_of(text), accounts::session_of);
    check_record(accounts::token_of(text), accounts::token_of);
    check_record(accounts::invitation_of(text), accounts::invitation_of);
}

void check_what_people_type(std::string_view text) {
    if (const auto email = accounts::plain_email(text))
        MOSTY_PROMISE(accounts::plain_email(*email) == email);
    static_cast<void>(accounts::refuse_password(text, "ana@byshiv.test"));
    static_cast<void>(accounts::refuse_password("a long enough password", text));
    const auto step = accounts::totp_step_of("secret", text, now_ms, 0);
    MOSTY_PROMISE(!step || accounts::totp_code("secret", *step) == text);
    MOSTY_PROMISE(fuzz::is_json(accounts::invitation_data(text, person::InvitationId("i-1"), now_ms)));
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
    check_vault(text);
    check_records(text);
    check_what_people_type(text);
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
