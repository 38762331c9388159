#include "server/local/door.hpp"

#include "server/local/messages.hpp"
#include "server/realtime/frames.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <fmt/format.h>

#include <array>
#include <utility>

namespace mosty::local {
namespace asio = boost::asio;
using asio::local::stream_protocol;
namespace {

constexpr auto as_result = asio::as_tuple(asio::use_awaitable);
using Length = std::array<unsigned char, 4>;

Length length_of(std::string_view text) {
    const std::size_t size = text.size();
    return {static_cast<unsigned char>(size >> 24), static_cast<unsigned char>(size >> 16),
            static_cast<unsigned char>(size >> 8), static_cast<unsigned char>(size)};
}

std::size_t value_of(const Length& length) {
    return (std::size_t{length[0]} << 24) | (std::size_t{length[1]} << 16) | (std::size_t{length[2]} << 8) |
           length[3];
}

// The commands of one message on their way through the core: answered together.
struct Round {
    std::vector<core::ServiceAnswer> answers;
    std::size_t missing = 0;
    std::move_only_function<void(std::vector<core::ServiceAnswer>)> finished;

    void settle(std::size_t index, core::ServiceAnswer answer) {
        answers[index] = std::move(answer);
        if (--missing == 0)
            finished(std::move(answers));
    }
};

core::ServiceAnswer service_answer(const sequencing::Verdict& verdict) {
    if (const auto* done = std::get_if<sequencing::Done>(&verdict))
        return *done;
    return std::unexpected(realtime::problem_of(verdict));
}

// Sends the commands through the core. The callbacks run on the core thread, so a round needs no lock.
void decide(core::Core& core, std::vector<core::ServiceCommand> commands,
            std::move_only_function<void(std::vector<core::ServiceAnswer>)> finished) {
    auto round = std::make_shared<Round>();
    round->answers.resize(commands.size(), core::ServiceAnswer{sequencing::Done{}});
    round->missing = commands.size();
    round->finished = std::move(finished);
    std::vector<sequencing::Wish> wishes;
    std::vector<std::size_t> indexes;
    for (std::size_t i = 0; i < commands.size(); ++i) {
        auto wish = core::wish_of(commands[i]);
        if (wish) {
            wishes.push_back(std::move(*wish));
            indexes.push_back(i);
        } else {
            round->answers[i] = std::unexpected(std::move(wish.error()));
            --round->missing;
        }
    }
    if (round->missing == 0)
        return round->finished(std::move(round->answers));
    for (std::size_t i = 0; i < wishes.size(); ++i)
        core.command(std::move(wishes[i]), [round, index = indexes[i]](sequencing::Answer answer) {
            round->settle(index, service_answer(answer.verdict));
        });
}

asio::awaitable<std::vector<core::ServiceAnswer>> answers_of(core::Core& core,
                                                             std::vector<core::ServiceCommand> commands) {
    const auto executor = co_await asio::this_coro::executor;
    co_return co_await asio::async_initiate<const asio::use_awaitable_t<>,
                                            void(std::vector<core::ServiceAnswer>)>(
        [&core, executor](auto handler, std::vector<core::ServiceCommand> asked) {
            decide(
                core, std::move(asked),
                [handler = std::move(handler), executor](std::vector<core::ServiceAnswer> answers) mutable {
                    asio::post(executor,
                               [handler = std::move(handler), answers = std::move(answers)]() mutable {
                                   std::move(handler)(std::move(answers));
                               });
                });
        },
        asio::use_awaitable, std::move(commands));
}

asio::awaitable<Result<std::string, std::string>> link_of(const Door::Invite& invite, std::string invitee) {
    const auto executor = co_await asio::this_coro::executor;
    co_return co_await asio::async_initiate<const asio::use_awaitable_t<>,
                                            void(Result<std::string, std::string>)>(
        [&invite, executor](auto handler, std::string whom) {
            invite(std::move(whom),
                   [handler = std::move(handler), executor](Result<std::string, std::string> link) mutable {
                       asio::post(executor, [handler = std::move(handler), link = std::move(link)]() mutable {
                           std::move(handler)(std::move(link));
                       });
                   });
        },
        asio::use_awaitable, std::move(invitee));
}

// What is answered to one message; nothing when it is not understood.
asio::awaitable<std::optional<std::string>> reply_to(std::string text, core::Core& core,
                                                     const Door::Invite& invite) {
    if (auto invitee = decode_invitee(text))
        co_return encode_link(co_await link_of(invite, std::move(*invitee)));
    auto commands = decode_commands(text);
    if (!commands || commands->empty())
        co_return std::nullopt;
    co_return encode_answers(co_await answers_of(core, std::move(*commands)));
}

asio::awaitable<void> serve(stream_protocol::socket socket, core::Core& core, const Door::Invite& invite) {
    for (;;) {
        std::string text;
        Length length{};
        const auto [length_error, length_read] =
            co_await asio::async_read(socket, asio::buffer(length), as_result);
        if (length_error || value_of(length) > message_bytes_max)
            co_return;
        text.resize(value_of(length));
        const auto [error, read] = co_await asio::async_read(socket, asio::buffer(text), as_result);
        if (error)
            co_return;
        const auto reply = co_await reply_to(std::move(text), core, invite);
        if (!reply)
            co_return;
        const Length reply_length = length_of(*reply);
        const std::array buffers{asio::buffer(reply_length), asio::buffer(*reply)};
        const auto [write_error, written] = co_await asio::async_write(socket, buffers, as_result);
        if (write_error)
            co_return;
    }
}

} // namespace

struct Door::Implementation : std::enable_shared_from_this<Implementation> {
    Implementation(asio::io_context& io_context, core::Core& the_core, Invite the_invite)
        : io(io_context), core(the_core), invite(std::move(the_invite)), acceptor(io) {}

    asio::awaitable<void> accept_loop(std::shared_ptr<Implementation> self) {
        while (self->acceptor.is_open()) {
            stream_protocol::socket socket(io);
            const auto [error] = co_await acceptor.async_accept(socket, as_result);
            if (error)
                co_return;
            asio::co_spawn(io, serve(std::move(socket), core, invite), asio::detached);
        }
    }

    asio::io_context& io;
    core::Core& core;
    const Invite invite;
    stream_protocol::acceptor acceptor;
    std::filesystem::path path;
};

Door::Door(asio::io_context& io, core::Core& core, Invite invite)
    : implementation_(std::make_shared<Implementation>(io, core, std::move(invite))) {}

Door::~Door() = default;

Result<void, std::string> Door::open(const std::filesystem::path& data_dir) {
    auto& door = *implementation_;
    door.path = data_dir / socket_name;
    // The folder's lock is ours: a socket that is there was left behind by a process that is gone.
    std::error_code ignored;
    std::filesystem::remove(door.path, ignored);
    boost::system::error_code error;
    door.acceptor.open(stream_protocol{}, error);
    if (!error)
        door.acceptor.bind(stream_protocol::endpoint{door.path.string()}, error);
    if (!error)
        door.acceptor.listen(asio::socket_base::max_listen_connections, error);
    if (error)
        return std::unexpected(fmt::format("cannot listen on {}: {}", door.path.string(), error.message()));
    std::filesystem::permissions(door.path,
                                 std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
    asio::co_spawn(door.io, door.accept_loop(implementation_), asio::detached);
    return {};
}

void Door::stop() {
    asio::post(implementation_->io, [door = implementation_] {
        boost::system::error_code ignored;
        door->acceptor.close(ignored);
        std::error_code also_ignored;
        std::filesystem::remove(door->path, also_ignored);
    });
}

struct DoorClient::Implementation {
    asio::io_context io;
    stream_protocol::socket socket{io};
};

DoorClient::DoorClient(std::unique_ptr<Implementation> implementation)
    : implementation_(std::move(implementation)) {}

DoorClient::~DoorClient() = default;

Result<std::unique_ptr<DoorClient>, std::string> DoorClient::connect(const std::filesystem::path& data_dir) {
    auto implementation = std::make_unique<Implementation>();
    boost::system::error_code error;
    implementation->socket.connect(stream_protocol::endpoint{(data_dir / socket_name).string()}, error);
    if (error)
        return std::unexpected(fmt::format("cannot reach the server of this folder: {}", error.message()));
    return std::unique_ptr<DoorClient>(new DoorClient(std::move(implementation)));
}

Result<std::vector<core::ServiceAnswer>, std::string>
DoorClient::send(const std::vector<core::ServiceCommand>& commands) {
    const auto reply = ask(encode_commands(commands));
    if (!reply)
        return std::unexpected(reply.error());
    auto answers = decode_answers(*reply);
    if (answers && answers->size() != commands.size())
        return std::unexpected("the server did not answer every command");
    return answers;
}

Result<std::string, std::string> DoorClient::invite(std::string_view invitee) {
    const auto reply = ask(encode_invitee(invitee));
    return reply ? decode_link(*reply) : reply;
}

Result<std::string, std::string> DoorClient::ask(const std::string& text) {
    auto& socket = implementation_->socket;
    const auto broken = [](const boost::system::error_code& error) {
        return std::unexpected(
            fmt::format("the server of this folder no longer answers: {}", error.message()));
    };
    const Length length = length_of(text);
    boost::system::error_code error;
    asio::write(socket, std::array{asio::buffer(length), asio::buffer(text)}, error);
    if (error)
        return broken(error);
    Length reply_length{};
    asio::read(socket, asio::buffer(reply_length), error);
    if (error)
        return broken(error);
    if (value_of(reply_length) > message_bytes_max)
        return std::unexpected("the server's answer is too long");
    std::string reply(value_of(reply_length), '\0');
    asio::read(socket, asio::buffer(reply), error);
    if (error)
        return broken(error);
    return reply;
}

} // namespace mosty::local
