#include "tests/bench/histogram.hpp"
#include "tests/bench/options.hpp"
#include "tests/bench/poll.hpp"

#include <fmt/format.h>

#include <array>
#include <libpq-fe.h>
#include <memory>
#include <random>
#include <string>
#include <vector>

// The same commands against PostgreSQL, one in flight a connection; postgres.sql says what each does.
//   bench_postgres --conninfo TEXT [--clients N] [--proposals N] [--entry-bytes N] [--view-bytes N]
//   [--seconds S]
namespace mosty::bench {
namespace {

constexpr std::int64_t second = 1'000'000'000;

struct EndConnection {
    void operator()(PGconn* connection) const { PQfinish(connection); }
};
using Connection = std::unique_ptr<PGconn, EndConnection>;

struct ClearResult {
    void operator()(PGresult* result) const { PQclear(result); }
};
using Answer = std::unique_ptr<PGresult, ClearResult>;

Connection connect(const std::string& conninfo) {
    Connection connection(PQconnectdb(conninfo.c_str()));
    if (PQstatus(connection.get()) != CONNECTION_OK)
        give_up("{}", PQerrorMessage(connection.get()));
    return connection;
}

void check(const Answer& answer) {
    const auto status = PQresultStatus(answer.get());
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK)
        give_up("{}", PQresultErrorMessage(answer.get()));
}

constexpr int partnerships = 30; // as in the demo

// Proposals whose views are as long as ours.
void prepare(PGconn* connection, std::int64_t proposals, std::int64_t view_bytes) {
    const std::string statement =
        fmt::format("insert into proposals select 'proposal/bench-' || n, 'ua_' || n % {0}, 'eu_' || n % "
                    "{0}, 0, jsonb_build_object("
                    "'title', 'Safe water for two towns', 'status', 'draft', 'summary', repeat('x', {1})) "
                    "from generate_series(0, {2}) n on conflict do nothing",
                    partnerships, view_bytes, proposals - 1);
    check(Answer(PQexec(connection, statement.c_str())));
}

// A town's dashboard, on this bank and the other in turn.
class Listener {
public:
    Listener(const std::string& conninfo, std::size_t number) : connection_(connect(conninfo)) {
        const std::string statement =
            fmt::format("listen {}_{}", number % 2 == 0 ? "ua" : "eu", number % partnerships);
        check(Answer(PQexec(connection_.get(), statement.c_str())));
    }

    int descriptor() const { return PQsocket(connection_.get()); }

    // How many changes it was told.
    std::uint64_t read() {
        if (PQconsumeInput(connection_.get()) != 1)
            give_up("{}", PQerrorMessage(connection_.get()));
        std::uint64_t told = 0;
        while (PGnotify* const change = PQnotifies(connection_.get())) {
            PQfreemem(change);
            ++told;
        }
        return told;
    }

private:
    Connection connection_;
};

class Client {
public:
    Client(const std::string& conninfo, std::size_t number, std::int64_t proposals, std::size_t entry_bytes,
           bool tells)
        : connection_(connect(conninfo)), name_(fmt::format("{:08x}-{}", std::random_device{}(), number)),
          proposals_(proposals), entry_(entry_bytes, 'e'), random_(static_cast<unsigned>(number) + 1) {
        check(Answer(PQprepare(connection_.get(), "edit",
                               tells ? "select edit_proposal_and_tell($1, $2, $3, $4)"
                                     : "select edit_proposal($1, $2, $3, $4)",
                               4, nullptr)));
        PQsetnonblocking(connection_.get(), 1);
    }

    int descriptor() const { return PQsocket(connection_.get()); }

    // Of the process that serves this connection.
    double server_cpu_seconds() const { return cpu_seconds(PQbackendPID(connection_.get())); }

    void send() {
        const std::string stream =
            fmt::format("proposal/bench-{}", static_cast<std::int64_t>(random_()) % proposals_);
        const std::string command = fmt::format("{}-{}", name_, next_);
        const std::string title = fmt::format(
            "Safe water for two towns: renewal of the pumping station, draft {} of {}", next_++, name_);
        const std::array values{stream.c_str(), command.c_str(), entry_.c_str(), title.c_str()};
        const std::array lengths{0, 0, static_cast<int>(entry_.size()), 0};
        const std::array formats{0, 0, 1, 0};
        sent_at_ = now_ns();
        if (PQsendQueryPrepared(connection_.get(), "edit", 4, values.data(), lengths.data(), formats.data(),
                                1) != 1)
            give_up("{}", PQerrorMessage(connection_.get()));
        PQflush(connection_.get());
    }

    // Whether the answer has come, whole.
    bool read(Histogram& latencies) {
        if (PQconsumeInput(connection_.get()) != 1)
            give_up("{}", PQerrorMessage(connection_.get()));
        if (PQisBusy(connection_.get()))
            return false;
        while (const Answer answer{PQgetResult(connection_.get())})
            check(answer);
        latencies.record(now_ns() - sent_at_);
        return true;
    }

private:
    Connection connection_;
    const std::string name_;
    const std::int64_t proposals_;
    const std::string entry_;
    std::minstd_rand random_;
    std::uint64_t next_ = 0;
    std::int64_t sent_at_ = 0;
};

void measure(const Options& options) {
    const std::string conninfo = options.text("conninfo");
    const std::int64_t proposals = options.number("proposals", 1'000);
    prepare(connect(conninfo).get(), proposals, options.number("view-bytes", 1'500));
    Poll poll;
    const auto listener_count = static_cast<std::size_t>(options.number("listeners", 0));
    std::vector<std::unique_ptr<Client>> clients;
    for (std::size_t i = 0; i < static_cast<std::size_t>(options.number("clients", 64)); ++i) {
        clients.push_back(std::make_unique<Client>(
            conninfo, i, proposals, static_cast<std::size_t>(options.number("entry-bytes", 500)),
            listener_count != 0));
        poll.add(clients.back()->descriptor(), i);
    }
    std::vector<std::unique_ptr<Listener>> listeners;
    for (std::size_t i = 0; i < listener_count; ++i) {
        listeners.push_back(std::make_unique<Listener>(conninfo, i));
        poll.add(listeners.back()->descriptor(), clients.size() + i);
    }
    Histogram latencies;
    std::uint64_t told = 0;
    const auto turn_until = [&](std::int64_t end) {
        while (now_ns() < end)
            for (const auto& event : poll.wait(100)) {
                if (event.data.u64 >= clients.size())
                    told += listeners[event.data.u64 - clients.size()]->read();
                else if (clients[event.data.u64]->read(latencies))
                    clients[event.data.u64]->send();
            }
    };
    for (const auto& client : clients)
        client->send();
    turn_until(now_ns() + second); // warms up
    latencies = {};
    told = 0;
    const auto server_cpu = [&] {
        double sum = 0;
        for (const auto& client : clients)
            sum += client->server_cpu_seconds();
        return sum;
    };
    const double cpu_before = server_cpu();
    const std::int64_t begin = now_ns();
    turn_until(begin + static_cast<std::int64_t>(options.seconds(5) * second));
    const double elapsed = static_cast<double>(now_ns() - begin) / second;
    const auto answered = static_cast<double>(latencies.total());
    print_figure("commands_per_s", answered / elapsed);
    print_figure("server_cpu_us_a_command", 1e6 * (server_cpu() - cpu_before) / answered);
    print_figure("changes_told_per_s", static_cast<double>(told) / elapsed);
    print_latencies(latencies);
}

} // namespace
} // namespace mosty::bench

int main(int argc, char** argv) {
    mosty::bench::measure(mosty::bench::Options(argc, argv, 1));
}
