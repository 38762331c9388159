#include "domain/codec/time.hpp"
#include "tests/bench/past.hpp"
#include "tests/bench/programme.hpp"
#include "tests/bench/websocket_client.hpp"

#include <simdjson.h>

#include <cstdint>
#include <random>
#include <string_view>
#include <vector>

namespace mosty::bench {
namespace {

class Past {
public:
    Past(std::uint16_t port, const std::string& cookie) : port_(port), cookie_(cookie) {
        const std::string first = get("/v1/events?limit=1");
        size_ = number_in(first, "size");
        first_ms_ = time_in(first);
        last_ms_ = time_in(get(fmt::format("/v1/events?before={}&limit=1", size_)));
    }

    std::uint64_t size() const { return size_; }

    std::string get(const std::string& target) {
        auto answer = ask(port_, "GET", target, cookie_);
        if (answer.status != 200)
            give_up("{} answers {}: {}", target, answer.status, answer.body);
        return std::move(answer.body);
    }

    // "at=…" or "time=…", at random.
    std::string moment() {
        if (random_() % 2 == 0)
            return fmt::format("at={}", random_() % (size_ + 1));
        const auto span = static_cast<std::uint64_t>(last_ms_ - first_ms_ + 1);
        return "time=" + codec::format_time(first_ms_ + static_cast<std::int64_t>(random_() % span));
    }

    std::size_t below(std::size_t limit) { return random_() % limit; }

    // Asks all of them as of one moment, one after the other.
    void ask_timed(const std::vector<std::string>& targets, Histogram& times) {
        const std::string then = moment();
        const std::int64_t begun = now_ns();
        for (const std::string& target : targets) {
            const std::string body = get(target + (target.contains('?') ? "&" : "?") + then);
            bytes_ += body.size();
        }
        times.record(now_ns() - begun);
    }

    std::uint64_t bytes() const { return bytes_; }

private:
    std::uint64_t number_in(const std::string& body, std::string_view name) {
        return parser_.parse(body)[name].get_uint64().value();
    }
    std::int64_t time_in(const std::string& body) {
        const std::string_view time =
            parser_.parse(body)["events"].at(0)["event"]["time"].get_string().value();
        return codec::parse_time(time).value();
    }

    const std::uint16_t port_;
    const std::string cookie_;
    simdjson::dom::parser parser_;
    std::mt19937_64 random_{4};
    std::uint64_t size_ = 0;
    std::int64_t first_ms_ = 0;
    std::int64_t last_ms_ = 0;
    std::uint64_t bytes_ = 0;
};

std::string some_view(Past& past) {
    switch (past.below(6)) {
    case 0:
        return "/v1/views/partnership/" + past_partnership(past.below(past_partnerships));
    case 1:
        return "/v1/views/" + past_visit(past.below(past_visits));
    default:
        return "/v1/views/" + past_proposal(past.below(past_proposals));
    }
}

std::string some_list(Past& past) {
    const std::string_view lists[] = {"partnerships", "visits", "proposals", "feed"};
    return fmt::format("/v1/lists/{}/all?limit=100", lists[past.below(4)]);
}

// What an overview of the programme needs as of a day.
const std::vector<std::string> overview = {
    "/v1/views/programme",
    "/v1/views/towns",
    "/v1/views/directory",
    "/v1/lists/partnerships/all?limit=100",
    "/v1/lists/proposals/all?limit=100",
    "/v1/lists/visits/all?limit=100",
    "/v1/lists/feed/all?limit=50",
};

void print(std::string_view name, const Histogram& times) {
    for (const int part : {50, 95, 99})
        print_figure(fmt::format("{}_p{}_ms", name, part), times.milliseconds_at(part / 100.0));
}

} // namespace

void ask_past(const Options& options) {
    const auto port = static_cast<std::uint16_t>(options.number("port", 8080));
    const auto questions = static_cast<std::size_t>(options.number("questions", 500));
    Programme programme(port);
    Past past(port, programme.cookie_of(programme.secretariat()));
    Histogram views, lists, texts, overviews;
    for (std::size_t i = 0; i < questions; ++i)
        past.ask_timed({some_view(past)}, views);
    for (std::size_t i = 0; i < questions; ++i)
        past.ask_timed({"/v1/texts/" + past_text(past.below(past_texts)).substr(5)}, texts);
    for (std::size_t i = 0; i < questions / 2; ++i)
        past.ask_timed({some_list(past)}, lists);
    for (std::size_t i = 0; i < questions / 5; ++i)
        past.ask_timed(overview, overviews);
    print_figure("events", static_cast<double>(past.size()));
    print("view", views);
    print("text", texts);
    print("list", lists);
    print("overview", overviews);
}

} // namespace mosty::bench
