// Signing in and out.
#include "server/accounts/accounts.hpp"
#include "server/accounts/hash_work.hpp"
#include "server/accounts/passwords.hpp"
#include "server/accounts/totp.hpp"

#include <algorithm>

namespace mosty::accounts {
namespace {

constexpr std::int64_t ticket_lasts_ms = 5 * 60'000;
constexpr unsigned ticket_attempts_max = 5;
constexpr std::size_t tickets_max = 10'000;
constexpr std::size_t agent_length_max = 120;
constexpr std::size_t device_length_max = 256;
constexpr std::size_t password_length_max = 1'024;

const realtime::Problem refused{"sign_in_refused", "The address or the password is not right.", {}, {}};
const realtime::Problem code_refused{
    "code_refused", "This code is not right, or was used already. Take the next one.", "code", {}};
const realtime::Problem ticket_gone{
    "sign_in_refused", "This took too long. Begin again with address and password.", {}, {}};

std::string network_key(const boost::asio::ip::address& address) {
    if (address.is_v4() || (address.is_v6() && address.to_v6().is_v4_mapped())) {
        const auto bytes =
            address.is_v4()
                ? address.to_v4().to_bytes()
                : boost::asio::ip::make_address_v4(boost::asio::ip::v4_mapped, address.to_v6()).to_bytes();
        return accounts::network_of(bytes.data(), bytes.size());
    }
    const auto bytes = address.to_v6().to_bytes();
    return accounts::network_of(bytes.data(), bytes.size());
}

// Of what a browser says of itself only what is harmless to show.
std::string short_agent(std::string_view agent) {
    std::string plain;
    for (const char c : agent.substr(0, agent_length_max))
        if (c >= ' ' && c <= '~')
            plain += c;
    return plain;
}

std::string device_text(const ActorId& actor, std::string_view nonce) {
    return actor.text() + '.' + std::string(nonce);
}

} // namespace

std::optional<realtime::Problem> Accounts::begin_attempt(const Attempt& attempt) {
    const auto now = Throttle::Time::clock::now();
    auto pause = accounts_throttle_.pause(attempt.of_account, now);
    if (!attempt.of_network.empty())
        pause = std::max(pause, networks_throttle_.pause(attempt.of_network, now));
    if (pause > Throttle::Pause{0})
        return try_later(pause.count());
    accounts_throttle_.begin(attempt.of_account, now);
    if (!attempt.of_network.empty())
        networks_throttle_.begin(attempt.of_network, now);
    return std::nullopt;
}

void Accounts::attempt_succeeded(const Attempt& attempt) {
    accounts_throttle_.forget(attempt.of_account);
    if (!attempt.of_network.empty())
        networks_throttle_.take_back(attempt.of_network);
}

// A browser that has signed in to this account before has a budget of its own: whoever floods the account
// from elsewhere does not keep its owner out.
Accounts::Attempt Accounts::attempt_at(const std::string& account, const std::optional<ActorId>& actor,
                                       const Browser& browser) const {
    if (actor && is_known_device(*actor, browser.device))
        return {"d/" + digest_of(browser.device), {}};
    return {account, network_of(browser)};
}

std::string Accounts::network_of(const Browser& browser) {
    return network_key(browser.address);
}

bool Accounts::is_known_device(const ActorId& actor, std::string_view device) const {
    const auto dot = device.find('.');
    if (dot == std::string_view::npos || device.size() > device_length_max)
        return false;
    return same_text(credentials_.vault().mark("device", device_text(actor, device.substr(0, dot))),
                     device.substr(dot + 1));
}

Entered Accounts::enter_now(core::Person who, const Browser& browser) {
    const ActorId actor = who.actor;
    auto sessions = credentials_.sessions_of(actor);
    if (sessions.size() >= settings_.sessions_max) {
        std::ranges::sort(sessions, {}, [](const auto& one) { return one.second.seen_ms; });
        std::vector<std::string> oldest;
        for (std::size_t i = 0; i <= sessions.size() - settings_.sessions_max; ++i)
            oldest.push_back(sessions[i].first);
        end(std::move(oldest), access::Ending::session_over);
    }
    const std::int64_t now = now_ms();
    Entered entered{.person = std::move(who),
                    .cookie = credentials_.add(Session{
                        .actor = actor, .made_ms = now, .seen_ms = now, .agent = short_agent(browser.agent)}),
                    .device = browser.device};
    if (!is_known_device(actor, browser.device)) {
        const std::string nonce = new_secret();
        entered.device = nonce + '.' + credentials_.vault().mark("device", device_text(actor, nonce));
    }
    return entered;
}

Answer<std::variant<Entered, CodeWanted>> Accounts::sign_in(std::string email, std::string password,
                                                            Browser browser) {
    const std::string address = plain_email(email).value_or(std::string());
    auto account = credentials_.account_by_email(address);
    const auto attempt = attempt_at("e/" + digest_of(address),
                                    account ? std::optional(account->actor) : std::nullopt, browser);
    if (auto wait = begin_attempt(attempt))
        co_return std::unexpected(std::move(*wait));
    // Nobody's password takes as long as somebody's.
    password.resize(std::min(password.size(), password_length_max));
    const auto is_right = co_await hash([password, hashed = account ? account->password : dummy_hash_] {
        return is_password(password, hashed);
    });
    if (!is_right)
        co_return std::unexpected(is_right.error());
    auto known = account && *is_right ? co_await person(account->actor) : std::nullopt;
    if (!known)
        co_return std::unexpected(refused);
    attempt_succeeded(attempt);

    std::string looked_at = account->password;
    const PasswordCost cost{settings_.password_memory_mib, settings_.password_passes};
    if (is_outdated(account->password, cost)) {
        auto hashed = co_await hash([password, cost] { return hash_password(password, cost); });
        auto now = credentials_.account(account->actor);
        if (hashed && now && now->password == account->password) {
            const auto before = now;
            now->password = looked_at = *hashed;
            credentials_.put(*now, before);
        }
    }
    // It may have been changed, or taken away, while the password was looked at.
    auto now = credentials_.account(account->actor);
    while (now && now->password != looked_at) {
        looked_at = now->password;
        const auto is_still_right =
            co_await hash([password, looked_at] { return is_password(password, looked_at); });
        if (!is_still_right)
            co_return std::unexpected(is_still_right.error());
        if (!*is_still_right)
            co_return std::unexpected(refused);
        now = credentials_.account(account->actor);
    }
    if (!now)
        co_return std::unexpected(refused);
    if (now->second_factor.empty())
        co_return enter_now(std::move(*known), browser);
    if (tickets_.size() >= tickets_max)
        co_return std::unexpected(try_later(60));
    const std::string ticket = new_secret();
    tickets_.emplace(digest_of(ticket), Ticket{now->actor, now_ms() + ticket_lasts_ms, 0});
    co_return CodeWanted{ticket};
}

Answer<Entered> Accounts::second_factor(std::string ticket, std::string code, Browser browser) {
    const std::string key = digest_of(ticket);
    const auto found = tickets_.find(key);
    if (found == tickets_.end() || found->second.until_ms <= now_ms())
        co_return std::unexpected(ticket_gone);
    const ActorId actor = found->second.actor;
    const auto attempt = attempt_at("2/" + actor.text(), actor, browser);
    if (auto wait = begin_attempt(attempt))
        co_return std::unexpected(std::move(*wait));
    if (++found->second.attempts > ticket_attempts_max) {
        tickets_.erase(found);
        co_return std::unexpected(ticket_gone);
    }
    auto account = credentials_.account(actor);
    if (!account)
        co_return std::unexpected(ticket_gone);
    const auto before = account;
    if (!takes_code(*account, code))
        co_return std::unexpected(code_refused);
    // Used up before anybody is let in, and before anything else happens on this thread.
    credentials_.put(*account, before);
    attempt_succeeded(attempt);
    auto known = co_await person(actor);
    if (tickets_.erase(key) == 0) // used, or void, meanwhile
        co_return std::unexpected(ticket_gone);
    if (!known)
        co_return std::unexpected(refused);
    co_return enter_now(std::move(*known), browser);
}

void Accounts::void_tickets(const ActorId& actor) {
    std::erase_if(tickets_, [&](const auto& one) { return one.second.actor == actor; });
}

// Whether this is a code that has not been used; it has been when this returns.
bool Accounts::takes_code(Account& account, const std::string& code) {
    const auto secret =
        credentials_.vault().unseal(account.second_factor, "second factor of " + account.actor.text());
    if (!secret)
        return false;
    std::string plain;
    for (const char c : code)
        if (c != ' ' && c != '-')
            plain += static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
    if (const auto step = totp_step_of(*secret, plain, now_ms(), account.last_step)) {
        account.last_step = *step;
        return true;
    }
    return std::erase(account.recovery, recovery_mark(account.actor, plain)) > 0;
}

std::string Accounts::recovery_mark(const ActorId& actor, std::string_view code) const {
    return credentials_.vault().mark("recovery", actor.text() + '.' + std::string(code));
}

Answer<Entered> Accounts::enter(ActorId actor, Browser browser) {
    auto known = co_await person(actor);
    if (!known || known->profile.role == Role::service)
        co_return std::unexpected(
            realtime::Problem{"not_found", "There is nobody of that id in the demo.", "actor", {}});
    co_return enter_now(std::move(*known), browser);
}

void Accounts::sign_out(const std::string& key) {
    end({key});
}

Answer<Accounts::SignedOut> Accounts::sign_out_everywhere(ActorId actor, bool and_tokens) {
    // The doors close first: the log may be slow, or full of others' work.
    void_tickets(actor);
    std::vector<std::string> keys;
    for (const auto& [key, session] : credentials_.sessions_of(actor))
        keys.push_back(key);
    const auto tokens = credentials_.tokens_of(actor);
    if (and_tokens)
        for (const auto& [key, token] : tokens)
            keys.push_back(key);
    end(std::move(keys));
    if (auto recorded = co_await record(actor, actor, "sign_out_everywhere", "{}"); !recorded)
        co_return std::unexpected(recorded.error());
    if (!and_tokens)
        co_return SignedOut{.tokens_revoked = 0, .tokens_left = tokens.size()};
    for (const auto& [key, token] : tokens)
        if (auto recorded = co_await record_revocation(actor, token.id); !recorded)
            co_return std::unexpected(recorded.error());
    co_return SignedOut{.tokens_revoked = tokens.size(), .tokens_left = 0};
}

Credentials::Keyed<Session> Accounts::sessions_of(const ActorId& actor) const {
    return credentials_.sessions_of(actor);
}

std::optional<Account> Accounts::account_of(const ActorId& actor) const {
    return credentials_.account(actor);
}

Answer<void> Accounts::end_session(ActorId actor, std::string id) {
    for (const auto& [key, session] : credentials_.sessions_of(actor))
        if (id_of(key) == id) {
            end({key});
            co_return Result<void, realtime::Problem>();
        }
    co_return std::unexpected(realtime::Problem{"not_found", "There is no such session.", {}, {}});
}

} // namespace mosty::accounts
