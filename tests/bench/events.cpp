#include "tests/bench/load.hpp"
#include "tests/bench/metrics_page.hpp"
#include "tests/bench/programme.hpp"
#include "tests/bench/websocket_client.hpp"

#include <array>
#include <cstring>
#include <string>
#include <sys/socket.h>

namespace mosty::bench {
namespace {

constexpr std::int64_t second = 1'000'000'000;

struct Taken {
    std::uint64_t events = 0;
    std::uint64_t bytes = 0;
};

// Reads all that the server has to say, chunks and all, and counts the lines that end an event: those of the
// header and of the chunks end in "\r\n", which no entry does.
Taken take_all(std::uint16_t port, const std::string& cookie, const std::string& query) {
    const Socket socket = connect_to(port);
    const std::string request = fmt::format(
        "GET /v1/events?{} HTTP/1.1\r\nHost: localhost\r\nAccept: application/x-ndjson\r\nCookie: {}\r\n\r\n",
        query, cookie);
    if (::send(socket.descriptor(), request.data(), request.size(), 0) !=
        static_cast<ssize_t>(request.size()))
        give_up("the request was not taken");
    static std::array<char, 1 << 20> buffer;
    Taken taken;
    char before = ' '; // the last byte of what was read before
    std::string end;
    for (;;) {
        const ssize_t got = ::recv(socket.descriptor(), buffer.data(), buffer.size(), 0);
        if (got < 0)
            give_up("reading events: {}", std::strerror(errno));
        if (got == 0)
            break;
        const char* const last = buffer.data() + got;
        for (const char* at = buffer.data();
             (at = static_cast<const char*>(std::memchr(at, '\n', static_cast<std::size_t>(last - at))));
             ++at)
            taken.events += (at == buffer.data() ? before : at[-1]) != '\r';
        before = last[-1];
        if (taken.bytes == 0 &&
            !std::string_view{buffer.data(), static_cast<std::size_t>(got)}.starts_with("HTTP/1.1 200"))
            give_up("events were refused: {}",
                    std::string_view{buffer.data(), static_cast<std::size_t>(got)});
        taken.bytes += static_cast<std::uint64_t>(got);
        end.append(last - std::min<ssize_t>(got, 5), last);
        end.erase(0, end.size() - std::min<std::size_t>(end.size(), 5));
    }
    if (end != "0\r\n\r\n")
        give_up("the events ended before their end");
    return taken;
}

} // namespace

void measure_events(const Options& options) {
    Programme programme(static_cast<std::uint16_t>(options.number("port", 0)));
    const auto server = static_cast<pid_t>(options.number("pid", 0));
    const std::string query = options.text("query");
    const std::string& cookie = programme.cookie_of(programme.auditor());
    const auto size = static_cast<std::uint64_t>(MetricsPage(programme.port()).value("mosty_log_size"));

    Taken taken;
    std::uint64_t rounds = 0;
    const double cpu_before = cpu_seconds(server);
    const std::int64_t begin = now_ns();
    do {
        const Taken once = take_all(programme.port(), cookie, query);
        if (query.empty() && once.events != size)
            give_up("{} of {} events came", once.events, size);
        taken.events += once.events;
        taken.bytes += once.bytes;
        ++rounds;
    } while (now_ns() - begin < static_cast<std::int64_t>(options.seconds(5) * second));
    const double elapsed = static_cast<double>(now_ns() - begin) / second;
    const auto looked_at = static_cast<double>(size * rounds);
    print_figure("size", static_cast<double>(size));
    print_figure("events_per_s", static_cast<double>(taken.events) / elapsed);
    print_figure("looked_at_per_s", looked_at / elapsed);
    print_figure("megabytes_per_s", static_cast<double>(taken.bytes) / 1e6 / elapsed);
    print_figure("server_cpu_us_an_entry", 1e6 * (cpu_seconds(server) - cpu_before) / looked_at);
}

} // namespace mosty::bench
