#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace mosty {

// Another server that watches our log and cosigns its checkpoints.
struct WitnessSetting {
    std::string url; // "https://witness.example", what /add-checkpoint is appended to
    std::string key; // its vkey
};

// How accounts are kept.
struct AccountSettings {
    std::chrono::minutes session_idle{12 * 60}; // after so long unused a session is over
    std::chrono::hours session_max{30 * 24};    // and after so long in any case
    std::chrono::hours invitation_lasts{7 * 24};
    std::size_t password_memory_mib = 64; // what hashing one password takes
    std::size_t password_passes = 2;

    // Guessing: how many attempts that fail are free, and the longest pause before the next one.
    unsigned account_attempts = 5;
    unsigned network_attempts = 30; // of one IPv4 address or IPv6 network of 64 bits
    std::chrono::seconds attempt_pause_max{15 * 60};

    // Of one person:
    std::size_t sessions_max = 50;
    std::size_t tokens_max = 20;
    std::size_t invitations_max = 500; // open ones that they made
};

// Who may have /metrics.
enum class MetricsFor { nobody, loopback, all };

// An organisation's own provider of sign-ins, by OpenID Connect.
struct OpenIdSetting {
    std::string id = {}; // its name in addresses, in the log and in the credentials: "kyiv"
    std::string name_uk = {};
    std::string name_en = {};
    std::string issuer = {}; // "https://id.kyiv.example", to the letter as the provider says it
    std::string client_id = {};
    std::filesystem::path client_secret_file = {}; // ours alone to read; empty: a public client
    std::filesystem::path authorities = {};        // who vouches for its servers, PEM; empty: as for others
    std::vector<std::string> organisations = {};   // whose people may use it
};

// What `mosty serve` can be told. Every setting has its default here; flags win over the file.
struct Settings {
    std::filesystem::path data;
    std::string listen_address = "127.0.0.1";
    std::uint16_t listen_port = 8080;
    std::filesystem::path assets; // the dashboard's files; empty: none are served
    bool demo = false;
    std::vector<std::string> origins;      // besides the address listened on: "https://mosty.example"
    std::filesystem::path tls_certificate; // with its chain, PEM; empty: plain HTTP is served
    std::filesystem::path tls_key;         // PEM, readable by us alone
    std::filesystem::path tls_authorities; // who vouches for servers that we ask; empty: as the system says
    std::vector<std::string> trusted_proxies; // addresses and networks whose X-Forwarded-* count
    bool plain_beyond_loopback = false;       // serve others without TLS and without such a proxy
    MetricsFor metrics = MetricsFor::loopback;
    std::string log_level = "info";        // debug, info, warn, error
    std::filesystem::path master_key_file; // wraps the keys of what is sealed; empty: DIR/master.key

    AccountSettings accounts;
    std::vector<OpenIdSetting> openid;

    std::string origin; // names the log to auditors; empty: a name made from its id
    std::vector<WitnessSetting> witnesses;
    std::size_t witness_quorum = 0; // of how many a checkpoint needs the cosignature to count as cosigned

    std::size_t io_threads = 1;
    std::size_t workers = 2;

    std::size_t connections_max = 15'000;
    std::size_t address_connections_max = 512; // of one IPv4 address or IPv6 network of 64 bits
    std::size_t connection_subscriptions_max = 200;
    std::size_t account_subscriptions_max = 2'000;
    std::size_t connection_commands_max = 1'024; // sent and not yet answered
    std::size_t queue_commands_max = 16'384;     // of all connections together
    std::size_t header_bytes_max = 8 * 1024;
    std::size_t message_bytes_max = 64 * 1024; // and of a request's body
    std::size_t message_fragments_max = 64;
    std::size_t outbox_bytes_max = 1024 * 1024; // a reader further behind is told to resync
    std::size_t stream_states_max = 20'000;     // entities held in memory
    std::size_t views_max = 4'096;              // documents held in memory

    // What may be asked a second; what was not asked for `saved_up` may come at once. See server/limits/.
    std::uint64_t connection_commands_per_s = 200;
    std::uint64_t account_commands_per_s = 400;
    std::uint64_t address_requests_per_s = 1'000;
    std::uint64_t connection_bytes_per_s = 256 * 1024;
    std::uint64_t account_bytes_per_s = 512 * 1024;
    std::uint64_t connection_pings_per_s = 10;
    std::uint64_t account_pings_per_s = 100;
    std::chrono::milliseconds saved_up{10'000};

    std::size_t event_streams_max = 64; // readers of /v1/events who take it as it comes

    std::chrono::milliseconds event_heartbeat{15'000}; // how long such a reader hears nothing at most
    std::chrono::milliseconds event_stall{300'000};    // how long it may take nothing
    std::chrono::milliseconds handshake_timeout{5'000};
    std::chrono::milliseconds message_timeout{30'000}; // from a message's first byte to its last
    std::chrono::milliseconds idle_timeout{30'000};
    std::chrono::milliseconds close_timeout{3'000};
};

} // namespace mosty
