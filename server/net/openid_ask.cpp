#include "server/net/openid_ask.hpp"

#include "server/net/http_client.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <chrono>
#include <utility>

namespace mosty::net {
namespace {

constexpr HttpClient::Limits limits{.timeout = std::chrono::seconds{10}, .body_bytes_max = 256 * 1024};

Awaitable<Result<HttpAnswer, std::string>> ask_once(std::shared_ptr<HttpClient> client,
                                                    HttpQuestion question) {
    co_return co_await client->ask(std::move(question));
}

} // namespace

openid::Ask OpenIdAsks::through(TlsContext tls) {
    return [this, tls = std::move(tls)](openid::Question question) { return ask(tls, std::move(question)); };
}

void OpenIdAsks::stop() {
    asio::post(context_, [this] {
        is_stopped_ = true;
        for (const auto& one : asking_)
            if (const auto client = one.lock())
                client->cancel();
    });
}

asio::awaitable<Result<openid::Reply, std::string>> OpenIdAsks::ask(TlsContext tls,
                                                                    openid::Question question) {
    if (is_stopped_)
        co_return std::unexpected("the server stops");
    auto client = std::make_shared<HttpClient>(context_, question.to.server, std::move(tls), limits);
    std::erase_if(asking_, [](const auto& one) { return one.expired(); });
    asking_.push_back(client);
    HttpQuestion wanted{.target = question.to.target,
                        .body = std::move(question.form),
                        .content_type = {},
                        .accept = "application/json",
                        .authorization = std::move(question.authorization)};
    if (!wanted.body.empty())
        wanted.content_type = "application/x-www-form-urlencoded";
    const auto answer = co_await asio::co_spawn(
        context_.get_executor(), ask_once(std::move(client), std::move(wanted)), asio::use_awaitable);
    if (!answer)
        co_return std::unexpected(answer.error());
    co_return openid::Reply{answer->status, answer->body};
}

} // namespace mosty::net
