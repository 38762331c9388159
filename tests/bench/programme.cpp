#include "tests/bench/programme.hpp"

#include "tests/bench/measure.hpp"
#include "tests/bench/websocket_client.hpp"

#include <fmt/format.h>
#include <simdjson.h>

#include <algorithm>
#include <string_view>

namespace mosty::bench {
namespace {

std::string text(simdjson::dom::element object, std::string_view name) {
    return std::string{object[name].get_string().value()};
}

simdjson::dom::element parse(simdjson::dom::parser& parser, const HttpAnswer& answer) {
    if (answer.status != 200)
        give_up("the server answers {}: {}", answer.status, answer.body);
    return parser.parse(answer.body);
}

} // namespace

Programme::Programme(std::uint16_t port) : port_(port) {
    simdjson::dom::parser parser;
    std::map<std::string, std::string> officers; // of each municipality
    for (const auto person : parse(parser, ask(port, "GET", "/v1/demo/people"))["people"].get_array()) {
        const std::string role = text(person, "role");
        if (role == "officer")
            officers.emplace(text(person, "organisation"), text(person, "actor"));
        else if (role == "secretariat")
            secretariat_ = text(person, "actor");
        else if (role == "auditor")
            auditor_ = text(person, "actor");
    }
    const auto list = ask(port, "GET", "/v1/lists/partnerships/all?limit=500", cookie_of(secretariat_));
    for (const auto row : parse(parser, list)["rows"].get_array()) {
        const std::string ua = text(row, "ua");
        const std::string eu = text(row, "eu");
        if (text(row, "status") == "active" && officers.contains(ua) && officers.contains(eu))
            partnerships_.push_back({text(row, "id"), ua, eu, officers[ua], officers[eu]});
    }
    std::ranges::sort(partnerships_, {}, &Partnership::id);
    if (partnerships_.empty() || auditor_.empty())
        give_up("this is not the demo that the measurements know");
}

std::string Programme::proposal_stream(std::size_t proposal) {
    return fmt::format("proposal/bench-{}", proposal);
}

const std::string& Programme::cookie_of(const std::string& actor) {
    auto& cookie = cookies_[actor];
    if (cookie.empty()) {
        constexpr std::string_view name = "mosty=";
        const auto answer = ask(port_, "POST", "/v1/sign-in", {}, fmt::format(R"({{"actor":"{}"}})", actor));
        const std::size_t begin = answer.head.find(name);
        if (answer.status != 200 || begin == std::string::npos)
            give_up("cannot sign in as {}: {}", actor, answer.body);
        cookie = answer.head.substr(begin, answer.head.find(';', begin) - begin);
    }
    return cookie;
}

} // namespace mosty::bench
