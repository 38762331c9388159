#include "server/config/settings_file.hpp"

#include "server/audit/verifier_key.hpp"
#include "server/config/openid_settings.hpp"
#include "server/config/transport_settings.hpp"
#include "server/net/url.hpp"

#include <boost/asio/ip/address.hpp>
#include <fmt/format.h>
#include <toml++/toml.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <functional>

namespace mosty::config {
namespace {

// One number that the file may set, with the bounds in which it makes sense.
struct NumberSetting {
    std::string_view name;
    std::int64_t min;
    std::int64_t max;
    std::function<void(Settings&, std::int64_t)> set;
};

template <class T>
auto into(T Settings::* member) {
    return [member](Settings& settings, std::int64_t value) { settings.*member = T(value); };
}

const std::array<NumberSetting, 29>& limit_settings() {
    static const std::array<NumberSetting, 29> all{{
        {"connections", 1, 1'000'000, into(&Settings::connections_max)},
        {"address_connections", 1, 1'000'000, into(&Settings::address_connections_max)},
        {"connection_subscriptions", 1, 10'000, into(&Settings::connection_subscriptions_max)},
        {"account_subscriptions", 1, 1'000'000, into(&Settings::account_subscriptions_max)},
        {"connection_commands", 1, 100'000, into(&Settings::connection_commands_max)},
        {"queue_commands", 1, 1'000'000, into(&Settings::queue_commands_max)},
        {"connection_commands_per_s", 1, 1'000'000'000, into(&Settings::connection_commands_per_s)},
        {"account_commands_per_s", 1, 1'000'000'000, into(&Settings::account_commands_per_s)},
        {"address_requests_per_s", 1, 1'000'000'000, into(&Settings::address_requests_per_s)},
        {"connection_bytes_per_s", 1'024, 1'000'000'000'000, into(&Settings::connection_bytes_per_s)},
        {"account_bytes_per_s", 1'024, 1'000'000'000'000, into(&Settings::account_bytes_per_s)},
        {"connection_pings_per_s", 1, 1'000'000'000, into(&Settings::connection_pings_per_s)},
        {"account_pings_per_s", 1, 1'000'000'000, into(&Settings::account_pings_per_s)},
        {"saved_up_ms", 1'000, 600'000, into(&Settings::saved_up)},
        {"header_bytes", 1'024, 1 << 20, into(&Settings::header_bytes_max)},
        {"message_bytes", 1'024, 16 << 20, into(&Settings::message_bytes_max)},
        {"message_fragments", 1, 1'000'000, into(&Settings::message_fragments_max)},
        {"outbox_bytes", 64 << 10, 1 << 30, into(&Settings::outbox_bytes_max)},
        {"stream_states", 100, 10'000'000, into(&Settings::stream_states_max)},
        {"views", 100, 10'000'000, into(&Settings::views_max)},
        {"event_streams", 1, 10'000, into(&Settings::event_streams_max)},
        {"event_heartbeat_ms", 100, 600'000, into(&Settings::event_heartbeat)},
        {"event_stall_ms", 1'000, 3'600'000, into(&Settings::event_stall)},
        {"io_threads", 1, 64, into(&Settings::io_threads)},
        {"workers", 1, 64, into(&Settings::workers)},
        {"handshake_timeout_ms", 100, 600'000, into(&Settings::handshake_timeout)},
        {"message_timeout_ms", 1'000, 3'600'000, into(&Settings::message_timeout)},
        {"idle_timeout_ms", 1'000, 3'600'000, into(&Settings::idle_timeout)},
        {"close_timeout_ms", 100, 600'000, into(&Settings::close_timeout)},
    }};
    return all;
}

const std::array<NumberSetting, 11>& account_settings() {
    static const auto of_accounts = [](auto AccountSettings::* member) {
        return [member](Settings& settings, std::int64_t value) {
            auto& out = settings.accounts.*member;
            out = std::remove_reference_t<decltype(out)>(value);
        };
    };
    static const std::array<NumberSetting, 11> all{{
        {"session_idle_minutes", 5, 30 * 24 * 60, of_accounts(&AccountSettings::session_idle)},
        {"session_hours", 1, 365 * 24, of_accounts(&AccountSettings::session_max)},
        {"invitation_hours", 1, 90 * 24, of_accounts(&AccountSettings::invitation_lasts)},
        {"password_memory_mib", 64, 4'096, of_accounts(&AccountSettings::password_memory_mib)},
        {"password_passes", 2, 20, of_accounts(&AccountSettings::password_passes)},
        {"account_attempts", 1, 100, of_accounts(&AccountSettings::account_attempts)},
        {"network_attempts", 1, 100'000, of_accounts(&AccountSettings::network_attempts)},
        {"attempt_pause_s", 1, 24 * 3'600, of_accounts(&AccountSettings::attempt_pause_max)},
        {"sessions", 1, 1'000, of_accounts(&AccountSettings::sessions_max)},
        {"tokens", 1, 1'000, of_accounts(&AccountSettings::tokens_max)},
        {"invitations", 1, 100'000, of_accounts(&AccountSettings::invitations_max)},
    }};
    return all;
}

std::optional<std::string> read_account_setting(std::string_view name, const toml::node& node,
                                                Settings& settings) {
    for (const auto& each : account_settings()) {
        if (each.name != name)
            continue;
        const auto value = node.value_exact<std::int64_t>();
        if (!value || *value < each.min || *value > each.max)
            return fmt::format("accounts.{} must be a whole number from {} to {}", name, each.min, each.max);
        each.set(settings, *value);
        return std::nullopt;
    }
    return fmt::format("accounts.{} is not a setting", name);
}

std::optional<std::string> read_limit(std::string_view name, const toml::node& node, Settings& settings) {
    for (const auto& limit : limit_settings()) {
        if (limit.name != name)
            continue;
        const auto value = node.value_exact<std::int64_t>();
        if (!value || *value < limit.min || *value > limit.max)
            return fmt::format("limits.{} must be a whole number from {} to {}", name, limit.min, limit.max);
        limit.set(settings, *value);
        return std::nullopt;
    }
    return fmt::format("limits.{} is not a setting", name);
}

std::optional<std::string> read_origins(const toml::node& node, Settings& settings) {
    const auto* list = node.as_array();
    if (!list)
        return "origins must be a list of texts";
    for (const auto& origin : *list) {
        const auto text = origin.value<std::string>();
        if (!text)
            return "origins must be a list of texts";
        settings.origins.push_back(*text);
    }
    return std::nullopt;
}

std::optional<std::string> read_witness(const toml::node& node, Settings& settings) {
    const auto* table = node.as_table();
    const auto url = table ? (*table)["url"].value<std::string>() : std::nullopt;
    const auto key = table ? (*table)["key"].value<std::string>() : std::nullopt;
    if (!url || !key || table->size() != 2)
        return "log.witness must have a url and a key, both texts, and nothing else";
    settings.witnesses.push_back({*url, *key});
    return std::nullopt;
}

void read_log(const toml::table& log, Settings& settings, std::vector<std::string>& mistakes) {
    for (const auto& [name, node] : log) {
        if (name == "origin" && node.is_string()) {
            settings.origin = *node.value<std::string>();
        } else if (name == "quorum" && node.is_integer() && *node.value<std::int64_t>() >= 0) {
            settings.witness_quorum = static_cast<std::size_t>(*node.value<std::int64_t>());
        } else if (name == "witness" && node.is_array()) {
            for (const auto& witness : *node.as_array())
                if (auto mistake = read_witness(witness, settings))
                    mistakes.push_back(std::move(*mistake));
        } else if (name == "origin" || name == "quorum" || name == "witness") {
            mistakes.push_back(fmt::format("log.{} must be {}", name.str(),
                                           name == "origin"   ? "a text"
                                           : name == "quorum" ? "a whole number from 0 on"
                                                              : "a list: [[log.witness]]"));
        } else {
            mistakes.push_back(fmt::format("log.{} is not a setting", name.str()));
        }
    }
}

// What forbids asking these witnesses.
void judge_witnesses(const Settings& settings, std::vector<std::string>& mistakes) {
    constexpr std::size_t witnesses_max = 16;
    if (settings.witnesses.size() > witnesses_max)
        mistakes.push_back(fmt::format("{} witnesses are the most that can be asked", witnesses_max));
    if (settings.witness_quorum > settings.witnesses.size())
        mistakes.push_back(fmt::format("a quorum of {} needs as many witnesses; there are {}",
                                       settings.witness_quorum, settings.witnesses.size()));
    for (const auto& witness : settings.witnesses) {
        if (!net::parse_url(witness.url))
            mistakes.push_back(fmt::format("“{}” is not the address of a witness, such as "
                                           "https://witness.example",
                                           witness.url));
        const auto key = audit::VerifierKey::parse(witness.key);
        if (!key)
            mistakes.push_back(fmt::format("“{}”: {}", witness.key, key.error().sentence));
        else if (key->type() != audit::SignatureType::cosignature)
            mistakes.push_back(fmt::format("“{}” is not the key of a witness", witness.key));
        const auto same = [&](const WitnessSetting& other) { return other.key == witness.key; };
        if (std::ranges::count_if(settings.witnesses, same) > 1)
            mistakes.push_back(fmt::format("“{}” is named twice", witness.key));
    }
}

void read_member(std::string_view name, const toml::node& node, Settings& settings,
                 std::vector<std::string>& mistakes) {
    const auto note = [&](std::optional<std::string> mistake) {
        if (mistake)
            mistakes.push_back(std::move(*mistake));
    };
    const auto text = node.value<std::string>();
    const auto must_be_text = [&] { note(fmt::format("{} must be a text", name)); };
    if (name == "data")
        text ? void(settings.data = *text) : must_be_text();
    else if (name == "assets")
        text ? void(settings.assets = *text) : must_be_text();
    else if (name == "log_level")
        text ? void(settings.log_level = *text) : must_be_text();
    else if (name == "listen")
        text ? note(set_listen(settings, *text)) : must_be_text();
    else if (name == "origins")
        note(read_origins(node, settings));
    else if (name == "demo") {
        if (const auto demo = node.value_exact<bool>())
            settings.demo = *demo;
        else
            note("demo must be true or false");
    } else if (name == "limits" && node.is_table()) {
        for (const auto& [limit, value] : *node.as_table())
            note(read_limit(limit.str(), value, settings));
    } else if (name == "sealing" && node.is_table()) {
        for (const auto& [member, value] : *node.as_table()) {
            const auto file = value.value<std::string>();
            if (member == "master_key_file" && file)
                settings.master_key_file = *file;
            else
                note(fmt::format("sealing.{} is {}", member.str(),
                                 member == "master_key_file" ? "no text" : "not a setting"));
        }
    } else if (name == "accounts" && node.is_table()) {
        for (const auto& [setting, value] : *node.as_table())
            note(read_account_setting(setting.str(), value, settings));
    } else if (name == "openid") {
        read_openid(node, settings, mistakes);
    } else if (name == "log" && node.is_table()) {
        read_log(*node.as_table(), settings, mistakes);
    } else if (name == "tls" && node.is_table()) {
        read_tls(*node.as_table(), settings, mistakes);
    } else if (name == "http" && node.is_table()) {
        read_http(*node.as_table(), settings, mistakes);
    } else {
        note(fmt::format("{} is not a setting", name));
    }
}

} // namespace

std::vector<std::string> read_settings_file(const std::filesystem::path& path, Settings& settings) {
    std::vector<std::string> mistakes;
    try {
        const toml::table table = toml::parse_file(path.string());
        for (const auto& [name, node] : table)
            read_member(name.str(), node, settings, mistakes);
    } catch (const toml::parse_error& error) {
        mistakes.push_back(fmt::format("{} at line {}", error.description(), error.source().begin.line));
    }
    for (auto& mistake : mistakes)
        mistake = fmt::format("{}: {}", path.string(), mistake);
    return mistakes;
}

std::optional<std::string> set_listen(Settings& settings, std::string_view listen) {
    const auto colon = listen.rfind(':');
    std::string address{listen.substr(0, colon)};
    if (address.starts_with('[') && address.ends_with(']'))
        address = address.substr(1, address.size() - 2);
    boost::system::error_code error;
    boost::asio::ip::make_address(address, error);
    std::uint16_t port = 0;
    const auto port_text = colon == std::string_view::npos ? std::string_view{} : listen.substr(colon + 1);
    const auto [end, port_error] =
        std::from_chars(port_text.data(), port_text.data() + port_text.size(), port);
    if (error || port_text.empty() || port_error != std::errc{} || end != port_text.data() + port_text.size())
        return fmt::format("“{}” is not an address and a port, such as 127.0.0.1:8080", listen);
    settings.listen_address = std::move(address);
    settings.listen_port = port;
    return std::nullopt;
}

std::vector<std::string> mistakes_in(const Settings& settings) {
    std::vector<std::string> mistakes;
    if (settings.data.empty())
        mistakes.emplace_back("say where the data are: --data DIR");
    if (settings.demo && !boost::asio::ip::make_address(settings.listen_address).is_loopback())
        mistakes.emplace_back("a demo lets anybody sign in as anybody, so it listens on loopback only");
    if (settings.log_level != "debug" && settings.log_level != "info" && settings.log_level != "warn" &&
        settings.log_level != "error")
        mistakes.push_back(
            fmt::format("“{}” is no log level: debug, info, warn or error", settings.log_level));
    if (!settings.origin.empty() && !audit::is_key_name(settings.origin))
        mistakes.push_back(fmt::format(
            "“{}” is no origin: an address without scheme, such as mosty.example/log", settings.origin));
    judge_transport(settings, mistakes);
    judge_witnesses(settings, mistakes);
    judge_openid(settings, mistakes);
    return mistakes;
}

} // namespace mosty::config
