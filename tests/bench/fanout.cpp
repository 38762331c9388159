#include "tests/bench/editor.hpp"
#include "tests/bench/load.hpp"
#include "tests/bench/poll.hpp"
#include "tests/bench/programme.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <vector>

namespace mosty::bench {
namespace {

constexpr std::int64_t second = 1'000'000'000;

// Follows one proposal and sees to it that every event of the log reaches it as a patch, in order.
class Follower {
public:
    Follower(std::uint16_t port, std::string_view cookie, std::string_view topic) : socket_(port, cookie) {
        socket_.say(fmt::format(R"({{"type":"follow","topic":"{}"}})", topic));
        socket_.flush();
    }

    WebSocketClient& socket() { return socket_; }

    void read() {
        socket_.read([&](std::string_view message) {
            bytes_ += message.size();
            for_each_frame(message, [&](const FrameText& frame) {
                if (frame.type == "patch")
                    take(number_after(frame.rest, "\"size\":"));
                else if (frame.type == "current")
                    size_ = number_after(frame.rest, "\"size\":");
                else if (frame.type == "resync" || frame.type == "error")
                    give_up("a follower is told {}{}", frame.type, frame.rest);
            });
        });
    }

    std::optional<std::uint64_t> size() const { return size_; }
    std::uint64_t patches() const { return patches_; }
    std::uint64_t bytes() const { return bytes_; }

private:
    void take(std::uint64_t size) {
        if (!size_ || size != *size_ + 1)
            give_up("a patch is missing before size {}", size);
        size_ = size;
        ++patches_;
    }

    WebSocketClient socket_;
    std::optional<std::uint64_t> size_;
    std::uint64_t patches_ = 0;
    std::uint64_t bytes_ = 0;
};

class Fanout {
public:
    explicit Fanout(const Options& options)
        : programme_(static_cast<std::uint16_t>(options.number("port", 0))),
          server_(static_cast<pid_t>(options.number("pid", 0))), seconds_(options.seconds(5)),
          stream_(Programme::proposal_stream(0)), name_(run_name()),
          editor_(programme_.port(), programme_.cookie_of(programme_.partnership_of(0).ua_officer), name_) {
        const auto followers = static_cast<std::size_t>(options.number("followers", 1'000));
        poll_.add(editor_.socket().descriptor(), followers);
        const std::string& cookie = programme_.cookie_of(programme_.auditor());
        for (std::size_t i = 0; i < followers; ++i) {
            followers_.push_back(std::make_unique<Follower>(programme_.port(), cookie, stream_));
            poll_.add(followers_.back()->socket().descriptor(), i);
        }
        wait_until([](const Follower& follower) { return follower.size().has_value(); });
    }

    // Edits at fixed moments, whatever has been answered.
    void run_at_rate(std::int64_t edits_a_second) {
        measure([&](std::int64_t begin, std::int64_t end) {
            std::int64_t next = begin;
            for (std::int64_t now = begin; now < end; now = now_ns()) {
                if (now >= next) {
                    edit(1);
                    next += second / edits_a_second;
                }
                turn(static_cast<int>(std::max<std::int64_t>((next - now_ns()) / 1'000'000, 0)));
            }
        });
    }

    // The next edits, several in one message, leave when all followers have got the last: as fast as they
    // read.
    void run_in_bursts(std::size_t edits) {
        measure([&](std::int64_t, std::int64_t end) {
            while (now_ns() < end) {
                edit(edits);
                wait_until_all_have_all();
            }
        });
    }

private:
    template <class Edit>
    void measure(Edit&& edit_until) {
        edit(1); // warms up
        wait_until_all_have_all();
        bytes_before_ = sum(&Follower::bytes);
        const std::uint64_t patches_before = sum(&Follower::patches);
        const double server_before = cpu_seconds(server_);
        const double own_before = cpu_seconds();
        const std::int64_t begin = now_ns();
        edit_until(begin, begin + static_cast<std::int64_t>(seconds_ * second));
        wait_until_all_have_all();
        const double elapsed = static_cast<double>(now_ns() - begin) / second;
        const auto deliveries = static_cast<double>(sum(&Follower::patches) - patches_before);

        print_figure("deliveries_per_s", deliveries / elapsed);
        print_figure("cpu_us_a_delivery", 1e6 * (cpu_seconds(server_) - server_before) / deliveries);
        print_figure("generator_cpu_us_a_delivery", 1e6 * (cpu_seconds() - own_before) / deliveries);
        print_figure("bytes_a_delivery",
                     static_cast<double>(sum(&Follower::bytes) - bytes_before_) / deliveries);
        print_latencies(latencies_);
    }

    void edit(std::size_t count) {
        for (std::size_t i = 0; i < count; ++i)
            editor_.add(stream_, "edit_proposal",
                        fmt::format(R"({{"title":"{}"}})", fresh_title(name_, editor_.sent() + i)));
        editor_.send();
    }

    void turn(int milliseconds_max) {
        for (const auto& event : poll_.wait(milliseconds_max)) {
            if (event.data.u64 == followers_.size())
                editor_.read(latencies_);
            else
                followers_[event.data.u64]->read();
        }
    }

    template <class Reached>
    void wait_until(Reached&& reached) {
        const std::int64_t deadline = now_ns() + 30 * second;
        std::size_t first = 0; // whoever comes before has reached it
        for (;;) {
            while (first < followers_.size() && reached(*followers_[first]))
                ++first;
            if (first == followers_.size())
                return;
            if (now_ns() > deadline)
                give_up("follower {} has not got everything within 30 s", first);
            turn(100);
        }
    }

    void wait_until_all_have_all() {
        const std::int64_t deadline = now_ns() + 30 * second;
        while (editor_.under_way() != 0) {
            if (now_ns() > deadline)
                give_up("no answer within 30 s");
            turn(100);
        }
        wait_until([this](const Follower& follower) { return *follower.size() >= editor_.last_size(); });
    }

    std::uint64_t sum(std::uint64_t (Follower::*figure)() const) const {
        std::uint64_t total = 0;
        for (const auto& follower : followers_)
            total += ((*follower).*figure)();
        return total;
    }

    Programme programme_;
    const pid_t server_;
    const double seconds_;
    const std::string stream_;
    const std::string name_;
    Editor editor_;
    Poll poll_;
    std::vector<std::unique_ptr<Follower>> followers_;
    Histogram latencies_;
    std::uint64_t bytes_before_ = 0;
};

} // namespace

void measure_fanout(const Options& options) {
    Fanout fanout(options);
    if (const auto rate = options.number("rate", 0); rate > 0)
        fanout.run_at_rate(rate);
    else
        fanout.run_in_bursts(static_cast<std::size_t>(options.number("burst", 10)));
}

} // namespace mosty::bench
