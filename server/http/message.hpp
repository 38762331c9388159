#pragma once

#include "domain/base/ids.hpp"
#include "server/core/piece_source.hpp"
#include "server/realtime/problem.hpp"

#include <boost/asio/ip/address.hpp>

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mosty::http {

// A request, free of the library that read it.
struct Request {
    std::string method;
    std::string path;                         // decoded, without the query
    std::map<std::string, std::string> query; // decoded; of a name that stands twice the last value
    std::string repeated;                     // such a name
    bool is_upgrade = false;                  // to a WebSocket
    boost::asio::ip::address address;         // who asks; behind a trusted proxy, who asks there
    bool is_secure = false;                   // over TLS all the way, or up to a trusted proxy
    std::string host;                         // with its port, in lower case
    std::string origin;
    std::string authorization;
    std::string user_agent;
    std::string accept;
    std::string accept_encoding;
    std::string if_none_match;
    std::string last_event_id;
    std::string cookies; // all of them, as the browser sent them
    std::string cookie;  // the sign-in's token; empty when there is none, or another site made the request
    std::string body;
};

struct Response {
    int status = 200;
    std::string content_type = "application/json";
    std::string body;
    std::vector<std::pair<std::string, std::string>> headers;
    std::shared_ptr<core::PieceSource> pieces =
        nullptr; // in place of a body; to be stopped by whoever sends it
};

// A problem as a response.
Response problem_response(const realtime::Problem& problem);

// 405 `method_not_allowed`, with the methods that the place understands: "GET, HEAD".
Response method_not_allowed(std::string_view allowed);

// Called once, on any thread.
using Reply = std::move_only_function<void(Response)>;

// A request's target, decoded.
struct Target {
    std::string path;
    std::map<std::string, std::string> query;
    std::string repeated; // a name that stands in the query twice
};

// Nothing when it is ill-formed or no UTF-8.
std::optional<Target> parse_target(std::string_view target);

// The value of one cookie in a Cookie header.
std::string cookie_value(std::string_view header, std::string_view name);

} // namespace mosty::http
