#include "domain/base/names.hpp"
#include "server/accounts/credentials.hpp"
#include "server/accounts/invitation_data.hpp"
#include "server/core/inline_door.hpp"
#include "server/core/open_folder.hpp"
#include "server/local/door.hpp"
#include "server/realtime/json_text.hpp"
#include "server/sequencing/entropy.hpp"
#include "server/tools/tools.hpp"

#include <fmt/format.h>

#include <chrono>
#include <cstdio>
#include <string>
#include <sys/stat.h>

namespace mosty::tools {
namespace {

constexpr std::string_view service = "service-invite";

// Whom to invite, as a JSON object.
std::string invitee_of(const config::Invite& task) {
    std::string json = "{";
    if (!task.person.empty()) {
        realtime::append_member(json, "person", task.person);
    } else {
        realtime::append_member(json, "name", task.name);
        realtime::append_member(json, "organisation", task.organisation);
        realtime::append_member(json, "role", task.role);
        realtime::append_member(json, "language", task.language);
    }
    return json + '}';
}

// Invites on a folder that no server has open.
Result<std::string, std::string> invite_on(core::OpenFolder& folder, const config::Invite& task) {
    const AccountSettings settings;
    auto credentials = accounts::Credentials::open(task.data, folder.credentials_key, settings);
    if (!credentials)
        return std::unexpected(credentials.error());
    using namespace std::chrono;
    const auto now_ms = duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count();
    const auto entropy = sequencing::system_entropy();
    const bool is_new = task.person.empty();
    accounts::Invitation invitation{
        .person = ActorId(is_new ? sequencing::random_id("u-", entropy) : task.person),
        .id = person::InvitationId(sequencing::random_id("in-", entropy)),
        .by = ActorId(std::string(service)),
        .made_ms = now_ms,
        .until_ms = now_ms + duration_cast<milliseconds>(settings.invitation_lasts).count()};
    core::InlineDoor door(*folder.log, *folder.views, *folder.projector);
    const auto answers = door.send({{.actor = std::string(service),
                                     .id = sequencing::random_id("c-", entropy),
                                     .stream = "person/" + invitation.person.text(),
                                     .name = is_new ? "invite_person" : "invite_again",
                                     .data = accounts::invitation_data(is_new ? invitee_of(task) : "{}",
                                                                       invitation.id, invitation.until_ms),
                                     .at_ms = {}}});
    if (!answers)
        return std::unexpected(answers.error());
    if (const auto& answer = answers->front(); !answer)
        return std::unexpected(answer.error().detail);
    (*credentials)->remove_all_of(invitation.person, now_ms);
    return "/join#" + (*credentials)->add(invitation);
}

Result<std::string, std::string> link_for(const config::Invite& task) {
    auto folder = core::open_folder(task.data, {.master_key_file = task.master_key_file, .progress = {}});
    if (folder) {
        auto path = invite_on(*folder, task);
        return path ? Result<std::string, std::string>(task.origin + *path) : path;
    }
    if (folder.error().code != storage::OpenError::Code::locked)
        return std::unexpected(folder.error().sentence);
    auto client = local::DoorClient::connect(task.data);
    if (!client)
        return std::unexpected(client.error());
    return (*client)->invite(invitee_of(task));
}

} // namespace

int invite(const config::Invite& task) {
    ::umask(S_IRWXG | S_IRWXO);
    const auto link = link_for(task);
    if (!link) {
        fmt::print(stderr, "mosty invite: {}\n", link.error());
        return 1;
    }
    fmt::print("Open this link within a week to choose a password. It works once:\n{}\n", *link);
    return 0;
}

} // namespace mosty::tools
