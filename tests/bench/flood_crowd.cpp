#include "tests/bench/flood.hpp"
#include "tests/bench/poll.hpp"
#include "tests/bench/programme.hpp"
#include "tests/bench/websocket_client.hpp"

#include <fmt/format.h>
#include <simdjson.h>

#include <algorithm>
#include <arpa/inet.h>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <netinet/in.h>
#include <string>
#include <sys/socket.h>
#include <vector>

namespace mosty::bench {
namespace {

constexpr std::int64_t second = 1'000'000'000;
constexpr std::int64_t reconnect_pause = second;
constexpr std::size_t opened_at_once_max = 256; // idle ones, so that no backlog overflows

// A client's frame; its key is zero, so the payload stands as it is.
std::string frame(unsigned first_byte, std::string_view payload, std::size_t announced = 0) {
    const std::size_t size = std::max(payload.size(), announced);
    std::string bytes{static_cast<char>(first_byte)};
    if (size < 126) {
        bytes += static_cast<char>(0x80U | size);
    } else {
        bytes += static_cast<char>(0xffU);
        if (size < 65'536) {
            bytes.back() = static_cast<char>(0xfeU);
            bytes += static_cast<char>(size >> 8U);
            bytes += static_cast<char>(size);
        } else {
            for (int shift = 56; shift >= 0; shift -= 8)
                bytes += static_cast<char>(size >> static_cast<unsigned>(shift));
        }
    }
    bytes.append(4, '\0');
    return bytes += payload;
}

std::string repeated(std::string_view text, std::size_t count) {
    std::string all;
    for (std::size_t i = 0; i < count; ++i)
        all += text;
    return all;
}

std::string follows(std::string_view topic, std::size_t count, std::size_t limit) {
    std::string array = "[";
    for (std::size_t i = 0; i < count; ++i)
        array +=
            fmt::format(R"({}{{"type":"follow","topic":"{}","limit":{}}})", i == 0 ? "" : ",", topic, limit);
    return frame(0x81, array + "]");
}

// How somebody behaves: what it sends first, what it sends so often, whether it reads.
struct Kind {
    std::string name;
    bool upgrades = true;
    std::string first;
    std::string again;
    double per_second = 0;
    bool reads = true;
    double cuts_per_second = 0; // hangs up and comes again
};

std::vector<Kind> hostile_kinds() {
    const std::string half_a_frame = frame(0x81, "[", 60'000);
    return {
        {"header byte by byte", false, "GET /v1/live HTTP/1.1\r\nX-Slow: ", "x", 10, true, 0},
        {"body byte by byte", false, "POST /v1/commands HTTP/1.1\r\nHost: x\r\nContent-Length: 60000\r\n\r\n",
         "x", 10, true, 0},
        {"message byte by byte", true, half_a_frame, " ", 10, true, 0},
        {"asks for much and reads nothing", true, follows("partnerships/all", 60, 500),
         follows("partnerships/all", 10, 500), 5, false, 0},
        {"a hundred pings", true, "", repeated(frame(0x89, ""), 100), 50, true, 0},
        {"a hundred pings, and reads nothing", true, "", repeated(frame(0x89, std::string(125, 'x')), 100),
         50, false, 0},
        {"empty fragments without end", true, frame(0x01, "["), repeated(frame(0x00, ""), 100), 50, true, 0},
        {"follows the same again and again", true, "", follows("partnerships/all", 64, 500), 20, true, 0},
        {"follows what is not there", true, "", follows("partnership/nowhere", 64, 1), 20, true, 0},
        {"64 KiB of numbers", true, "", frame(0x81, "[" + repeated("1,", 32'700) + "1]"), 10, true, 0},
        {"JSON 60,000 deep", true, "", frame(0x81, repeated("[", 60'000)), 10, true, 0},
        {"a message too big", true, "", frame(0x81, std::string(70'000, ' ')), 5, true, 0},
        {"comes and goes", true, "", frame(0x81, R"({"type":"ping"})"), 1, true, 10},
    };
}

// One connection, opened again a second after it was lost.
class Member {
public:
    Member(const Kind& kind, std::uint16_t port, std::uint32_t source, std::string cookie,
           std::int64_t offset)
        : kind_(kind), port_(port), source_(source), cookie_(std::move(cookie)), next_again_(offset),
          next_cut_(offset) {}

    bool was_open() const { return was_open_; }
    std::uint64_t losses() const { return losses_; }
    bool is_idle() const { return kind_.per_second == 0; }

    void open(Poll& poll, std::size_t number) {
        socket_ = Socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
        sockaddr_in from{};
        from.sin_family = AF_INET;
        from.sin_addr.s_addr = htonl(source_);
        const int yes = 1;
        ::setsockopt(descriptor(), IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &yes, sizeof yes);
        sockaddr_in to = from;
        to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        to.sin_port = htons(port_);
        if (::bind(descriptor(), reinterpret_cast<const sockaddr*>(&from), sizeof from) != 0)
            give_up("cannot come from {:x}: {}", source_, std::strerror(errno));
        if (::connect(descriptor(), reinterpret_cast<const sockaddr*>(&to), sizeof to) != 0 &&
            errno != EINPROGRESS)
            return lose();
        is_up_ = true;
        head_.clear();
        outgoing_ = kind_.upgrades ? upgrade() : kind_.first;
        is_upgraded_ = !kind_.upgrades;
        poll.add(descriptor(), number);
        flush();
    }

    bool is_up() const { return is_up_; }
    bool may_come_again(std::int64_t now) const { return !is_up_ && now >= come_again_; }

    // What is due by now, as far as the socket takes it. What it does not take is not made up for.
    void act(std::int64_t now) {
        if (kind_.cuts_per_second > 0 && now >= next_cut_) {
            next_cut_ = now + static_cast<std::int64_t>(second / kind_.cuts_per_second);
            if (is_upgraded_) {
                lose();
                come_again_ = now;
                return;
            }
        }
        if (kind_.per_second > 0 && now >= next_again_) {
            next_again_ =
                std::max(next_again_ + static_cast<std::int64_t>(second / kind_.per_second), now - second);
            if (is_upgraded_ && outgoing_.empty())
                outgoing_ = kind_.again;
        }
        flush();
    }

    std::int64_t next_due() const {
        if (!is_up_)
            return come_again_;
        std::int64_t due = kind_.per_second > 0 ? next_again_ : INT64_MAX;
        return kind_.cuts_per_second > 0 ? std::min(due, next_cut_) : due;
    }

    void read(Poll& poll) {
        static char bytes[64 * 1024];
        const auto count = ::recv(descriptor(), bytes, sizeof bytes, 0);
        if (count == 0 || (count < 0 && errno != EAGAIN && errno != EINTR))
            return lose();
        std::string_view text(bytes, static_cast<std::size_t>(std::max<ssize_t>(count, 0)));
        if (!is_upgraded_) {
            head_ += text;
            const auto end = head_.find("\r\n\r\n");
            if (end == std::string::npos)
                return;
            if (!head_.starts_with("HTTP/1.1 101"))
                return lose();
            is_upgraded_ = was_open_ = true;
            text.remove_prefix(text.size() - (head_.size() - end - 4));
            head_.clear();
            outgoing_ += kind_.first;
            if (!kind_.reads)
                poll.remove(descriptor());
        }
        if (is_idle())
            answer_pings(text);
        flush();
    }

private:
    int descriptor() const { return socket_.descriptor(); }

    std::string upgrade() const {
        return fmt::format("GET /v1/live HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nOrigin: http://127.0.0.1:{}\r\n"
                           "Cookie: {}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                           "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
                           "Sec-WebSocket-Protocol: mosty.v1\r\n\r\n",
                           port_, port_, cookie_);
    }

    // A server's frames to the idle are short, but they may come in pieces.
    void answer_pings(std::string_view text) {
        head_ += text;
        while (head_.size() >= 2) {
            std::size_t size = static_cast<unsigned char>(head_[1]);
            std::size_t begin = 2;
            if (size == 126 && head_.size() >= 4) {
                size = static_cast<unsigned char>(head_[2]) * 256U + static_cast<unsigned char>(head_[3]);
                begin = 4;
            }
            if (head_.size() < begin + size)
                return;
            if (static_cast<unsigned char>(head_[0]) == 0x89)
                outgoing_ += frame(0x8a, {head_.data() + begin, size});
            head_.erase(0, begin + size);
        }
    }

public:
    void flush() {
        if (outgoing_.empty() || !is_up_)
            return;
        const auto count = ::send(descriptor(), outgoing_.data(), outgoing_.size(), MSG_NOSIGNAL);
        if (count < 0 && errno != EAGAIN && errno != EINTR && errno != ENOTCONN)
            return lose();
        outgoing_.erase(0, static_cast<std::size_t>(std::max<ssize_t>(count, 0)));
    }

private:
    void lose() {
        socket_ = {};
        is_up_ = is_upgraded_ = false;
        outgoing_.clear();
        come_again_ = now_ns() + reconnect_pause;
        ++losses_;
    }

    const Kind& kind_;
    const std::uint16_t port_;
    const std::uint32_t source_;
    const std::string cookie_;
    Socket socket_;
    std::string head_;
    std::string outgoing_;
    std::int64_t next_again_;
    std::int64_t next_cut_;
    std::int64_t come_again_ = 0;
    std::uint64_t losses_ = 0;
    bool is_up_ = false;
    bool is_upgraded_ = false;
    bool was_open_ = false;
};

// Cookies of everybody in the demo.
std::vector<std::string> cookies_of_all(Programme& programme) {
    simdjson::dom::parser parser;
    const auto answer = ask(programme.port(), "GET", "/v1/demo/people");
    std::vector<std::string> cookies;
    for (const auto person : parser.parse(answer.body)["people"].get_array())
        cookies.push_back(programme.cookie_of(std::string{person["actor"].get_string().value()}));
    return cookies;
}

} // namespace

void run_crowd(const Options& options) {
    const auto port = static_cast<std::uint16_t>(options.number("port", 0));
    Programme programme(static_cast<std::uint16_t>(options.number("people", port)));
    const auto cookies = cookies_of_all(programme);
    const std::string robbed = programme.cookie_of(programme.auditor()); // the writers need the others
    const auto idle_count = static_cast<std::size_t>(options.number("idle", 10'000));
    const auto hostile_count = static_cast<std::size_t>(options.number("hostile", 50));

    const Kind idle{"idle", true, "", "", 0, true, 0};
    const auto kinds = hostile_kinds();
    std::vector<Member> members;
    members.reserve(idle_count + hostile_count);
    constexpr std::uint32_t loopback_network = 0x7f00'0000;
    for (std::size_t i = 0; i < idle_count; ++i) // 250 an address
        members.emplace_back(idle, port, loopback_network + 0x0001'0001 + static_cast<std::uint32_t>(i / 250),
                             cookies[i % cookies.size()], 0);
    const std::int64_t begin = now_ns();
    for (std::size_t i = 0; i < hostile_count; ++i)
        members.emplace_back(kinds[i % kinds.size()], port,
                             loopback_network + 0x0002'0001 + static_cast<std::uint32_t>(i), robbed,
                             begin + static_cast<std::int64_t>(i) * second /
                                         std::max<std::int64_t>(static_cast<std::int64_t>(hostile_count), 1));

    Poll poll;
    bool is_ready = false;
    std::size_t first_closed = 0; // of the idle ones, which are opened in their order
    std::int64_t next_look = 0;
    for (;;) {
        const std::int64_t now = now_ns();
        std::size_t opening = 0;
        if (!is_ready || now >= next_look) {
            next_look = now + second / 10;
            for (std::size_t i = first_closed; i < idle_count && opening < opened_at_once_max; ++i) {
                if (members[i].may_come_again(now))
                    members[i].open(poll, i);
                else
                    members[i].flush(); // the handshake, if the connection came late
                if (!members[i].was_open())
                    ++opening;
                else if (!is_ready && i == first_closed)
                    ++first_closed;
            }
        }
        if (!is_ready && first_closed == idle_count) {
            is_ready = true;
            first_closed = 0;
            fmt::print("ready\n");
            std::fflush(stdout);
        }
        std::int64_t due = now + second / 10;
        if (is_ready)
            for (std::size_t i = idle_count; i < members.size(); ++i) {
                if (members[i].may_come_again(now))
                    members[i].open(poll, i);
                if (members[i].is_up())
                    members[i].act(now);
                due = std::min(due, members[i].next_due());
            }
        const auto wait = std::max<std::int64_t>(due - now_ns(), 0) / 1'000'000;
        for (const auto& event : poll.wait(static_cast<int>(is_ready ? wait : 1)))
            if (members[event.data.u64].is_up())
                members[event.data.u64].read(poll);
    }
}

} // namespace mosty::bench
