#pragma once

#include "domain/base/result.hpp"
#include "server/core/core.hpp"
#include "server/core/service_command.hpp"

#include <boost/asio/io_context.hpp>

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace mosty::local {

// The server's side of the socket in the data folder. Who may open the folder is its owner; so whoever
// comes through this door acts as a service.
class Door {
public:
    using Invited = std::move_only_function<void(Result<std::string, std::string> link)>;
    // Invites whom the JSON object names, and calls back with the link, on any thread.
    using Invite = std::function<void(std::string invitee, Invited invited)>;

    Door(boost::asio::io_context& io, core::Core& core, Invite invite);
    ~Door();

    Result<void, std::string> open(const std::filesystem::path& data_dir);
    // Accepts no more, and removes the socket.
    void stop();

private:
    struct Implementation;
    std::shared_ptr<Implementation> implementation_;
};

// The importer's side: sends to the server that has the folder open.
class DoorClient final : public core::ServiceDoor {
public:
    static Result<std::unique_ptr<DoorClient>, std::string> connect(const std::filesystem::path& data_dir);
    ~DoorClient() override;

    Result<std::vector<core::ServiceAnswer>, std::string>
    send(const std::vector<core::ServiceCommand>& commands) override;

    // The link of an invitation, or why there is none. `invitee` is a JSON object: see messages.hpp.
    Result<std::string, std::string> invite(std::string_view invitee);

private:
    struct Implementation;
    Result<std::string, std::string> ask(const std::string& text);
    explicit DoorClient(std::unique_ptr<Implementation> implementation);
    std::unique_ptr<Implementation> implementation_;
};

} // namespace mosty::local
