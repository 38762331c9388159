#pragma once

#include "domain/base/ids.hpp"
#include "domain/base/result.hpp"
#include "domain/domain.hpp"
#include "server/sequencing/entropy.hpp"

#include <filesystem>
#include <optional>
#include <string>

namespace mosty::access {

// Makes and checks the ids of writers: each is one actor's, for one text, and carries a seal that says so,
// under a key that only this server's folder holds. Nothing is stored of them until they write.
//
// Threads: issue() from one at a time; belongs() from any.
class ClientIds {
public:
    // Reads the key from `path`, or makes it, readable by the owner alone.
    static Result<ClientIds, std::string> open(const std::filesystem::path& path);

    // A new id of 42 characters: "k-" and letters and digits.
    text::ClientId issue(const ActorId& actor, const StreamId& text) const;

    // Whether the id was issued here to this actor for this text.
    bool belongs(const text::ClientId& client, const ActorId& actor, const StreamId& text) const;

private:
    explicit ClientIds(std::string key) : key_(std::move(key)), entropy_(sequencing::system_entropy()) {}
    std::string seal(std::string_view name, const ActorId& actor, const StreamId& text) const;

    std::string key_;
    sequencing::Entropy entropy_;
};

// The check of one connection's edits. It remembers the writer that it saw last, whose seal is not computed
// again for every letter.
//
// Threads: one, the connection's.
class OwnClients {
public:
    OwnClients(const ClientIds& ids, ActorId actor) : ids_(ids), actor_(std::move(actor)) {}

    // Refuses an edit whose writer was not issued to the actor for this text; nothing for every other
    // command.
    std::optional<Rejection> refuse_foreign(const StreamId& stream, const domain::Command& command);

private:
    const ClientIds& ids_;
    const ActorId actor_;
    text::ClientId last_client_;
    StreamId last_stream_;
};

} // namespace mosty::access
