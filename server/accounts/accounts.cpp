#include "server/accounts/accounts.hpp"

#include "server/accounts/passwords.hpp"
#include "server/core/service_command.hpp"
#include "server/realtime/frames.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <spdlog/spdlog.h>

#include <chrono>
#include <exception>

namespace mosty::accounts {
namespace asio = boost::asio;
namespace {

constexpr std::chrono::seconds sweep_pause{30};

std::int64_t system_now_ms() {
    using namespace std::chrono;
    return duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count();
}

PasswordCost cost_of(const AccountSettings& settings) {
    return {settings.password_memory_mib, settings.password_passes};
}

// Starts something with a callback that comes on another thread, and waits for it here.
template <class T, class Start>
asio::awaitable<T> called_back(Start start) {
    const auto executor = co_await asio::this_coro::executor;
    co_return co_await asio::async_initiate<const asio::use_awaitable_t<>, void(T)>(
        [executor](auto handler, Start begin) {
            begin([handler = std::move(handler), executor](T value) mutable {
                asio::post(executor, [handler = std::move(handler), value = std::move(value)]() mutable {
                    std::move(handler)(std::move(value));
                });
            });
        },
        asio::use_awaitable, std::move(start));
}

} // namespace

Accounts::Accounts(asio::io_context& context, asio::thread_pool& hashers, core::Core& core,
                   Credentials& credentials, const AccountSettings& settings)
    : context_(context), hashers_(hashers), core_(core), credentials_(credentials), settings_(settings),
      entropy_(sequencing::system_entropy()), dummy_hash_(hash_password(new_secret(), cost_of(settings))),
      accounts_throttle_(
          {.free_attempts = settings.account_attempts, .pause_max = settings.attempt_pause_max}),
      networks_throttle_(
          {.free_attempts = settings.network_attempts, .pause_max = settings.attempt_pause_max}),
      sweep_timer_(context) {}

void Accounts::add_provider(std::unique_ptr<openid::Provider> provider) {
    providers_.push_back(std::move(provider));
}

void Accounts::start() {
    core_.ask_credentials([this](const std::string& key) {
        try {
            return credentials_.ending(key, system_now_ms());
        } catch (const std::exception& failure) {
            spdlog::error("{}", failure.what());
            return std::optional(access::Ending::session_over); // nobody is let in whom nothing vouches for
        }
    });
    core_.on_person([this](const ActorId& actor, const person::Event& event) {
        if (std::holds_alternative<person::Left>(event) || std::holds_alternative<person::Erased>(event))
            asio::post(context_, [this, actor] { forget(actor); });
    });
    await_sweep();
}

void Accounts::stop() {
    asio::post(context_, [this] {
        stopping_ = true;
        sweep_timer_.cancel();
        keep_uses();
    });
}

std::int64_t Accounts::now_ms() const {
    return system_now_ms();
}

std::optional<access::SignIn> Accounts::session(std::string_view cookie) const {
    return credentials_.session(cookie, now_ms());
}

std::optional<access::Ending> Accounts::ending(std::string_view cookie) const {
    return credentials_.ending_of_cookie(cookie, now_ms());
}

std::optional<access::SignIn> Accounts::token(std::string_view token) const {
    return credentials_.token(token, now_ms());
}

Answer<void> Accounts::record(ActorId actor, ActorId person, std::string command, std::string data,
                              bool as_service) {
    auto wish = core::wish_of({.actor = actor.text(),
                               .id = sequencing::random_id("c-", entropy_),
                               .stream = "person/" + person.text(),
                               .name = std::move(command),
                               .data = std::move(data),
                               .at_ms = {}});
    if (!wish)
        co_return std::unexpected(std::move(wish.error()));
    wish->as_service = as_service;
    wish->vouched = true;
    auto answer =
        co_await called_back<sequencing::Answer>([this, wish = std::move(*wish)](auto callback) mutable {
            core_.command(std::move(wish), std::move(callback));
        });
    if (!std::holds_alternative<sequencing::Done>(answer.verdict))
        co_return std::unexpected(realtime::problem_of(answer.verdict));
    co_return Result<void, realtime::Problem>();
}

asio::awaitable<std::optional<core::Person>> Accounts::person(ActorId actor) {
    co_return co_await called_back<std::optional<core::Person>>(
        [this, actor = std::move(actor)](auto callback) mutable {
            core_.person(std::move(actor), std::move(callback));
        });
}

asio::awaitable<std::vector<core::Person>> Accounts::people() {
    co_return co_await called_back<std::vector<core::Person>>(
        [this](auto callback) { core_.people(std::move(callback)); });
}

asio::awaitable<std::string> Accounts::town_of(core::Person person) {
    const auto row = co_await called_back<std::optional<std::string>>(
        [this, id = MunicipalityId(person.profile.organisation.text())](auto callback) mutable {
            core_.municipality(std::move(id), std::move(callback));
        });
    co_return row.value_or(std::string());
}

void Accounts::end(std::vector<std::string> keys, access::Ending ending) {
    if (keys.empty())
        return;
    credentials_.end(keys, ending, now_ms());
    core_.end_credentials(std::move(keys), ending);
}

// Nothing lets this person in any more, nor what they have begun.
void Accounts::void_all_of(const ActorId& actor) {
    void_tickets(actor);
    pending_factors_.erase(actor);
    core_.end_credentials(credentials_.remove_all_of(actor, now_ms()), access::Ending::signed_out);
}

// Whoever has left may do nothing any more, whatever becomes of this: the log says so.
void Accounts::forget(const ActorId& actor) {
    try {
        credentials_.remove_invitations_of(actor);
        void_all_of(actor);
    } catch (const std::exception& failure) {
        spdlog::error("{}", failure.what());
    }
}

void Accounts::await_sweep() {
    if (stopping_)
        return;
    sweep_timer_.expires_after(sweep_pause);
    sweep_timer_.async_wait([this](boost::system::error_code error) {
        if (error)
            return;
        sweep();
        await_sweep();
    });
}

void Accounts::keep_uses() {
    try {
        credentials_.keep_uses();
    } catch (const std::exception& failure) {
        spdlog::error("{}", failure.what());
    }
}

// What has run out works no more by itself; here it is taken away.
void Accounts::sweep() {
    keep_uses();
    try {
        end(credentials_.run_out(now_ms()), access::Ending::session_over);
        credentials_.forget_ended(now_ms());
    } catch (const std::exception& failure) {
        spdlog::error("{}", failure.what());
    }
    pending_flows_.forget_old(now_ms());
    std::erase_if(tickets_, [&](const auto& one) { return one.second.until_ms <= now_ms(); });
    std::erase_if(pending_factors_, [&](const auto& one) { return one.second.until_ms <= now_ms(); });
}

} // namespace mosty::accounts
