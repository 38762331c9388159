#include "server/openid/provider.hpp"

#include "server/audit/base64.hpp"
#include "server/openid/base64url.hpp"
#include "server/openid/json_object.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <fmt/format.h>
#include <openssl/sha.h>

#include <array>
#include <utility>

namespace mosty::openid {
namespace asio = boost::asio;
using namespace std::chrono_literals;
namespace {

constexpr int ok = 200;
constexpr int server_errors = 500;
constexpr std::size_t harmless_length_max = 60;

std::string sha256_of(std::string_view text) {
    std::array<unsigned char, SHA256_DIGEST_LENGTH> digest{};
    ::SHA256(reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data());
    return {reinterpret_cast<const char*>(digest.data()), digest.size()};
}

Fault unavailable(std::string reason) {
    return {Fault::Kind::unavailable, std::move(reason)};
}

Fault refused(std::string reason) {
    return {Fault::Kind::refused, std::move(reason)};
}

// RFC 6749, §5.2: an error is a word of these letters; of all others nothing is said.
std::string harmless(std::string_view word) {
    std::string plain;
    for (const char c : word.substr(0, harmless_length_max))
        if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_')
            plain += c;
    return plain;
}

} // namespace

Clock Clock::system() {
    return {[] { return std::chrono::steady_clock::now(); },
            [] {
                using namespace std::chrono;
                return std::int64_t(duration_cast<seconds>(system_clock::now().time_since_epoch()).count());
            }};
}

Provider::Provider(asio::any_io_executor executor, OpenIdSetting setting, std::string client_secret, Ask ask,
                   Clock clock)
    : setting_(std::move(setting)), client_secret_(std::move(client_secret)), ask_(std::move(ask)),
      clock_(std::move(clock)),
      metadata_{Kept<Metadata>({24h, 7 * 24h, 60s, 2s}), asio::steady_timer(executor)},
      keys_{Kept<Keys>({1h, 24h, 60s, 2s}), asio::steady_timer(executor)} {}

asio::awaitable<Result<Metadata, std::string>> Provider::fetch_now(const Source<Metadata>&) {
    const auto reply = co_await ask_({discovery_of(setting_.issuer), {}, {}});
    if (!reply)
        co_return std::unexpected(reply.error());
    if (reply->status != ok)
        co_return std::unexpected(fmt::format("its discovery document answers {}", reply->status));
    co_return parse_metadata(reply->body, setting_.issuer);
}

asio::awaitable<Result<Keys, std::string>> Provider::fetch_now(const Source<Keys>&) {
    const auto metadata = co_await get(metadata_, false);
    if (!metadata)
        co_return std::unexpected(metadata.error().reason);
    const auto reply = co_await ask_({metadata->keys, {}, {}});
    if (!reply)
        co_return std::unexpected(reply.error());
    if (reply->status != ok)
        co_return std::unexpected(fmt::format("its keys answer {}", reply->status));
    co_return parse_keys(reply->body);
}

template <class T>
asio::awaitable<void> Provider::fetch(Source<T>& source) {
    source.fetching = true;
    source.kept.begin(clock_.steady());
    source.fetched.expires_at(asio::steady_timer::time_point::max());
    struct Ended {
        Source<T>& source;
        ~Ended() {
            source.fetching = false;
            source.fetched.cancel();
        }
    } const ended{source};
    auto fetched = co_await fetch_now(source);
    if (fetched)
        source.kept.put(std::move(*fetched), clock_.steady());
    else
        source.failure = std::move(fetched.error());
}

// What is kept, or was just fetched. `anew`: what is kept is known not to be enough.
template <class T>
asio::awaitable<Result<T, Fault>> Provider::get(Source<T>& source, bool anew) {
    // Whoever comes while it is being fetched waits for that, unless the old one serves.
    while (source.fetching && (anew || !source.kept.get(clock_.steady())))
        co_await source.fetched.async_wait(asio::as_tuple(asio::use_awaitable));
    const auto now = clock_.steady();
    if (anew ? source.kept.may_try(now) : !source.fetching && source.kept.is_due(now))
        co_await fetch(source);
    if (const T* kept = source.kept.get(clock_.steady()))
        co_return *kept;
    co_return std::unexpected(unavailable(source.failure));
}

asio::awaitable<Result<std::string, Fault>> Provider::authorization_address(const Flow& flow) {
    const auto metadata = co_await get(metadata_, false);
    if (!metadata)
        co_return std::unexpected(metadata.error());
    const std::string& to = metadata->authorization.text;
    co_return fmt::format("{}{}response_type=code&scope=openid&client_id={}&redirect_uri={}&state={}&nonce={}"
                          "&code_challenge={}&code_challenge_method=S256",
                          to, to.find('?') == std::string::npos ? '?' : '&',
                          percent_encoded(setting_.client_id), percent_encoded(flow.redirect_uri),
                          percent_encoded(flow.state), percent_encoded(flow.nonce),
                          encode_base64url(sha256_of(flow.verifier)));
}

asio::awaitable<Result<std::string, Fault>> Provider::id_token_for(const Metadata& metadata, const Flow& flow,
                                                                   const std::string& code) {
    Question question{metadata.token,
                      fmt::format("grant_type=authorization_code&code={}&redirect_uri={}&code_verifier={}",
                                  percent_encoded(code), percent_encoded(flow.redirect_uri),
                                  percent_encoded(flow.verifier)),
                      {}};
    if (client_secret_.empty())
        question.form += "&client_id=" + percent_encoded(setting_.client_id);
    else
        question.authorization = "Basic " + audit::encode_base64(percent_encoded(setting_.client_id) + ':' +
                                                                 percent_encoded(client_secret_));
    const auto reply = co_await ask_(std::move(question));
    if (!reply)
        co_return std::unexpected(unavailable(reply.error()));
    JsonObject answer;
    const bool is_object = answer.parse(reply->body);
    if (reply->status != ok) {
        auto reason = fmt::format("it answers {} {} to a code", reply->status,
                                  harmless(is_object ? answer.text("error").value_or("") : ""));
        const bool is_refusal = is_object && reply->status > ok && reply->status < server_errors;
        co_return std::unexpected(is_refusal ? refused(std::move(reason)) : unavailable(std::move(reason)));
    }
    const auto token = is_object ? answer.text("id_token") : std::nullopt;
    if (!token)
        co_return std::unexpected(unavailable("it answers to a code without an ID token"));
    co_return std::string(*token);
}

asio::awaitable<Result<Claims, Fault>> Provider::redeem(const Flow& flow, const Returned& returned) {
    const auto metadata = co_await get(metadata_, false);
    if (!metadata)
        co_return std::unexpected(metadata.error());
    if (returned.issuer.empty() ? metadata->names_itself : returned.issuer != setting_.issuer)
        co_return std::unexpected(refused("the browser came back from another issuer"));
    const auto token = co_await id_token_for(*metadata, flow, returned.code);
    if (!token)
        co_return std::unexpected(token.error());

    const Expected expected{setting_.issuer, setting_.client_id, flow.nonce};
    auto keys = co_await get(keys_, false);
    if (!keys)
        co_return std::unexpected(keys.error());
    auto claims = verify_id_token(*token, *keys, expected, clock_.unix_s());
    if (!claims && claims.error() == TokenFault::key_unknown) {
        // It may sign by a new key.
        keys = co_await get(keys_, true);
        if (keys)
            claims = verify_id_token(*token, *keys, expected, clock_.unix_s());
    }
    if (!claims)
        co_return std::unexpected(
            refused(fmt::format("its ID token is not to be believed: {}", to_string(claims.error()))));
    co_return std::move(*claims);
}

} // namespace mosty::openid
