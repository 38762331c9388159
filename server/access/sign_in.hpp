#pragma once

#include "domain/base/ids.hpp"
#include "domain/base/result.hpp"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace mosty::access {

// Makes and checks the tokens that a browser's cookie carries: who signed in and until when, under a
// key that only this server's folder holds. They outlive a restart.
//
// Threads: immutable, any.
class SignIns {
public:
    // Reads the key from `path`, or makes it, readable by the owner alone.
    static Result<SignIns, std::string> open(const std::filesystem::path& path);

    std::string issue(const ActorId& actor, std::int64_t until_ms) const;

    // Nothing when the token was not issued here or has run out.
    std::optional<ActorId> check(std::string_view token, std::int64_t now_ms) const;

private:
    explicit SignIns(std::string key) : key_(std::move(key)) {}
    std::string seal(std::string_view payload) const;

    std::string key_;
};

} // namespace mosty::access
