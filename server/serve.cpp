#include "server/serve.hpp"

#include "server/access/client_ids.hpp"
#include "server/access/directory.hpp"
#include "server/access/guarded_file.hpp"
#include "server/accounts/accounts.hpp"
#include "server/audit/keeper.hpp"
#include "server/audit/publisher.hpp"
#include "server/core/core.hpp"
#include "server/core/inline_door.hpp"
#include "server/core/open_folder.hpp"
#include "server/demo/load.hpp"
#include "server/hang_ups.hpp"
#include "server/http/assets.hpp"
#include "server/http/audit_routes.hpp"
#include "server/http/gate.hpp"
#include "server/http/site.hpp"
#include "server/limits/account_allowances.hpp"
#include "server/local/door.hpp"
#include "server/logging.hpp"
#include "server/net/listener.hpp"
#include "server/net/openid_ask.hpp"
#include "server/net/tls_context.hpp"
#include "server/net/witness_post.hpp"
#include "server/version.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <fmt/chrono.h>
#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <functional>
#include <future>
#include <memory>
#include <optional>
#include <string>
#include <sys/stat.h>
#include <thread>
#include <vector>

namespace mosty {
namespace asio = boost::asio;
namespace {

constexpr int exit_fault = 3;
constexpr std::chrono::seconds farewell_max{5};
constexpr std::chrono::milliseconds answers_on_their_way{100};

audit::Publisher::Options publishing_of(const Settings& settings) {
    audit::Publisher::Options options;
    for (const WitnessSetting& witness : settings.witnesses)
        options.witnesses.push_back(
            audit::VerifierKey::parse(witness.key).value()); // the settings were judged
    options.quorum = settings.witness_quorum;
    return options;
}

// A context and the one thread that runs it.
class ContextThread {
public:
    ContextThread() : guard_(context_.get_executor()) {}
    ~ContextThread() { join(); }

    asio::io_context& context() { return context_; }
    void start() {
        thread_ = std::thread([this] { context_.run(); });
    }
    void join() {
        guard_.reset();
        if (thread_.joinable())
            thread_.join();
    }
    void stop() { context_.stop(); }

private:
    asio::io_context context_{1};
    asio::executor_work_guard<asio::io_context::executor_type> guard_;
    std::thread thread_;
};

// Those that connections live on. Whatever waits elsewhere for an answer to one of them hands its coroutine
// back to the context it came from when it is dropped, so these contexts go after all others, and the one
// that the acceptor belongs to, which each connection keeps, goes last.
class IoThreads {
public:
    explicit IoThreads(std::size_t count) {
        for (std::size_t i = 0; i < count; ++i)
            threads_.push_back(std::make_unique<ContextThread>());
    }
    IoThreads(const IoThreads&) = delete;
    IoThreads& operator=(const IoThreads&) = delete;
    ~IoThreads() {
        while (!threads_.empty())
            threads_.pop_back();
    }

    std::vector<asio::io_context*> contexts() {
        std::vector<asio::io_context*> contexts;
        for (const auto& thread : threads_)
            contexts.push_back(&thread->context());
        return contexts;
    }
    void start() {
        for (const auto& thread : threads_)
            thread->start();
    }
    void end() {
        for (const auto& thread : threads_)
            thread->stop();
        for (const auto& thread : threads_)
            thread->join();
    }

private:
    std::vector<std::unique_ptr<ContextThread>> threads_;
};

std::string day_of(std::chrono::sys_seconds time) {
    return fmt::format("{:%Y-%m-%d %H:%M} UTC", fmt::gmtime(std::chrono::system_clock::to_time_t(time)));
}

// Reads the certificate again; connections that are open keep theirs, and so do all when it is a bad one.
void renew_certificate(const Settings& settings, net::Listener& listener) {
    auto tls = net::load_server_tls(settings.tls_certificate, settings.tls_key);
    if (tls && tls->valid_until <= std::chrono::system_clock::now())
        tls = std::unexpected(fmt::format("it ran out at {}", day_of(tls->valid_until)));
    if (!tls)
        return spdlog::error("the certificate stays as it was: {}", tls.error());
    listener.use(std::move(tls->context));
    spdlog::info("a new certificate is in use, valid until {}", day_of(tls->valid_until));
}

// Returns when somebody asks the process to stop, or stops the context; answers whether it was the former.
bool await_stop(asio::io_context& context, const Settings& settings, net::Listener& listener,
                HangUps& hang_ups) {
    asio::signal_set signals(context, SIGTERM, SIGINT, SIGHUP);
    const auto renew = [&] {
        if (hang_ups.take() && !settings.tls_certificate.empty())
            renew_certificate(settings, listener);
    };
    renew();
    bool is_asked = false;
    std::function<void()> await_next = [&] {
        signals.async_wait([&](const boost::system::error_code& error, int signal) {
            if (error)
                return;
            if (signal != SIGHUP) {
                is_asked = true;
                return context.stop();
            }
            renew();
            await_next();
        });
    };
    await_next();
    context.run();
    return is_asked;
}

[[noreturn]] void leave_after_fault(const std::string& reason) {
    spdlog::critical("stopping at once: {}; a restart recovers", reason);
    spdlog::shutdown();
    std::_Exit(exit_fault);
}

// Where people find the server: as the settings say, or where it listens.
std::string origin_of(const Settings& settings, std::uint16_t port) {
    return settings.origins.empty() ? http::address_of(settings, port) : settings.origins.front();
}

// Inviting on the word of somebody at the data folder.
local::Door::Invite inviting(accounts::Accounts& accounts, std::string origin) {
    return [&accounts, origin = std::move(origin)](std::string invitee, local::Door::Invited invited) {
        accounts.invite_by_service(std::move(invitee), [origin, invited = std::move(invited)](
                                                           Result<std::string, std::string> secret) mutable {
            invited(secret ? Result<std::string, std::string>(origin + "/join#" + *secret) : secret);
        });
    };
}

// Organisations' own providers, with the secrets that they gave us.
Result<std::vector<std::unique_ptr<openid::Provider>>, std::string>
providers_of(const Settings& settings, asio::io_context& context, net::OpenIdAsks& asks) {
    std::vector<std::unique_ptr<openid::Provider>> providers;
    for (const OpenIdSetting& setting : settings.openid) {
        auto tls = net::load_client_tls(setting.authorities.empty() ? settings.tls_authorities
                                                                    : setting.authorities);
        if (!tls)
            return std::unexpected(tls.error());
        auto secret = setting.client_secret_file.empty()
                          ? Result<std::string, std::string>(std::string())
                          : access::read_secret_file(setting.client_secret_file);
        if (!secret)
            return std::unexpected(secret.error());
        secret->resize(secret->find_last_not_of("\r\n ") + 1);
        if (secret->empty() && !setting.client_secret_file.empty())
            return std::unexpected(setting.client_secret_file.string() + " is empty");
        providers.push_back(
            std::make_unique<openid::Provider>(context.get_executor(), setting, std::move(*secret),
                                               asks.through(std::move(*tls)), openid::Clock::system()));
    }
    return providers;
}

int refuse(const std::string& reason) {
    spdlog::critical("cannot start: {}", reason);
    return 1;
}

// How a life of the server ended: with the code to leave with, or because what was derived must be made anew.
struct Ended {
    int code = 0;
    bool begins_again = false;
};

// One life: from opening the folder to closing it. `settings` keeps the port that was given to it.
Ended serve_once(Settings& settings, HangUps& hang_ups, bool is_first) {
    const auto refuse_to_start = [](const std::string& reason) { return Ended{refuse(reason)}; };
    auto folder = core::open_folder(
        settings.data, {.documents_cached_max = settings.views_max,
                        .master_key_file = settings.master_key_file,
                        .progress = [](Size folded) { spdlog::info("views folded up to {}", folded); }});
    if (!folder)
        return refuse_to_start(fmt::format("{}: {}", name_of(folder.error().code), folder.error().sentence));
    // Before anything is added: a log that lost what was signed must not grow.
    auto keeper = audit::CheckpointKeeper::open(
        settings.data, *folder->stored,
        settings.origin.empty() ? audit::default_origin(folder->log->log_id()) : settings.origin);
    if (!keeper)
        return refuse_to_start(fmt::format("{}: {}", name_of(keeper.error().code), keeper.error().sentence));
    if (settings.demo && !demo::is_of_demo(*folder->log))
        return refuse_to_start(
            "this folder was not begun as a demo, which lets in whoever is on this machine as anybody. Start "
            "it without --demo, or name another folder");
    if (settings.demo && folder->log->size() == 0) {
        core::InlineDoor door(*folder->log, *folder->views, *folder->projector);
        if (auto loaded = demo::load(door); !loaded)
            return refuse_to_start(loaded.error());
    }
    auto directory = access::Directory::load(*folder->log);
    if (!directory)
        return refuse_to_start(directory.error());
    const auto credentials =
        accounts::Credentials::open(settings.data, folder->credentials_key, settings.accounts);
    if (!credentials)
        return refuse_to_start(credentials.error());
    const auto client_ids = access::ClientIds::open(settings.data / "clients.key");
    if (!client_ids)
        return refuse_to_start(client_ids.error());
    const auto assets = http::Assets::load(settings.assets);
    if (!assets)
        return refuse_to_start(assets.error());
    const auto client_tls = net::load_client_tls(settings.tls_authorities);
    if (!client_tls)
        return refuse_to_start(client_tls.error());
    std::optional<net::ServerTls> tls;
    if (!settings.tls_certificate.empty()) {
        auto loaded = net::load_server_tls(settings.tls_certificate, settings.tls_key);
        if (!loaded)
            return refuse_to_start(loaded.error());
        tls = std::move(*loaded);
        if (tls->valid_until <= std::chrono::system_clock::now())
            spdlog::warn("the certificate ran out at {}; browsers will not take it",
                         day_of(tls->valid_until));
    }

    IoThreads io_threads(settings.io_threads);
    ContextThread core_thread;
    ContextThread storage_thread;
    ContextThread audit_thread;
    asio::thread_pool workers(settings.workers);
    const core::Core::Threads threads{core_thread.context(), storage_thread.context(), workers,
                                      io_threads.contexts()};

    ContextThread accounts_thread;
    net::OpenIdAsks asks(accounts_thread.context());
    auto providers = providers_of(settings, accounts_thread.context(), asks);
    if (!providers)
        return refuse_to_start(providers.error());
    asio::thread_pool hashers(1); // so many passwords are hashed at once

    core::Metrics metrics;
    core::Core core(threads, settings, *folder->log, *folder->views, *folder->projector,
                    std::move(*directory), metrics, leave_after_fault);
    auto publishing = publishing_of(settings);
    publishing.name_size = [&core](auto named) { core.note_views(std::move(named)); };
    if (const auto noted = folder->projector->note_views_hash(); !noted)
        return refuse_to_start(noted.error().reason);
    audit::Publisher publisher(
        audit_thread.context(), *folder->stored, std::move(*keeper), std::move(publishing),
        net::post_to_witnesses(audit_thread.context(), settings.witnesses, *client_tls), metrics,
        leave_after_fault);
    if (auto started = publisher.start(); !started)
        return refuse_to_start(started.error());
    core.on_growth([&publisher](Size size) { publisher.grown(size); });
    http::AuditRoutes audit_routes(core, *folder->log, publisher, workers);
    accounts::Accounts accounts(accounts_thread.context(), hashers, core, **credentials, settings.accounts);
    for (auto& provider : *providers)
        accounts.add_provider(std::move(provider));
    accounts.start();
    limits::AccountAllowances allowances(limits::Allowance::of_account(settings));
    http::Site site(core, metrics, accounts, *client_ids, *assets, audit_routes, allowances, settings.demo);
    net::Listener listener(threads, settings, core, metrics, site);
    const auto port = listener.open();
    if (!port)
        return refuse_to_start(port.error());
    site.put_gate(http::Gate(settings, *port));
    if (tls)
        listener.use(tls->context);
    local::Door door(core_thread.context(), core, inviting(accounts, origin_of(settings, *port)));
    if (auto opened = door.open(settings.data); !opened)
        return refuse_to_start(opened.error());

    asio::io_context end{1};
    std::atomic<bool> begins_again = false;
    asio::steady_timer answering(end);
    core.on_erasure([&] {
        if (!begins_again.exchange(true))
            asio::post(end, [&] {
                answering.expires_after(answers_on_their_way);
                answering.async_wait([&](auto) { end.stop(); });
            });
    });

    core_thread.start();
    storage_thread.start();
    accounts_thread.start();
    audit_thread.start();
    io_threads.start();
    listener.start();
    site.set_ready(true);
    const std::string address = http::address_of(settings, *port);
    spdlog::info("mosty {} serves {} entries at {}", version, folder->log->size(), address);
    settings.listen_port = *port; // whoever reconnects after an erasure finds us where we were
    if (is_first)
        fmt::print("Mosty is at {}\n", address);
    if (is_first && settings.demo)
        fmt::print("Open it and choose a person to sign in as, for example:\n{}", demo::who_to_sign_in_as());
    std::fflush(stdout);

    // Whoever asks for an end gets it, also between an erasure and the life that follows it.
    if (await_stop(end, settings, listener, hang_ups))
        begins_again = false;

    spdlog::info("{}", begins_again ? "something was erased, and what was derived from it is made anew"
                                    : "stopping");
    site.set_ready(false);
    listener.stop();
    door.stop();
    std::promise<void> stopped;
    core.stop([&stopped] { stopped.set_value(); });
    stopped.get_future().wait();
    // What accounts have under way ends while the core still answers.
    accounts.stop();
    asks.stop();
    hashers.join();
    accounts_thread.join();
    // Farewells are on their way; those who do not answer are not waited for.
    const auto deadline = std::chrono::steady_clock::now() + farewell_max;
    while (metrics.connections.Value() > 0 && std::chrono::steady_clock::now() < deadline)
        std::this_thread::sleep_for(std::chrono::milliseconds{20});
    io_threads.end();
    workers.join();
    core_thread.stop();
    core_thread.join();
    storage_thread.join();
    audit_thread.stop();
    audit_thread.join();
    publisher.stop();
    if (auto flushed = folder->views->flush(); !flushed)
        spdlog::warn("views not flushed: {}", flushed.error().reason);
    spdlog::info("stopped with {} entries", folder->log->size());
    return {0, begins_again};
}

} // namespace

int serve(const Settings& settings) {
    ::umask(S_IRWXG | S_IRWXO); // what is written is for its owner alone
    start_logging(settings.log_level);
    Settings kept = settings;
    HangUps hang_ups;
    Ended ended = serve_once(kept, hang_ups, true);
    while (ended.begins_again)
        ended = serve_once(kept, hang_ups, false);
    return ended.code;
}

} // namespace mosty
