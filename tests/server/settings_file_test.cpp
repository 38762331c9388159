#include "server/audit/verifier_key.hpp"
#include "server/config/settings_file.hpp"
#include "tests/storage/temporary_folder.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <fstream>

using namespace mosty;
using storage::TemporaryFolder;

namespace {

struct Read {
    Settings settings;
    std::vector<std::string> mistakes;
};

Read read(std::string_view text) {
    const TemporaryFolder folder;
    const auto path = folder.path() / "mosty.toml";
    std::ofstream(path) << text;
    Read result;
    result.mistakes = config::read_settings_file(path, result.settings);
    for (std::string& mistake : result.mistakes) {
        REQUIRE(mistake.starts_with(path.string() + ": "));
        mistake = mistake.substr(path.string().size() + 2);
    }
    std::ranges::sort(result.mistakes);
    return result;
}

std::string vkey_of(std::string name, audit::SignatureType type) {
    return audit::VerifierKey(std::move(name), type, audit::PublicKey{1, 2, 3}).text();
}

} // namespace

TEST_CASE("a file sets what it names and leaves the rest as it is", "[settings]") {
    const auto [settings, mistakes] = read(R"(
        data = "/srv/mosty"
        listen = "[::1]:9000"
        assets = "/srv/dashboard"
        demo = true
        origins = ["https://mosty.example", "https://other.example"]
        log_level = "warn"
        [tls]
        certificate = "/etc/mosty/chain.pem"
        key = "/etc/mosty/key.pem"
        authorities = "/etc/mosty/authorities.pem"
        [http]
        trusted_proxies = ["127.0.0.1", "10.0.0.0/8"]
        plain_beyond_loopback = true
        metrics = "all"
        [limits]
        connections = 10
        connection_subscriptions = 11
        connection_commands = 12
        queue_commands = 13
        address_connections = 14
        account_subscriptions = 15
        connection_commands_per_s = 16
        account_commands_per_s = 17
        address_requests_per_s = 18
        connection_bytes_per_s = 1900
        account_bytes_per_s = 2000
        connection_pings_per_s = 21
        account_pings_per_s = 22
        saved_up_ms = 2300
        header_bytes = 2400
        message_fragments = 25
        message_timeout_ms = 2600
        message_bytes = 2048
        outbox_bytes = 65536
        stream_states = 100
        views = 101
        io_threads = 3
        workers = 4
        handshake_timeout_ms = 500
        idle_timeout_ms = 6000
        close_timeout_ms = 700
    )");
    REQUIRE(mistakes.empty());
    REQUIRE(settings.data == "/srv/mosty");
    REQUIRE(settings.listen_address == "::1");
    REQUIRE(settings.listen_port == 9000);
    REQUIRE(settings.address_connections_max == 14);
    REQUIRE(settings.account_subscriptions_max == 15);
    REQUIRE(settings.connection_commands_per_s == 16);
    REQUIRE(settings.account_commands_per_s == 17);
    REQUIRE(settings.address_requests_per_s == 18);
    REQUIRE(settings.connection_bytes_per_s == 1'900);
    REQUIRE(settings.account_bytes_per_s == 2'000);
    REQUIRE(settings.connection_pings_per_s == 21);
    REQUIRE(settings.account_pings_per_s == 22);
    REQUIRE(settings.saved_up == std::chrono::milliseconds{2'300});
    REQUIRE(settings.header_bytes_max == 2'400);
    REQUIRE(settings.message_fragments_max == 25);
    REQUIRE(settings.message_timeout == std::chrono::milliseconds{2'600});
    REQUIRE(settings.assets == "/srv/dashboard");
    REQUIRE(settings.demo);
    REQUIRE(settings.origins == std::vector<std::string>{"https://mosty.example", "https://other.example"});
    REQUIRE(settings.log_level == "warn");
    REQUIRE(settings.tls_certificate == "/etc/mosty/chain.pem");
    REQUIRE(settings.tls_key == "/etc/mosty/key.pem");
    REQUIRE(settings.tls_authorities == "/etc/mosty/authorities.pem");
    REQUIRE(settings.trusted_proxies == std::vector<std::string>{"127.0.0.1", "10.0.0.0/8"});
    REQUIRE(settings.plain_beyond_loopback);
    REQUIRE(settings.metrics == MetricsFor::all);
    REQUIRE(settings.connections_max == 10);
    REQUIRE(settings.connection_subscriptions_max == 11);
    REQUIRE(settings.connection_commands_max == 12);
    REQUIRE(settings.queue_commands_max == 13);
    REQUIRE(settings.message_bytes_max == 2048);
    REQUIRE(settings.outbox_bytes_max == 65'536);
    REQUIRE(settings.stream_states_max == 100);
    REQUIRE(settings.views_max == 101);
    REQUIRE(settings.io_threads == 3);
    REQUIRE(settings.workers == 4);
    REQUIRE(settings.handshake_timeout.count() == 500);
    REQUIRE(settings.idle_timeout.count() == 6000);
    REQUIRE(settings.close_timeout.count() == 700);
    REQUIRE(config::mistakes_in(settings).empty());

    REQUIRE(read("").settings.listen_port == Settings{}.listen_port);
}

TEST_CASE("a file says how accounts are kept", "[settings]") {
    const auto [settings, mistakes] = read(R"(
        [accounts]
        session_idle_minutes = 6
        session_hours = 7
        invitation_hours = 8
        password_memory_mib = 65
        password_passes = 3
        account_attempts = 9
        network_attempts = 10
        attempt_pause_s = 11
        sessions = 12
        tokens = 13
        invitations = 14
    )");
    REQUIRE(mistakes.empty());
    REQUIRE(settings.accounts.session_idle == std::chrono::minutes{6});
    REQUIRE(settings.accounts.session_max == std::chrono::hours{7});
    REQUIRE(settings.accounts.invitation_lasts == std::chrono::hours{8});
    REQUIRE(settings.accounts.password_memory_mib == 65);
    REQUIRE(settings.accounts.password_passes == 3);
    REQUIRE(settings.accounts.account_attempts == 9);
    REQUIRE(settings.accounts.network_attempts == 10);
    REQUIRE(settings.accounts.attempt_pause_max == std::chrono::seconds{11});
    REQUIRE(settings.accounts.sessions_max == 12);
    REQUIRE(settings.accounts.tokens_max == 13);
    REQUIRE(settings.accounts.invitations_max == 14);

    REQUIRE(read("[accounts]\naccount_attempts = 0").mistakes ==
            std::vector<std::string>{"accounts.account_attempts must be a whole number from 1 to 100"});
}

TEST_CASE("every mistake of a file is told, all at once", "[settings]") {
    REQUIRE(read(R"(
        data = 5
        listen = "localhost"
        demo = "yes"
        origins = "https://mosty.example"
        colour = "blue"
        [limits]
        connections = 0
        workers = 1.5
        speed = 3
        [more]
        a = 1
    )")
                .mistakes == std::vector<std::string>{
                                 "colour is not a setting",
                                 "data must be a text",
                                 "demo must be true or false",
                                 "limits.connections must be a whole number from 1 to 1000000",
                                 "limits.speed is not a setting",
                                 "limits.workers must be a whole number from 1 to 64",
                                 "more is not a setting",
                                 "origins must be a list of texts",
                                 "“localhost” is not an address and a port, such as 127.0.0.1:8080",
                             });
    REQUIRE(read("origins = [5]").mistakes == std::vector<std::string>{"origins must be a list of texts"});
    REQUIRE(read("limits = 5").mistakes == std::vector<std::string>{"limits is not a setting"});
}

TEST_CASE("a limit is a whole number as it is written, not one that another can be turned into",
          "[settings]") {
    const std::vector<std::string> refused{"limits.connections must be a whole number from 1 to 1000000"};
    for (const std::string given : {"15001e90", "500.0", "true", "nan", "\"500\""})
        REQUIRE(read("[limits]\nconnections = " + given).mistakes == refused);
    REQUIRE(read("[accounts]\npassword_passes = 3.0").mistakes ==
            std::vector<std::string>{"accounts.password_passes must be a whole number from 2 to 20"});
    REQUIRE(read("demo = 1").mistakes == std::vector<std::string>{"demo must be true or false"});
}

TEST_CASE("a file that is no TOML is refused with the line", "[settings]") {
    const auto mistakes = read("data = \"/srv\"\nlisten = = 5\n").mistakes;
    REQUIRE(mistakes.size() == 1);
    REQUIRE(mistakes.front().ends_with("at line 2"));
}

TEST_CASE("a file that is not there is a mistake, not an accident", "[settings]") {
    Settings settings;
    REQUIRE(config::read_settings_file("/nowhere/mosty.toml", settings).size() == 1);
}

TEST_CASE("an address to listen on is taken apart", "[settings]") {
    Settings settings;
    REQUIRE_FALSE(config::set_listen(settings, "0.0.0.0:0").has_value());
    REQUIRE(settings.listen_address == "0.0.0.0");
    REQUIRE(settings.listen_port == 0);
    for (const auto listen : {"", ":", "127.0.0.1", "127.0.0.1:", "127.0.0.1:x", "127.0.0.1:70000", "host:80",
                              "127.0.0.1:80x", "[::1:80"}) {
        INFO(listen);
        REQUIRE(config::set_listen(settings, listen).has_value());
    }
    REQUIRE(settings.listen_address == "0.0.0.0");
}

TEST_CASE("settings that make no sense together forbid starting, each with its reason", "[settings]") {
    Settings settings;
    settings.demo = true;
    settings.listen_address = "0.0.0.0";
    settings.log_level = "loud";
    REQUIRE(config::mistakes_in(settings).size() == 4);
    settings.data = "/srv/mosty";
    settings.listen_address = "127.0.0.2";
    settings.log_level = "debug";
    REQUIRE(config::mistakes_in(settings).empty());
    settings.listen_address = "::1";
    REQUIRE(config::mistakes_in(settings).empty());
}

TEST_CASE("beyond loopback a server needs TLS, or a proxy that has it, or somebody who insists",
          "[settings]") {
    Settings settings;
    settings.data = "/srv/mosty";
    for (const auto address : {"::", "0.0.0.0", "192.0.2.1"}) {
        settings.listen_address = address;
        REQUIRE(config::mistakes_in(settings).size() == 1);
    }
    Settings insists = settings;
    insists.plain_beyond_loopback = true;
    REQUIRE(config::mistakes_in(insists).empty());
    Settings proxied = settings;
    proxied.trusted_proxies = {"192.0.2.0/24"};
    REQUIRE(config::mistakes_in(proxied).empty());
    proxied.trusted_proxies = {"nginx"};
    REQUIRE(config::mistakes_in(proxied).size() == 1);
    Settings has_tls = settings;
    has_tls.tls_certificate = "chain.pem";
    REQUIRE(config::mistakes_in(has_tls).size() == 2);
    has_tls.tls_key = "key.pem";
    REQUIRE(config::mistakes_in(has_tls).empty());
}

TEST_CASE("an origin is a scheme and a host, and one of https needs TLS", "[settings]") {
    Settings settings;
    settings.data = "/srv/mosty";
    const auto with = [&](std::string origin) {
        settings.origins = {std::move(origin)};
        return config::mistakes_in(settings).size();
    };
    REQUIRE(with("http://127.0.0.1:9000") == 0);
    REQUIRE(with("https://mosty.example") == 1);
    settings.trusted_proxies = {"127.0.0.1"};
    REQUIRE(with("https://mosty.example") == 0);
    REQUIRE(with("https://mosty.example:8443") == 0);
    for (const auto origin : {"mosty.example", "https://mosty.example/", "https://mosty.example/path",
                              "https://Mosty.example", "*", "null", "https://user@mosty.example", ""}) {
        INFO(origin);
        REQUIRE(with(origin) == 1);
    }
}

TEST_CASE("every mistake about how others come here is told", "[settings]") {
    REQUIRE(read(R"(
        [tls]
        certificate = 5
        cipher = "all"
        [http]
        trusted_proxies = "127.0.0.1"
        plain_beyond_loopback = "yes"
        port = 1
    )")
                .mistakes == std::vector<std::string>{
                                 "http.plain_beyond_loopback must be true or false",
                                 "http.port is not a setting",
                                 "http.trusted_proxies must be a list of texts",
                                 "tls.certificate must be a text",
                                 "tls.cipher is not a setting",
                             });
    REQUIRE(read("[http]\ntrusted_proxies = [5]").mistakes.size() == 1);
    for (const auto metrics : {"\"some\"", "true"})
        REQUIRE(read(std::string("[http]\nmetrics = ") + metrics).mistakes ==
                std::vector<std::string>{"http.metrics must be \"loopback\", \"off\" or \"all\""});
    REQUIRE(read("[http]\nmetrics = \"off\"").settings.metrics == MetricsFor::nobody);
    REQUIRE(read("").settings.metrics == MetricsFor::loopback);
    REQUIRE(read("tls = 5").mistakes == std::vector<std::string>{"tls is not a setting"});
}

TEST_CASE("a log's origin and witnesses are set, and every mistake in them is told", "[settings]") {
    const auto [settings, mistakes] = read(R"(
        data = "/srv/mosty"
        [log]
        origin = "mosty.example/log"
        quorum = 1
        [[log.witness]]
        url = "http://w1.example:8480/"
        key = "VKEY"
    )");
    REQUIRE(mistakes.empty());
    REQUIRE(settings.origin == "mosty.example/log");
    REQUIRE(settings.witness_quorum == 1);
    REQUIRE(settings.witnesses.size() == 1);
    REQUIRE(settings.witnesses.front().url == "http://w1.example:8480/");
    REQUIRE(config::mistakes_in(settings).size() == 1); // the key

    Settings sound = settings;
    sound.witnesses.front().key = vkey_of("w1.example", audit::SignatureType::cosignature);
    REQUIRE(config::mistakes_in(sound).empty());
    sound.witnesses.push_back(sound.witnesses.front());
    REQUIRE(config::mistakes_in(sound).size() == 2); // each of the two is named twice
    sound.witnesses.pop_back();
    sound.witness_quorum = 2;
    sound.origin = "a log";
    sound.witnesses.front().url = "ftp://w1.example";
    REQUIRE(config::mistakes_in(sound).size() == 3);
    sound = settings;
    sound.witnesses.front().key = vkey_of("w1.example", audit::SignatureType::ed25519);
    REQUIRE(config::mistakes_in(sound).size() == 1); // a log's key, not a witness'

    REQUIRE(read(R"(
        [log]
        colour = 1
        origin = 5
        quorum = -1
        witness = "w1"
    )")
                .mistakes == std::vector<std::string>{
                                 "log.colour is not a setting",
                                 "log.origin must be a text",
                                 "log.quorum must be a whole number from 0 on",
                                 "log.witness must be a list: [[log.witness]]",
                             });
    REQUIRE(read("[[log.witness]]\nurl = 5").mistakes ==
            std::vector<std::string>{"log.witness must have a url and a key, both texts, and nothing else"});
}

namespace {

std::string provider_with(std::string_view line) {
    std::string text = R"(
        [[openid]]
        id = "kyiv"
        name = { uk = "Київ", en = "Kyiv" }
        issuer = "https://id.kyiv.example/realms/city"
        client_id = "mosty"
        client_secret_file = "/etc/mosty/kyiv.secret"
        authorities = "/etc/mosty/kyiv.pem"
        organisations = ["UA80000000000093317", "cemr"]
    )";
    const auto name = line.substr(0, line.find(' '));
    const auto at = text.find("        " + std::string(name) + " =");
    if (at != std::string::npos)
        text.erase(at, text.find('\n', at) - at + 1);
    return text + std::string(line) + '\n';
}

} // namespace

TEST_CASE("an organisation's provider of sign-ins is read whole", "[settings][openid]") {
    const auto [settings, mistakes] = read(provider_with(""));
    CHECK(mistakes.empty());
    REQUIRE(settings.openid.size() == 1);
    const OpenIdSetting& provider = settings.openid.front();
    CHECK(provider.id == "kyiv");
    CHECK(provider.name_uk == "Київ");
    CHECK(provider.name_en == "Kyiv");
    CHECK(provider.issuer == "https://id.kyiv.example/realms/city");
    CHECK(provider.client_id == "mosty");
    CHECK(provider.client_secret_file == "/etc/mosty/kyiv.secret");
    CHECK(provider.authorities == "/etc/mosty/kyiv.pem");
    CHECK(provider.organisations == std::vector<std::string>{"UA80000000000093317", "cemr"});
    CHECK(read(provider_with(R"(name = "Kyiv")")).settings.openid.front().name_uk == "Kyiv");
}

TEST_CASE("what a provider's table says wrongly is told", "[settings][openid]") {
    const auto mistakes = [](std::string_view line) {
        auto [settings, all] = read(provider_with(line));
        if (all.empty()) {
            settings.data = "d";
            all = config::mistakes_in(settings);
        }
        return all;
    };
    CHECK(mistakes("").empty());
    for (const auto& [line, told] : std::vector<std::pair<std::string, std::string>>{
             {R"(client_secret = "s3cret")", "openid.client_secret is not a setting: a secret has no place "
                                             "here; put it into a file and name "
                                             "that as client_secret_file"},
             {"algorithms = []", "openid.algorithms is not a setting"},
             {"issuer = 7", "openid.issuer must be a text"},
             {R"(name = { uk = "Київ" })", R"(openid.name must be a text, or { uk = "…", en = "…" })"},
             {R"(organisations = "cemr")", "openid.organisations must be a list of texts"},
             {R"(id = "Kyiv")", "openid “Kyiv”: id must be 1 to 32 small Latin letters, digits and hyphens"},
             {R"(id = "../x")", "openid “../x”: id must be 1 to 32 small Latin letters, digits and hyphens"},
             {R"(name = "")", "openid “kyiv”: name, by which people know it, must have 1 to 60 letters"},
             {R"(issuer = "http://id.kyiv.example")", "openid “kyiv”: issuer must be an address such as "
                                                      "https://id.example, without query and fragment; "
                                                      "http is for this machine alone"},
             {R"(issuer = "https://id.kyiv.example?x")", "openid “kyiv”: issuer must be an address such as "
                                                         "https://id.example, without query and fragment; "
                                                         "http is for this machine alone"},
             {R"(client_id = "a b")",
              "openid “kyiv”: client_id must be 1 to 256 ASCII characters without spaces"},
             {"organisations = []",
              "openid “kyiv”: organisations must name whose people may use it, 1 to 1000"},
             {R"(organisations = ["a b"])", "openid “kyiv”: “a b” is no organisation's id"},
         }) {
        INFO(line);
        CHECK(mistakes(line) == std::vector<std::string>{told});
    }
    CHECK(mistakes(R"(issuer = "http://127.0.0.1:9000")").empty());
    CHECK(read("openid = 7").mistakes == std::vector<std::string>{"openid must be a list: [[openid]]"});
    Settings twice = read(provider_with("")).settings;
    twice.data = "d";
    twice.openid.push_back(twice.openid.front());
    CHECK(std::ranges::count(config::mistakes_in(twice), "openid “kyiv” is named twice") == 2);
}
