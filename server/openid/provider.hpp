#pragma once

#include "domain/base/result.hpp"
#include "server/config/settings.hpp"
#include "server/openid/id_token.hpp"
#include "server/openid/kept.hpp"
#include "server/openid/metadata.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>

namespace mosty::openid {

// What is asked of a provider's server.
struct Question {
    Endpoint to;
    std::string form;          // is posted; empty: it is a GET
    std::string authorization; // a header; empty: none
};

struct Reply {
    int status = 0;
    std::string body;
};

// Asks one provider, within a time and an amount of bytes, following nobody elsewhere. An error is a
// sentence.
using Ask = std::function<boost::asio::awaitable<Result<Reply, std::string>>(Question)>;

// What the time is; a test has its own.
struct Clock {
    std::function<std::chrono::steady_clock::time_point()> steady;
    std::function<std::int64_t()> unix_s;

    static Clock system();
};

// Why signing in by a provider goes no further. `reason` is for the server's log: it holds nothing secret,
// and of what the provider wrote only what is harmless.
struct Fault {
    enum class Kind {
        unavailable, // it does not answer, or not as it should: later may be better
        refused,     // it answered, and that is not to be believed
    };
    Kind kind = Kind::unavailable;
    std::string reason;
};

// One sign-in on its way through the provider.
struct Flow {
    std::string state;
    std::string nonce;
    std::string verifier; // of PKCE, RFC 7636
    std::string redirect_uri;
};

// With what the browser came back.
struct Returned {
    std::string code;
    std::string issuer; // "iss"; empty: it was not said
};

// An organisation's provider: what it says of itself and its keys, kept and fetched anew when that is due,
// and the authorization code flow with PKCE (S256).
//
// Threads: that of its executor.
class Provider {
public:
    Provider(boost::asio::any_io_executor executor, OpenIdSetting setting, std::string client_secret, Ask ask,
             Clock clock);

    const OpenIdSetting& setting() const { return setting_; }

    // Where to send a browser.
    boost::asio::awaitable<Result<std::string, Fault>> authorization_address(const Flow& flow);

    // Redeems the code, and says who it is at the provider.
    boost::asio::awaitable<Result<Claims, Fault>> redeem(const Flow& flow, const Returned& returned);

private:
    template <class T>
    struct Source {
        Kept<T> kept;
        boost::asio::steady_timer fetched; // expires when a fetch that is under way has ended
        bool fetching = false;
        std::string failure = {}; // of the last try
    };

    template <class T>
    boost::asio::awaitable<Result<T, Fault>> get(Source<T>& source, bool anew);
    template <class T>
    boost::asio::awaitable<void> fetch(Source<T>& source);
    boost::asio::awaitable<Result<Metadata, std::string>> fetch_now(const Source<Metadata>&);
    boost::asio::awaitable<Result<Keys, std::string>> fetch_now(const Source<Keys>&);

    boost::asio::awaitable<Result<std::string, Fault>>
    id_token_for(const Metadata& metadata, const Flow& flow, const std::string& code);

    const OpenIdSetting setting_;
    const std::string client_secret_;
    const Ask ask_;
    const Clock clock_;
    Source<Metadata> metadata_;
    Source<Keys> keys_;
};

} // namespace mosty::openid
