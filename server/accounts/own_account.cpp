// What people change about their own accounts: password, second factor, tokens.
#include "server/accounts/accounts.hpp"
#include "server/accounts/hash_work.hpp"
#include "server/accounts/passwords.hpp"
#include "server/accounts/totp.hpp"
#include "server/realtime/json_text.hpp"

#include <algorithm>
#include <chrono>

namespace mosty::accounts {
namespace {

using realtime::Problem;

constexpr std::size_t totp_secret_bytes = 20;
constexpr std::int64_t pending_lasts_ms = 15 * 60'000;
constexpr std::int64_t just_now_ms = 15 * 60'000;
constexpr std::size_t recovery_codes = 10;
constexpr std::size_t recovery_code_bytes = 10; // of random bytes, of which five bits each make a letter
constexpr std::int64_t day_ms = 86'400'000;
constexpr std::int64_t token_lasts_max_ms = 366 * day_ms;

const Problem wrong_password{"wrong_password", "This is not your password.", "current", {}};
const Problem email_taken{"email_taken", "Somebody signs in with this address already.", "email", {}};
const Problem no_password{"wrong_status", "Set a password first.", "current", {{"status", "no_password"}}};

std::string new_recovery_code() {
    static constexpr std::string_view letters = "abcdefghjkmnpqrstuvwxyz23456789x";
    std::string code;
    for (const char byte : random_bytes(recovery_code_bytes))
        code += letters[static_cast<unsigned char>(byte) & 31u];
    return code;
}

std::int64_t end_of_day_ms(PartialDate day) {
    using namespace std::chrono;
    const sys_days first{year{day.year} / static_cast<unsigned>(day.month) / static_cast<unsigned>(day.day)};
    return duration_cast<milliseconds>(first.time_since_epoch()).count() + day_ms;
}

} // namespace

Answer<Account> Accounts::check_own_password(ActorId actor, std::string password) {
    auto account = credentials_.account(actor);
    if (!account)
        co_return std::unexpected(no_password);
    const Attempt attempt{"p/" + actor.text(), {}};
    if (auto wait = begin_attempt(attempt))
        co_return std::unexpected(std::move(*wait));
    const auto is_right =
        co_await hash([password, hashed = account->password] { return is_password(password, hashed); });
    if (!is_right)
        co_return std::unexpected(is_right.error());
    if (!*is_right)
        co_return std::unexpected(wrong_password);
    attempt_succeeded(attempt);
    co_return *account;
}

// Whoever found a device that is signed in must not make a way in of it that stays: the password is asked
// for, and of those who have none that they signed in just now.
Answer<void> Accounts::check_own_hand(ActorId actor, std::string key, std::string password) {
    if (credentials_.account(actor)) {
        auto own = co_await check_own_password(actor, std::move(password));
        if (!own)
            co_return std::unexpected(own.error());
        co_return Result<void, Problem>();
    }
    for (const auto& [one, session] : credentials_.sessions_of(actor))
        if (one == key &&
            (now_ms() - session.made_ms < just_now_ms || credentials_.identities_of(actor).empty()))
            co_return Result<void, Problem>();
    co_return std::unexpected(
        Problem{"sign_in_again", "Sign out, sign in again and do this within 15 minutes.", {}, {}});
}

// Whoever knows a password must not take away what stands behind it. An account without a second factor has
// no code.
Result<void, Problem> Accounts::check_own_code(const ActorId& actor, const std::string& code) {
    auto account = credentials_.account(actor);
    if (!account || account->second_factor.empty())
        return {};
    const Attempt attempt{"2/" + actor.text(), {}};
    if (auto wait = begin_attempt(attempt))
        return std::unexpected(std::move(*wait));
    const auto before = account;
    if (!takes_code(*account, code))
        return std::unexpected(Problem{"code_refused",
                                       "This takes a code of your second factor as well, or a recovery code.",
                                       "code",
                                       {}});
    credentials_.put(*account, before);
    attempt_succeeded(attempt);
    return {};
}

Answer<void> Accounts::set_password(ActorId actor, std::string key, std::string current, std::string password,
                                    std::string email) {
    std::string address;
    const Attempt naming{"m/" + actor.text(), {}};
    const auto is_taken = [&] {
        const auto holder = credentials_.account_by_email(address);
        return holder && holder->actor != actor;
    };
    const bool has_account = credentials_.account(actor).has_value();
    if (has_account) {
        auto own = co_await check_own_password(actor, std::move(current));
        if (!own)
            co_return std::unexpected(own.error());
        address = own->email;
    } else {
        if (auto own = co_await check_own_hand(actor, key, {}); !own)
            co_return std::unexpected(own.error());
        const auto plain = plain_email(email);
        if (!plain)
            co_return std::unexpected(
                Problem{"invalid_field", "email: this is no e-mail address.", "email", {}});
        address = *plain;
        // Who has an account here is for nobody to find out by trying.
        if (auto wait = begin_attempt(naming))
            co_return std::unexpected(std::move(*wait));
        if (is_taken())
            co_return std::unexpected(email_taken);
    }
    if (auto weak = refuse_password(password, address))
        co_return std::unexpected(std::move(*weak));
    const PasswordCost cost{settings_.password_memory_mib, settings_.password_passes};
    auto hashed = co_await hash([password, cost] { return hash_password(password, cost); });
    if (!hashed)
        co_return std::unexpected(hashed.error());
    if (auto recorded = co_await record(actor, actor, "set_password", "{}"); !recorded)
        co_return std::unexpected(recorded.error());

    const auto before = credentials_.account(actor);
    if (has_account && !before)
        co_return std::unexpected(no_password); // it was taken away meanwhile, and comes back by no way
    if (is_taken())
        co_return std::unexpected(email_taken);
    Account account = before.value_or(Account{.actor = actor, .email = address});
    account.password = *hashed;
    credentials_.put(account, before);
    attempt_succeeded(naming);
    end_others(actor, key);
    co_return Result<void, Problem>();
}

void Accounts::end_others(const ActorId& actor, const std::string& key) {
    void_tickets(actor);
    std::vector<std::string> others;
    for (const auto& [other, session] : credentials_.sessions_of(actor))
        if (other != key)
            others.push_back(other);
    end(std::move(others));
}

Answer<Accounts::SecondFactorOffer> Accounts::begin_second_factor(ActorId actor, std::string password,
                                                                  std::string code) {
    auto own = co_await check_own_password(actor, std::move(password));
    if (!own)
        co_return std::unexpected(own.error());
    if (auto known = check_own_code(actor, code); !known)
        co_return std::unexpected(known.error());
    const std::string secret = random_bytes(totp_secret_bytes);
    pending_factors_.insert_or_assign(actor, PendingFactor{secret, now_ms() + pending_lasts_ms});
    co_return SecondFactorOffer{base32(secret), totp_uri(secret, "Mosty", own->email)};
}

Answer<std::vector<std::string>> Accounts::confirm_second_factor(ActorId actor, std::string code) {
    const auto pending = pending_factors_.find(actor);
    if (pending == pending_factors_.end() || pending->second.until_ms <= now_ms())
        co_return std::unexpected(
            Problem{"wrong_status", "This took too long. Begin again.", "code", {{"status", "over"}}});
    const Attempt attempt{"2/" + actor.text(), {}};
    if (auto wait = begin_attempt(attempt))
        co_return std::unexpected(std::move(*wait));
    const std::string secret = pending->second.secret;
    const auto step = totp_step_of(secret, code, now_ms(), 0);
    if (!step)
        co_return std::unexpected(
            Problem{"code_refused", "This code is not right. Look whether the clocks agree.", "code", {}});
    attempt_succeeded(attempt);
    pending_factors_.erase(pending);
    if (auto recorded = co_await record(actor, actor, "set_second_factor", "{}"); !recorded)
        co_return std::unexpected(recorded.error());
    const auto before = credentials_.account(actor);
    if (!before)
        co_return std::unexpected(no_password);
    Account account = *before;
    account.second_factor = credentials_.vault().seal(secret, "second factor of " + actor.text());
    account.last_step = *step;
    account.recovery.clear();
    std::vector<std::string> codes;
    for (std::size_t i = 0; i < recovery_codes; ++i) {
        const std::string one = new_recovery_code();
        account.recovery.push_back(recovery_mark(actor, one));
        codes.push_back(one.substr(0, 5) + '-' + one.substr(5));
    }
    credentials_.put(account, before);
    void_tickets(actor);
    co_return codes;
}

Answer<void> Accounts::remove_second_factor(ActorId actor, std::string password, std::string code) {
    auto own = co_await check_own_password(actor, std::move(password));
    if (!own)
        co_return std::unexpected(own.error());
    if (own->second_factor.empty())
        co_return Result<void, Problem>();
    if (auto known = check_own_code(actor, code); !known)
        co_return std::unexpected(known.error());
    if (auto recorded = co_await record(actor, actor, "remove_second_factor", "{}"); !recorded)
        co_return std::unexpected(recorded.error());
    const auto before = credentials_.account(actor);
    if (!before)
        co_return std::unexpected(no_password);
    Account account = *before;
    account.second_factor.clear();
    account.recovery.clear();
    credentials_.put(account, before);
    void_tickets(actor);
    co_return Result<void, Problem>();
}

Credentials::Keyed<Token> Accounts::tokens_of(const ActorId& actor) const {
    return credentials_.tokens_of(actor);
}

Answer<Accounts::NewToken> Accounts::make_token(ActorId actor, std::string key, std::string current,
                                                std::string name, std::vector<person::Scope> scope,
                                                PartialDate until) {
    const std::int64_t until_ms = until.is_full() ? end_of_day_ms(until) : 0;
    if (until_ms <= now_ms() || until_ms > now_ms() + token_lasts_max_ms)
        co_return std::unexpected(
            Problem{"invalid_field", "until: choose a day within a year from now.", "until", {}});
    if (auto own = co_await check_own_hand(actor, std::move(key), std::move(current)); !own)
        co_return std::unexpected(own.error());
    if (credentials_.tokens_of(actor).size() >= settings_.tokens_max)
        co_return std::unexpected(Problem{
            "too_many",
            fmt::format("{} tokens are the most. Revoke one that is not needed.", settings_.tokens_max),
            {},
            {{"max", std::to_string(settings_.tokens_max)}}});
    Token token{.actor = actor,
                .id = person::TokenId(sequencing::random_id("to-", entropy_)),
                .name = std::move(name),
                .scope = std::move(scope),
                .made_ms = now_ms(),
                .until_ms = until_ms};
    std::string data = "{";
    realtime::append_member(data, "token", token.id.text());
    realtime::append_member(data, "name", token.name);
    data += ",\"scope\":[";
    for (const person::Scope one : token.scope)
        data += fmt::format("{}\"{}\"", data.back() == '[' ? "" : ",", to_string(one));
    data += ']';
    realtime::append_member(data, "until", to_string(until));
    if (auto recorded = co_await record(actor, actor, "make_token", data + '}'); !recorded)
        co_return std::unexpected(recorded.error());
    const std::string secret = credentials_.add(token);
    co_return NewToken{secret, std::move(token)};
}

Answer<void> Accounts::revoke_token(ActorId actor, std::string id) {
    for (const auto& [key, token] : credentials_.tokens_of(actor))
        if (token.id.text() == id) {
            end({key});
            co_return co_await record_revocation(actor, token.id);
        }
    co_return std::unexpected(Problem{"not_found", "There is no such token.", {}, {}});
}

Answer<void> Accounts::record_revocation(ActorId actor, person::TokenId token) {
    std::string data = "{";
    realtime::append_member(data, "token", token.text());
    co_return co_await record(actor, actor, "revoke_token", data + '}');
}

} // namespace mosty::accounts
