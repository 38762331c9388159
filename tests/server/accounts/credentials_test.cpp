#include "server/accounts/credentials.hpp"
#include "tests/storage/temporary_folder.hpp"

#include <catch2/catch.hpp>

#include <fstream>
#include <sys/stat.h>

using namespace mosty;
using namespace mosty::accounts;
using storage::TemporaryFolder;

namespace {

constexpr std::int64_t noon = 1'795'694'400'000;
constexpr std::int64_t hour = 3'600'000;
const ActorId ana{"u-ana"}, bo{"u-bo"};
const AccountSettings settings;

const sealing::Key key_of_folder = sealing::Key::from(std::string(32, 'k')).value();

std::unique_ptr<Credentials> opened(const TemporaryFolder& folder) {
    auto credentials = Credentials::open(folder.path(), key_of_folder, settings);
    INFO((credentials ? "" : credentials.error()));
    REQUIRE(credentials.has_value());
    return std::move(*credentials);
}

Session session_of(const ActorId& actor, std::int64_t made_ms = noon) {
    return {.actor = actor, .made_ms = made_ms, .seen_ms = made_ms, .agent = "Firefox"};
}

// Every byte of every file below the folder.
std::string all_bytes(const std::filesystem::path& folder) {
    std::string bytes;
    for (const auto& file : std::filesystem::recursive_directory_iterator(folder))
        if (file.is_regular_file()) {
            std::ifstream in(file.path(), std::ios::binary);
            bytes.append(std::istreambuf_iterator<char>(in), {});
        }
    return bytes;
}

// What stands in the folder for whoever has its key, while nobody has it open.
storage::Records records_in(const TemporaryFolder& folder) {
    auto records =
        storage::RocksRecordStore::read(folder.path() / "credentials", std::string(key_of_folder.bytes()));
    REQUIRE(records.has_value());
    return std::move(*records);
}

} // namespace

TEST_CASE("a session is good until it is ended, unused for long, or old", "[accounts][credentials]") {
    TemporaryFolder folder;
    const auto credentials = opened(folder);
    const std::string cookie = credentials->add(session_of(ana));
    const auto found = credentials->session(cookie, noon);
    REQUIRE(found.has_value());
    CHECK(found->actor == ana);
    CHECK(found->is_session);
    CHECK((found->reads && found->writes && found->takes_events));
    CHECK_FALSE(credentials->session("", noon));
    CHECK_FALSE(credentials->session(cookie + "x", noon));
    CHECK_FALSE(credentials->token(cookie, noon));

    CHECK_FALSE(credentials->ending(found->key, noon + 12 * hour - 1));
    // Used every hour, here or by whoever holds its life, it lasts thirty days.
    std::int64_t now = noon;
    for (; now < noon + 30 * 24 * hour; now += hour)
        REQUIRE(
            (now / hour % 2 == 0 ? credentials->session(cookie, now).has_value() : found->life->use(now)));
    CHECK_FALSE(credentials->session(cookie, now));
    CHECK(credentials->run_out(now) == std::vector{found->key});
    CHECK(credentials->ending(found->key, now) == access::Ending::session_over);
    CHECK(credentials->ending(found->key, noon) == access::Ending::session_over); // for good
    CHECK_FALSE(credentials->session(cookie, noon));

    const std::string unused = credentials->add(session_of(ana));
    CHECK_FALSE(credentials->session(unused, noon + 12 * hour));

    const std::string other = credentials->add(session_of(ana));
    const auto key = credentials->session(other, noon)->key;
    credentials->end({key}, access::Ending::signed_out, noon);
    CHECK_FALSE(credentials->session(other, noon));
    CHECK(credentials->ending(key, noon) == access::Ending::signed_out);
    credentials->keep_uses(); // brings nothing back
    CHECK(credentials->ending(key, noon) == access::Ending::signed_out);
}

TEST_CASE("the browser of an ended session can be told how it ended, for as long as a session may last",
          "[accounts][credentials]") {
    using access::Ending;
    TemporaryFolder folder;
    auto credentials = opened(folder);
    const std::string ended = credentials->add(session_of(ana));
    const std::string over = credentials->add(session_of(ana));
    const std::string good = credentials->add(session_of(bo));
    CHECK_FALSE(credentials->ending_of_cookie(ended, noon));
    credentials->end({credentials->session(ended, noon)->key}, Ending::signed_out, noon);
    const std::int64_t later = noon + 12 * hour;
    CHECK(credentials->ending_of_cookie(over, later) == Ending::session_over); // before anybody noticed
    REQUIRE(credentials->session(good, noon)->life->use(noon + hour));
    credentials->keep_uses();
    credentials->end(credentials->run_out(later), Ending::session_over, later);

    credentials.reset();
    credentials = opened(folder);
    credentials->forget_ended(later);
    CHECK(credentials->ending_of_cookie(ended, later) == Ending::signed_out);
    CHECK(credentials->ending_of_cookie(over, later) == Ending::session_over);
    CHECK_FALSE(credentials->ending_of_cookie(good, later));
    CHECK_FALSE(credentials->ending_of_cookie("forged", later));

    const std::int64_t month = 30 * 24 * hour;
    CHECK(credentials->ending_of_cookie(ended, noon + month - 1) == Ending::signed_out);
    CHECK_FALSE(credentials->ending_of_cookie(ended, noon + month));
    credentials->forget_ended(noon + month);
    CHECK_FALSE(credentials->ending_of_cookie(ended, noon));
    CHECK(credentials->ending_of_cookie(over, noon + month) == Ending::session_over);
}

TEST_CASE("of one person fifty ended sessions are remembered, those that ended last",
          "[accounts][credentials]") {
    TemporaryFolder folder;
    const auto credentials = opened(folder);
    std::vector<std::string> cookies;
    for (std::int64_t i = 0; i < 51; ++i) {
        cookies.push_back(credentials->add(session_of(ana)));
        credentials->end({credentials->session(cookies.back(), noon)->key}, access::Ending::signed_out,
                         noon + i);
    }
    credentials->forget_ended(noon + hour);
    CHECK_FALSE(credentials->ending_of_cookie(cookies.front(), noon + hour));
    CHECK(credentials->ending_of_cookie(cookies.at(1), noon + hour) == access::Ending::signed_out);
    CHECK(credentials->ending_of_cookie(cookies.back(), noon + hour) == access::Ending::signed_out);
}

TEST_CASE("a token does what it was made for, until its day is over", "[accounts][credentials]") {
    TemporaryFolder folder;
    const auto credentials = opened(folder);
    const std::string secret = credentials->add(Token{.actor = ana,
                                                      .id = person::TokenId("to-1"),
                                                      .name = "report",
                                                      .scope = {person::Scope::read, person::Scope::events},
                                                      .made_ms = noon,
                                                      .until_ms = noon + hour});
    CHECK(secret.starts_with("mosty_"));
    const auto found = credentials->token(secret, noon);
    REQUIRE(found.has_value());
    CHECK_FALSE(found->is_session);
    CHECK(found->reads);
    CHECK_FALSE(found->writes);
    CHECK(found->takes_events);
    CHECK_FALSE(credentials->token(secret, noon + hour));
    CHECK(credentials->ending(found->key, noon + hour).has_value());
    CHECK_FALSE(credentials->session(secret, noon));
    CHECK(credentials->tokens_of(ana).size() == 1);
    CHECK(credentials->tokens_of(bo).empty());
}

TEST_CASE("an account is found by its address, which may change", "[accounts][credentials]") {
    TemporaryFolder folder;
    auto credentials = opened(folder);
    Account account{
        .actor = ana, .email = "ana@town.ua", .password = "$argon2id$x", .recovery = {"m1", "m2"}};
    credentials->put(account, std::nullopt);
    const auto before = credentials->account(ana);
    account.email = "ana@city.ua";
    account.last_step = 7;
    credentials->put(account, before);
    CHECK_FALSE(credentials->account_by_email("ana@town.ua"));
    credentials.reset();
    credentials = opened(folder);
    const auto found = credentials->account_by_email("ana@city.ua");
    REQUIRE(found.has_value());
    CHECK(found->actor == ana);
    CHECK(found->last_step == 7);
    CHECK(found->recovery == std::vector<std::string>{"m1", "m2"});
}

TEST_CASE("an invitation is taken up once, and a newer one takes its place", "[accounts][credentials]") {
    TemporaryFolder folder;
    const auto credentials = opened(folder);
    const auto invite = [&](const ActorId& person) {
        return credentials->add(Invitation{.person = person,
                                           .id = person::InvitationId("in-1"),
                                           .by = bo,
                                           .made_ms = noon,
                                           .until_ms = noon + hour});
    };
    const std::string older = invite(ana);
    const std::string secret = invite(ana);
    const std::string of_bo = invite(bo);
    CHECK_FALSE(credentials->invitation(older, noon));
    REQUIRE(credentials->invitation(secret, noon));
    CHECK_FALSE(credentials->invitation(secret, noon + hour));
    CHECK_FALSE(credentials->invitation("", noon));

    const Account account{.actor = ana, .email = "ana@town.ua", .password = "$argon2id$x"};
    CHECK(credentials->take_up(Credentials::invitation_key(secret), account));
    CHECK_FALSE(credentials->take_up(Credentials::invitation_key(secret), account));
    CHECK_FALSE(credentials->invitation(secret, noon));
    CHECK(credentials->account_by_email("ana@town.ua")->actor == ana);
    const Account of_another{.actor = bo, .email = "ana@town.ua", .password = "$argon2id$y"};
    CHECK_FALSE(credentials->take_up(Credentials::invitation_key(of_bo), of_another));
    CHECK(credentials->account_by_email("ana@town.ua")->actor == ana);
    CHECK(credentials->invitation(of_bo, noon));
}

TEST_CASE("whoever leaves takes everything along by which one signs in", "[accounts][credentials]") {
    TemporaryFolder folder;
    const auto credentials = opened(folder);
    credentials->put({.actor = ana, .email = "ana@town.ua", .password = "$argon2id$x"}, std::nullopt);
    credentials->put({.actor = bo, .email = "bo@town.ua", .password = "$argon2id$x"}, std::nullopt);
    const std::string cookie = credentials->add(session_of(ana));
    const std::string other = credentials->add(session_of(bo));
    const std::string token = credentials->add(Token{
        .actor = ana, .id = person::TokenId("to-1"), .name = "n", .made_ms = noon, .until_ms = noon + hour});
    CHECK(credentials->remove_all_of(ana, noon).size() == 2);
    CHECK_FALSE(credentials->session(cookie, noon));
    CHECK(credentials->ending_of_cookie(cookie, noon) == access::Ending::signed_out);
    CHECK_FALSE(credentials->token(token, noon));
    CHECK_FALSE(credentials->account(ana));
    CHECK_FALSE(credentials->account_by_email("ana@town.ua"));
    CHECK(credentials->session(other, noon));
    CHECK(credentials->account_by_email("bo@town.ua"));
}

TEST_CASE("nothing in the folder says who anybody is or lets anybody in, and nobody else may open it",
          "[accounts][credentials]") {
    TemporaryFolder folder;
    std::string cookie, token, link;
    {
        const auto credentials = opened(folder);
        credentials->put({.actor = ana, .email = "ana@town.ua", .password = "$argon2id$x"}, std::nullopt);
        cookie = credentials->add(session_of(ana));
        token = credentials->add(Token{.actor = ana,
                                       .id = person::TokenId("to-1"),
                                       .name = "n",
                                       .made_ms = noon,
                                       .until_ms = noon + hour});
        link = credentials->add(Invitation{.person = bo,
                                           .id = person::InvitationId("in-1"),
                                           .by = ana,
                                           .made_ms = noon,
                                           .until_ms = noon + hour});
    }
    const std::string bytes = all_bytes(folder.path());
    for (const std::string& words :
         {std::string("ana@town.ua"), std::string("u-ana"), std::string("$argon2id$"), std::string("Firefox"),
          cookie, token, token.substr(6), link})
        CHECK(bytes.find(words) == std::string::npos);
    // Nor does whoever has the key find what would let somebody in.
    const auto records = records_in(folder);
    std::string plain;
    for (const auto& [key, value] : records)
        plain += key + value;
    REQUIRE(plain.find("u-ana") != std::string::npos);
    for (const std::string& secret : {cookie, token, token.substr(6), link})
        CHECK(plain.find(secret) == std::string::npos);
    struct stat status{};
    REQUIRE(::stat((folder.path() / "credentials").c_str(), &status) == 0);
    CHECK((status.st_mode & 0777) == 0700);

    const auto held = opened(folder);
    CHECK_FALSE(Credentials::open(folder.path(), key_of_folder, settings).has_value());
}

TEST_CASE("credentials that an earlier version left in the clear are encrypted at the next start",
          "[accounts][credentials]") {
    TemporaryFolder folder;
    std::string cookie;
    {
        const auto credentials = opened(folder);
        credentials->put({.actor = ana, .email = "ana@town.ua", .password = "$argon2id$x"}, std::nullopt);
        cookie = credentials->add(session_of(ana));
    }
    const auto records = records_in(folder);
    std::filesystem::remove_all(folder.path() / "credentials");
    {
        const auto store = storage::RocksRecordStore::open(folder.path() / "credentials", "");
        REQUIRE(store.has_value());
        for (const auto& [key, value] : records)
            REQUIRE((*store)->write({{key, value}}).has_value());
    }
    REQUIRE(all_bytes(folder.path()).find("ana@town.ua") != std::string::npos);
    const auto credentials = opened(folder);
    CHECK(credentials->account_by_email("ana@town.ua")->actor == ana);
    CHECK(credentials->session(cookie, noon));
    CHECK(all_bytes(folder.path()).find("ana@town.ua") == std::string::npos);
}

TEST_CASE("a provider's identity stands for one person, and leaves no trace of who that is there",
          "[accounts][credentials][openid]") {
    TemporaryFolder folder;
    const std::string issuer = "https://id.kyiv.example", subject = "3012345678-tax-number";
    {
        const auto credentials = opened(folder);
        const std::string key = credentials->identity_key(issuer, subject);
        CHECK(!credentials->identity(key));
        credentials->put(key, {ana, person::ProviderId("kyiv"), noon});
        REQUIRE(credentials->identity(key).has_value());
        CHECK(credentials->identity(key)->actor == ana);
        CHECK(credentials->identities_of(ana).size() == 1);
        CHECK(credentials->identities_of(bo).empty());
        // Neither another issuer nor another subject, nor where one ends and the other begins.
        CHECK(!credentials->identity(credentials->identity_key(issuer, subject + "0")));
        CHECK(!credentials->identity(credentials->identity_key(issuer + "/", subject)));
        CHECK(!credentials->identity(credentials->identity_key(issuer + "3", subject.substr(1))));
    }
    for (const auto& [key, value] : records_in(folder)) {
        CHECK(key.find(subject) == std::string::npos);
        CHECK(value.find(subject) == std::string::npos);
    }
    const auto credentials = opened(folder);
    const std::string key = credentials->identity_key(issuer, subject);
    CHECK(credentials->identity(key).has_value());
    CHECK(credentials->remove_all_of(ana, noon).empty());
    CHECK(!credentials->identity(key));
}

TEST_CASE("an invitation is taken up by an identity that is nobody else's, and gone then",
          "[accounts][credentials][openid]") {
    TemporaryFolder folder;
    const auto credentials = opened(folder);
    const std::string identity = credentials->identity_key("https://id.kyiv.example", "1");
    const auto invite = [&](const ActorId& actor) {
        return Credentials::invitation_key(credentials->add(Invitation{.person = actor,
                                                                       .id = person::InvitationId("in-1"),
                                                                       .by = bo,
                                                                       .made_ms = noon,
                                                                       .until_ms = noon + hour}));
    };
    const std::string invitation = invite(ana);
    CHECK(credentials->take_up(invitation, identity, {ana, person::ProviderId("kyiv"), noon}));
    CHECK(!credentials->take_up(invitation, identity, {ana, person::ProviderId("kyiv"), noon}));
    CHECK(credentials->identity(identity)->actor == ana);
    const std::string other = invite(bo);
    CHECK(!credentials->take_up(other, identity, {bo, person::ProviderId("kyiv"), noon}));
    CHECK(credentials->identity(identity)->actor == ana);
}
