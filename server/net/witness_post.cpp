#include "server/net/witness_post.hpp"

#include "domain/base/invariant.hpp"
#include "server/net/http_client.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

#include <memory>
#include <utility>

namespace mosty::net {
namespace {

using Callback = std::move_only_function<void(audit::WitnessAnswer)>;

Awaitable<void> ask(std::shared_ptr<HttpClient> client, std::string body, Callback callback) {
    auto answer =
        co_await client->ask({"/add-checkpoint", std::move(body), "text/plain; charset=utf-8", {}, {}});
    if (answer)
        callback(
            audit::WitnessReply{answer->status, std::move(answer->content_type), std::move(answer->body)});
    else
        callback(std::unexpected(std::move(answer.error())));
}

} // namespace

audit::PostToWitness post_to_witnesses(asio::io_context& context,
                                       const std::vector<WitnessSetting>& witnesses, const TlsContext& tls) {
    std::vector<std::shared_ptr<HttpClient>> clients;
    for (const WitnessSetting& witness : witnesses) {
        auto url = parse_url(witness.url);
        MOSTY_INVARIANT(url.has_value(), "the settings were judged");
        clients.push_back(std::make_shared<HttpClient>(
            context, std::move(*url), tls,
            HttpClient::Limits{.body_bytes_max = audit::witness_reply_bytes_max}));
    }
    return [&context, clients = std::move(clients)](std::size_t witness, std::string body,
                                                    Callback callback) {
        asio::co_spawn(context, ask(clients[witness], std::move(body), std::move(callback)), asio::detached);
    };
}

} // namespace mosty::net
