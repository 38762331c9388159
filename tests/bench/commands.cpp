#include "tests/bench/editor.hpp"
#include "tests/bench/load.hpp"
#include "tests/bench/metrics_page.hpp"
#include "tests/bench/poll.hpp"
#include "tests/bench/programme.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <random>
#include <vector>

namespace mosty::bench {
namespace {

constexpr std::size_t commands_a_message_max = 64;
constexpr std::int64_t second = 1'000'000'000;

// An open page of a municipality's officer: follows what the pages follow, reads all of it.
class Dashboard {
public:
    Dashboard(std::uint16_t port, std::string_view cookie, const std::string& municipality)
        : socket_(port, cookie) {
        std::string message;
        for (const std::string& topic :
             {std::string{"directory"}, std::string{"towns"}, std::string{"programme"},
              "partnerships/" + municipality, "visits/" + municipality, "proposals/" + municipality,
              "feed/" + municipality}) {
            message += message.empty() ? '[' : ',';
            message += fmt::format(R"({{"type":"follow","topic":"{}","limit":{}}})", topic,
                                   topic.starts_with("feed/") ? 100 : 500);
            ++topics_;
        }
        socket_.say(message + ']');
        socket_.flush();
    }

    WebSocketClient& socket() { return socket_; }

    void read() {
        socket_.read([&](std::string_view message) {
            bytes_ += message.size();
            for_each_frame(message, [&](const FrameText& frame) {
                if (frame.type == "patch" || frame.type == "rows")
                    ++changes_;
                else if (frame.type == "current")
                    ++current_;
                else if (frame.type == "resync")
                    ++resyncs_;
                else if (frame.type == "error")
                    give_up("a dashboard is told: {}", frame.rest);
                else if (frame.type == "pong")
                    size_ = number_after(frame.rest, "\"size\":");
            });
        });
    }

    // The answer comes behind all that was to be told before, and says how far that goes.
    void ask_for_size() {
        socket_.say(R"({"type":"ping"})");
        socket_.flush();
    }

    bool is_current() const { return current_ >= topics_; }
    std::uint64_t size() const { return size_; }
    std::uint64_t changes() const { return changes_; }
    std::uint64_t resyncs() const { return resyncs_; }
    std::uint64_t bytes() const { return bytes_; }

private:
    WebSocketClient socket_;
    std::size_t topics_ = 0;
    std::size_t current_ = 0;
    std::uint64_t size_ = 0;
    std::uint64_t changes_ = 0;
    std::uint64_t resyncs_ = 0;
    std::uint64_t bytes_ = 0;
};

// Edits proposals of its partnership at random, `window` commands under way.
class Client {
public:
    Client(Programme& programme, const std::string& actor, const std::string& name,
           std::vector<std::string> streams, std::size_t window)
        : editor_(programme.port(), programme.cookie_of(actor), name), name_(name),
          streams_(std::move(streams)), window_(window), random_(std::hash<std::string>{}(name)) {}

    Editor& editor() { return editor_; }

    void fill_window() {
        while (editor_.under_way() < window_) {
            const std::size_t count = std::min(window_ - editor_.under_way(), commands_a_message_max);
            for (std::size_t i = 0; i < count; ++i)
                editor_.add(streams_[random_() % streams_.size()], "edit_proposal",
                            fmt::format(R"({{"title":"{}"}})", fresh_title(name_, editor_.sent() + i)));
            editor_.send();
        }
    }

private:
    Editor editor_;
    const std::string name_;
    const std::vector<std::string> streams_;
    const std::size_t window_;
    std::minstd_rand random_;
};

class Measurement {
public:
    explicit Measurement(const Options& options)
        : programme_(static_cast<std::uint16_t>(options.number("port", 0))),
          server_(static_cast<pid_t>(options.number("pid", 0))), seconds_(options.seconds(5)) {
        const auto proposals = static_cast<std::size_t>(options.number("proposals", 1'000));
        const auto clients = static_cast<std::size_t>(options.number("clients", 64));
        const auto window = static_cast<std::size_t>(options.number("window", 1));
        const std::size_t partnerships = programme_.partnerships().size();
        const std::string run = run_name();
        for (std::size_t i = 0; i < clients; ++i) {
            std::vector<std::string> streams;
            for (std::size_t proposal = i % partnerships; proposal < proposals; proposal += partnerships)
                streams.push_back(Programme::proposal_stream(proposal));
            const Partnership& partnership = programme_.partnership_of(i);
            const bool of_ua = i / partnerships % 2 == 0;
            clients_.push_back(
                std::make_unique<Client>(programme_, of_ua ? partnership.ua_officer : partnership.eu_officer,
                                         fmt::format("{}-{}", run, i), std::move(streams), window));
            poll_.add(clients_.back()->editor().socket().descriptor(), i);
        }
        open_dashboards(static_cast<std::size_t>(options.number("dashboards", 20)));
    }

    void run() {
        const MetricsPage before(programme_.port());
        for (const auto& client : clients_)
            client->fill_window();
        turn_until(now_ns() + second); // warms up

        latencies_ = {};
        const std::uint64_t changes_before = sum(&Dashboard::changes);
        const double server_before = cpu_seconds(server_);
        const double own_before = cpu_seconds();
        const std::int64_t begin = now_ns();
        turn_until(begin + static_cast<std::int64_t>(seconds_ * second));
        const double elapsed = static_cast<double>(now_ns() - begin) / second;
        const double server_cpu = cpu_seconds(server_) - server_before;
        const double own_cpu = cpu_seconds() - own_before;
        const auto answered = static_cast<double>(latencies_.total());
        const auto changes = static_cast<double>(sum(&Dashboard::changes) - changes_before);
        const Histogram latencies = latencies_;

        const double behind = finish();
        const MetricsPage after(programme_.port());
        const auto grown = [&](std::string_view name) { return after.value(name) - before.value(name); };

        print_figure("commands_per_s", answered / elapsed);
        print_latencies(latencies);
        print_figure("entries_a_batch",
                     grown("mosty_entries_appended_total") / grown("mosty_batches_appended_total"));
        print_figure("append_ms",
                     1e3 * grown("mosty_append_seconds_sum") / grown("mosty_append_seconds_count"));
        print_figure("server_cpu_us_a_command", 1e6 * server_cpu / answered);
        print_figure("server_cores", server_cpu / elapsed);
        print_figure("generator_cores", own_cpu / elapsed);
        print_figure("changes_to_dashboards_per_s", changes / elapsed);
        print_figure("dashboard_bytes_a_change", static_cast<double>(sum(&Dashboard::bytes)) /
                                                     static_cast<double>(sum(&Dashboard::changes)));
        print_figure("resyncs", static_cast<double>(sum(&Dashboard::resyncs)));
        print_figure("dashboards_behind_ms", 1e3 * behind);
    }

private:
    // One for each of many towns, on this bank and the other in turn.
    void open_dashboards(std::size_t count) {
        for (std::size_t i = 0; i < count; ++i) {
            const Partnership& partnership = programme_.partnership_of(i);
            const bool of_ua = i % 2 == 0;
            dashboards_.push_back(std::make_unique<Dashboard>(
                programme_.port(),
                programme_.cookie_of(of_ua ? partnership.ua_officer : partnership.eu_officer),
                of_ua ? partnership.ua : partnership.eu));
            poll_.add(dashboards_.back()->socket().descriptor(), clients_.size() + i);
        }
        const std::int64_t deadline = now_ns() + 10 * second;
        while (!std::ranges::all_of(dashboards_,
                                    [](const auto& dashboard) { return dashboard->is_current(); })) {
            if (now_ns() > deadline)
                give_up("the dashboards do not get what they follow");
            turn(false);
        }
    }

    void turn_until(std::int64_t end) {
        while (now_ns() < end)
            turn(true);
    }

    // Reads what has come; whoever has got an answer sends again.
    void turn(bool sends) {
        for (const auto& event : poll_.wait(100)) {
            if (event.data.u64 >= clients_.size()) {
                dashboards_[event.data.u64 - clients_.size()]->read();
                continue;
            }
            Client& client = *clients_[event.data.u64];
            client.editor().read(latencies_);
            if (sends)
                client.fill_window();
            else
                client.editor().socket().flush();
        }
    }

    // Waits for every answer, then until every dashboard shows the last event. Answers how much later.
    double finish() {
        const std::int64_t deadline = now_ns() + 30 * second;
        const auto wait_for = [&](const char* what, auto&& reached) {
            while (!reached()) {
                if (now_ns() > deadline)
                    give_up("{} have not come within 30 s", what);
                turn(false);
            }
        };
        wait_for("answers", [&] {
            return std::ranges::all_of(clients_,
                                       [](const auto& client) { return client->editor().under_way() == 0; });
        });
        const std::int64_t answered = now_ns();
        std::uint64_t size = 0;
        for (const auto& client : clients_)
            size = std::max(size, client->editor().last_size());
        for (const auto& dashboard : dashboards_)
            dashboard->ask_for_size();
        wait_for("changes", [&] {
            return std::ranges::all_of(dashboards_,
                                       [&](const auto& dashboard) { return dashboard->size() >= size; });
        });
        return static_cast<double>(now_ns() - answered) / second;
    }

    std::uint64_t sum(std::uint64_t (Dashboard::*figure)() const) const {
        std::uint64_t total = 0;
        for (const auto& dashboard : dashboards_)
            total += ((*dashboard).*figure)();
        return total;
    }

    Programme programme_;
    const pid_t server_;
    const double seconds_;
    Poll poll_;
    std::vector<std::unique_ptr<Client>> clients_;
    std::vector<std::unique_ptr<Dashboard>> dashboards_;
    Histogram latencies_;
};

} // namespace

void measure_commands(const Options& options) {
    Measurement(options).run();
}

} // namespace mosty::bench
