#include "server/logging.hpp"
#include "server/net/request_server.hpp"
#include "server/tools/tools.hpp"
#include "server/witness/house.hpp"

#include <boost/asio/signal_set.hpp>
#include <fmt/format.h>

#include <chrono>
#include <cstdio>

namespace mosty::tools {

int run_witness(const config::Witness& task) {
    start_logging("info");
    auto house = witness::House::open(task.data, task.name, task.logs, [] {
        using namespace std::chrono;
        return duration_cast<seconds>(system_clock::now().time_since_epoch()).count();
    });
    if (!house) {
        fmt::print(stderr, "mosty witness: {}\n", house.error().sentence);
        return 1;
    }
    boost::asio::io_context context{1};
    net::RequestServer server(context, {},
                              [&](const http::Request& request) { return house->answer(request); });
    const auto port = server.open(task.listen_address, task.listen_port);
    if (!port) {
        fmt::print(stderr, "mosty witness: {}\n", port.error());
        return 1;
    }
    const bool is_v6 = task.listen_address.find(':') != std::string::npos;
    fmt::print("Witness {} is at http://{}:{}\nIts key: {}\n", task.name,
               is_v6 ? "[" + task.listen_address + "]" : task.listen_address, *port, house->key().text());
    std::fflush(stdout);

    boost::asio::signal_set signals(context, SIGTERM, SIGINT);
    signals.async_wait([&](auto, int) { context.stop(); });
    context.run();
    return 0;
}

} // namespace mosty::tools
