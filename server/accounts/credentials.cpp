#include "server/accounts/credentials.hpp"

#include "domain/base/invariant.hpp"
#include "server/sealing/credentials_key.hpp"
#include "storage/rocksdb/encrypt_records.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <stdexcept>
#include <unordered_map>

namespace mosty::accounts {
namespace {

constexpr std::string_view token_prefix = "mosty_";
constexpr std::size_t secret_length_max = 128;
constexpr std::int64_t keep_after_ms = 60'000;
constexpr std::string_view folder_format = "2";
constexpr std::string_view format_with_addresses = "1"; // in its keys
constexpr std::size_t ended_max = 20'000;
constexpr std::size_t ended_of_person_max = 50;

std::int64_t ms_of(std::chrono::milliseconds time) {
    return time.count();
}

// Where it is noted how the session of this key ended.
std::string ended_key(const std::string& key) {
    return "x/" + key.substr(2);
}

bool has(const std::vector<person::Scope>& scope, person::Scope one) {
    return std::ranges::find(scope, one) != scope.end();
}

template <class Record, class Read>
std::vector<std::pair<std::string, Record>> scanned(const storage::RocksRecordStore& store,
                                                    std::string_view prefix, Read read) {
    const auto found = store.scan(prefix);
    if (!found)
        throw std::runtime_error("the credentials cannot be read: " + found.error().reason);
    std::vector<std::pair<std::string, Record>> records;
    for (const auto& [key, text] : *found)
        if (auto record = read(text))
            records.emplace_back(key, std::move(*record));
    return records;
}

} // namespace

Result<std::unique_ptr<Credentials>, std::string> Credentials::open(const std::filesystem::path& data,
                                                                    const sealing::Key& key,
                                                                    const AccountSettings& settings) {
    const auto folder = data / sealing::credentials_name;
    const std::string bytes(key.bytes());
    const auto encrypted = storage::encrypt_records(folder, bytes);
    if (!encrypted)
        return std::unexpected(fmt::format("{}: {}", folder.string(), encrypted.error().sentence));
    if (*encrypted)
        spdlog::info("{} is encrypted now, with {} records; what was in the clear is destroyed",
                     folder.string(), **encrypted);
    auto store = storage::RocksRecordStore::open(folder, bytes);
    if (!store)
        return std::unexpected(fmt::format("{}: {}", folder.string(), store.error().sentence));
    auto format = (*store)->get("format");
    if (!format)
        return std::unexpected(format.error().reason);
    if (*format && **format != folder_format && **format != format_with_addresses)
        return std::unexpected(
            fmt::format("{} has format {}, which this version does not know", folder.string(), **format));
    if (!*format)
        if (auto written = (*store)->write({{"format", std::string(folder_format)}}); !written)
            return std::unexpected(written.error().reason);
    auto vault = Vault::open(data / "credentials.key");
    if (!vault)
        return std::unexpected(vault.error());
    std::unique_ptr<Credentials> credentials(new Credentials(std::move(*store), std::move(*vault), settings));
    if (*format && **format == format_with_addresses)
        credentials->hide_addresses();
    return credentials;
}

// Tables of RocksDB name keys, and keep them for a while when they are gone: no key says anything of anybody.
void Credentials::hide_addresses() {
    std::vector<storage::RecordChange> changes{{"format", std::string(folder_format)}};
    for (auto& [key, actor] :
         scanned<std::string>(*store_, "e/", [](const std::string& text) { return std::optional(text); })) {
        changes.push_back({key, std::nullopt});
        changes.push_back({email_key(std::string_view(key).substr(2)), actor});
    }
    write(changes);
    forget_removed();
}

void Credentials::forget_removed() {
    if (const auto forgotten = store_->forget(); !forgotten)
        throw std::runtime_error("the credentials cannot be written: " + forgotten.error().reason);
}

std::string Credentials::email_key(std::string_view email) const {
    return "e/" + vault_.mark("email", email);
}

std::optional<std::string> Credentials::get(const std::string& key) const {
    auto found = store_->get(key);
    if (!found)
        throw std::runtime_error("the credentials cannot be read: " + found.error().reason);
    return std::move(*found);
}

void Credentials::write(const std::vector<storage::RecordChange>& changes) {
    if (changes.empty())
        return;
    if (const auto written = store_->write(changes); !written)
        throw std::runtime_error("the credentials cannot be written: " + written.error().reason);
}

std::shared_ptr<access::Life> Credentials::life_of(const std::string& key, const Session& session) const {
    if (auto life = lives_.find(key))
        return life;
    return lives_.keep(key, std::make_shared<access::Life>(session.made_ms + ms_of(settings_.session_max),
                                                           ms_of(settings_.session_idle), session.seen_ms));
}

void Credentials::forget_lives(const std::vector<std::string>& keys) {
    for (const std::string& key : keys)
        lives_.forget(key);
}

std::optional<access::SignIn> Credentials::session(std::string_view cookie, std::int64_t now_ms) const {
    if (cookie.empty() || cookie.size() > secret_length_max)
        return std::nullopt;
    const std::string key = "s/" + digest_of(cookie);
    const auto text = get(key);
    const auto session = text ? session_of(*text) : std::nullopt;
    if (!session)
        return std::nullopt;
    auto life = life_of(key, *session);
    if (!life->use(now_ms))
        return std::nullopt;
    return access::SignIn{.actor = session->actor,
                          .key = key,
                          .is_session = true,
                          .reads = true,
                          .writes = true,
                          .takes_events = true,
                          .life = std::move(life)};
}

std::optional<access::SignIn> Credentials::token(std::string_view secret, std::int64_t now_ms) const {
    if (!secret.starts_with(token_prefix) || secret.size() > secret_length_max)
        return std::nullopt;
    const std::string key = "t/" + digest_of(secret);
    const auto text = get(key);
    const auto token = text ? token_of(*text) : std::nullopt;
    if (!token || now_ms >= token->until_ms)
        return std::nullopt;
    return access::SignIn{
        .actor = token->actor,
        .key = key,
        .is_session = false,
        .reads = has(token->scope, person::Scope::read),
        .writes = has(token->scope, person::Scope::write),
        .takes_events = has(token->scope, person::Scope::events),
        .life = std::make_shared<access::Life>(token->until_ms, access::Life::without_end, now_ms)};
}

std::optional<access::Ending> Credentials::ending(const std::string& key, std::int64_t now_ms) const {
    using access::Ending;
    const auto text = get(key);
    if (!key.starts_with("s/")) {
        const auto token = text ? token_of(*text) : std::nullopt;
        return token && now_ms < token->until_ms ? std::nullopt : std::optional(Ending::session_over);
    }
    if (const auto session = text ? session_of(*text) : std::nullopt)
        return life_of(key, *session)->is_over(now_ms) ? std::optional(Ending::session_over) : std::nullopt;
    const auto ended = ended_session(key);
    return ended ? ended->ending : Ending::session_over;
}

std::optional<access::Ending> Credentials::ending_of_cookie(std::string_view cookie,
                                                            std::int64_t now_ms) const {
    if (cookie.empty() || cookie.size() > secret_length_max)
        return std::nullopt;
    const std::string key = "s/" + digest_of(cookie);
    if (get(key))
        return ending(key, now_ms);
    const auto ended = ended_session(key);
    return ended && now_ms < ended->until_ms ? std::optional(ended->ending) : std::nullopt;
}

std::optional<EndedSession> Credentials::ended_session(const std::string& key) const {
    const auto text = get(ended_key(key));
    return text ? ended_session_of(*text) : std::nullopt;
}

std::optional<Account> Credentials::account(const ActorId& actor) const {
    const auto text = get("a/" + actor.text());
    return text ? account_of(*text) : std::nullopt;
}

std::optional<Account> Credentials::account_by_email(std::string_view email) const {
    const auto actor = get(email_key(email));
    return actor ? account(ActorId(*actor)) : std::nullopt;
}

Credentials::Keyed<Session> Credentials::sessions() const {
    auto all = scanned<Session>(*store_, "s/", session_of);
    for (auto& [key, session] : all)
        if (const auto life = lives_.find(key))
            session.seen_ms = std::max(session.seen_ms, life->used_ms());
    return all;
}

Credentials::Keyed<Session> Credentials::sessions_of(const ActorId& actor) const {
    auto all = sessions();
    std::erase_if(all, [&](const auto& one) { return one.second.actor != actor; });
    return all;
}

Credentials::Keyed<Token> Credentials::tokens() const {
    return scanned<Token>(*store_, "t/", token_of);
}

Credentials::Keyed<Token> Credentials::tokens_of(const ActorId& actor) const {
    auto all = tokens();
    std::erase_if(all, [&](const auto& one) { return one.second.actor != actor; });
    return all;
}

Credentials::Keyed<Invitation> Credentials::invitations() const {
    return scanned<Invitation>(*store_, "i/", invitation_of);
}

std::string Credentials::invitation_key(std::string_view secret) {
    return "i/" + digest_of(secret);
}

std::optional<Invitation> Credentials::invitation(std::string_view secret, std::int64_t now_ms) const {
    if (secret.empty() || secret.size() > secret_length_max)
        return std::nullopt;
    const auto text = get(invitation_key(secret));
    auto invitation = text ? invitation_of(*text) : std::nullopt;
    if (!invitation || now_ms >= invitation->until_ms)
        return std::nullopt;
    return invitation;
}

std::string Credentials::identity_key(std::string_view issuer, std::string_view subject) const {
    // The length stands between, so that no issuer and subject make the text of two others.
    return "o/" + vault_.mark("identity", fmt::format("{}.{}{}", issuer.size(), issuer, subject));
}

std::optional<Identity> Credentials::identity(const std::string& identity_key) const {
    const auto text = get(identity_key);
    return text ? accounts::identity_of(*text) : std::nullopt;
}

Credentials::Keyed<Identity> Credentials::identities_of(const ActorId& actor) const {
    auto all = scanned<Identity>(*store_, "o/", accounts::identity_of);
    std::erase_if(all, [&](const auto& one) { return one.second.actor != actor; });
    return all;
}

void Credentials::put(const std::string& identity_key, const Identity& identity) {
    write({{identity_key, to_json(identity)}});
}

void Credentials::put(const Account& account, const std::optional<Account>& before) {
    std::vector<storage::RecordChange> changes;
    if (before && before->email != account.email)
        changes.push_back({email_key(before->email), std::nullopt});
    changes.push_back({email_key(account.email), account.actor.text()});
    changes.push_back({"a/" + account.actor.text(), to_json(account)});
    write(changes);
}

std::string Credentials::add(const Session& session) {
    const std::string secret = new_secret();
    write({{"s/" + digest_of(secret), to_json(session)}});
    return secret;
}

std::string Credentials::add(const Token& token) {
    const std::string secret = std::string(token_prefix) + new_secret();
    write({{"t/" + digest_of(secret), to_json(token)}});
    return secret;
}

std::string Credentials::add(const Invitation& invitation) {
    const std::string secret = new_secret();
    std::vector<storage::RecordChange> changes;
    for (const auto& [key, other] : invitations())
        if (other.person == invitation.person)
            changes.push_back({key, std::nullopt});
    changes.push_back({invitation_key(secret), to_json(invitation)});
    write(changes);
    return secret;
}

bool Credentials::take_up(const std::string& invitation_key, const Account& account) {
    const auto holder = account_by_email(account.email);
    if (!get(invitation_key) || (holder && holder->actor != account.actor))
        return false;
    std::vector<storage::RecordChange> changes{{invitation_key, std::nullopt}};
    if (const auto before = this->account(account.actor); before && before->email != account.email)
        changes.push_back({email_key(before->email), std::nullopt});
    changes.push_back({email_key(account.email), account.actor.text()});
    changes.push_back({"a/" + account.actor.text(), to_json(account)});
    write(changes);
    return true;
}

bool Credentials::take_up(const std::string& invitation_key, const std::string& identity_key,
                          const Identity& identity) {
    const auto holder = this->identity(identity_key);
    if (!get(invitation_key) || (holder && holder->actor != identity.actor))
        return false;
    write({{invitation_key, std::nullopt}, {identity_key, to_json(identity)}});
    return true;
}

void Credentials::keep_uses() {
    std::vector<storage::RecordChange> changes;
    std::vector<std::string> gone;
    for (const auto& [key, life] : lives_.all()) {
        const auto text = get(key);
        auto session = text ? session_of(*text) : std::nullopt;
        if (!session) {
            gone.push_back(key);
        } else if (const std::int64_t used_ms = life->used_ms();
                   used_ms - session->seen_ms >= keep_after_ms) {
            session->seen_ms = used_ms;
            changes.push_back({key, to_json(*session)});
        }
    }
    write(changes);
    forget_lives(gone);
}

void Credentials::remove(const std::vector<std::string>& keys) {
    std::vector<storage::RecordChange> changes;
    for (const std::string& key : keys)
        changes.push_back({key, std::nullopt});
    write(changes);
}

void Credentials::note_end(const std::string& key, access::Ending ending, std::int64_t now_ms,
                           std::vector<storage::RecordChange>& changes) const {
    const auto text = key.starts_with("s/") ? get(key) : std::nullopt;
    if (const auto session = text ? session_of(*text) : std::nullopt)
        changes.push_back(
            {ended_key(key), to_json(EndedSession{.actor = session->actor,
                                                  .ending = ending,
                                                  .until_ms = now_ms + ms_of(settings_.session_max)})});
}

void Credentials::end(const std::vector<std::string>& keys, access::Ending ending, std::int64_t now_ms) {
    std::vector<storage::RecordChange> changes;
    for (const std::string& key : keys) {
        note_end(key, ending, now_ms, changes);
        changes.push_back({key, std::nullopt});
    }
    write(changes);
    forget_lives(keys);
}

void Credentials::forget_ended(std::int64_t now_ms) {
    auto ended = scanned<EndedSession>(*store_, "x/", ended_session_of);
    std::ranges::sort(ended, std::ranges::greater{}, [](const auto& one) { return one.second.until_ms; });
    std::unordered_map<ActorId, std::size_t> of_person;
    std::size_t kept = 0;
    std::vector<std::string> keys;
    for (const auto& [key, session] : ended) {
        const bool is_kept = now_ms < session.until_ms && kept < ended_max &&
                             ++of_person[session.actor] <= ended_of_person_max;
        if (is_kept)
            ++kept;
        else
            keys.push_back(key);
    }
    remove(keys);
}

void Credentials::remove_invitation(const std::string& key) {
    remove({key});
}

void Credentials::remove_identities(const std::vector<std::string>& keys) {
    remove(keys);
}

std::vector<std::string> Credentials::remove_all_of(const ActorId& actor, std::int64_t now_ms) {
    std::vector<std::string> keys;
    for (const auto& [key, session] : sessions_of(actor))
        keys.push_back(key);
    for (const auto& [key, token] : tokens_of(actor))
        keys.push_back(key);
    std::vector<storage::RecordChange> changes;
    for (const std::string& key : keys) {
        note_end(key, access::Ending::signed_out, now_ms, changes);
        changes.push_back({key, std::nullopt});
    }
    for (const auto& [key, identity] : identities_of(actor))
        changes.push_back({key, std::nullopt});
    if (const auto own = account(actor)) {
        changes.push_back({email_key(own->email), std::nullopt});
        changes.push_back({"a/" + actor.text(), std::nullopt});
    }
    write(changes);
    forget_lives(keys);
    forget_removed();
    return keys;
}

void Credentials::remove_invitations_of(const ActorId& person) {
    std::vector<std::string> keys;
    for (const auto& [key, invitation] : invitations())
        if (invitation.person == person)
            keys.push_back(key);
    remove(keys);
}

std::vector<std::string> Credentials::run_out(std::int64_t now_ms) const {
    std::vector<std::string> keys;
    for (const auto& [key, session] : sessions())
        if (life_of(key, session)->is_over(now_ms))
            keys.push_back(key);
    for (const auto& [key, token] : tokens())
        if (now_ms >= token.until_ms)
            keys.push_back(key);
    for (const auto& [key, invitation] : invitations())
        if (now_ms >= invitation.until_ms)
            keys.push_back(key);
    return keys;
}

} // namespace mosty::accounts
