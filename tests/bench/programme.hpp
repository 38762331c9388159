#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace mosty::bench {

// Two towns that work together, and the officers who speak for them.
struct Partnership {
    std::string id;
    std::string ua;
    std::string eu;
    std::string ua_officer;
    std::string eu_officer;
};

// The demo as its people see it, and the proposals that the measurements work on.
class Programme {
public:
    // Looks at the server, which must run with --demo.
    explicit Programme(std::uint16_t port);

    std::uint16_t port() const { return port_; }

    // In order of their ids, only active ones.
    const std::vector<Partnership>& partnerships() const { return partnerships_; }

    // The proposals are shared out over the partnerships in turn.
    const Partnership& partnership_of(std::size_t proposal) const {
        return partnerships_[proposal % partnerships_.size()];
    }
    static std::string proposal_stream(std::size_t proposal);

    // The cookie of whoever is signed in as this person; asked for once.
    const std::string& cookie_of(const std::string& actor);
    const std::string& secretariat() const { return secretariat_; }
    const std::string& auditor() const { return auditor_; }

private:
    std::uint16_t port_;
    std::vector<Partnership> partnerships_;
    std::string secretariat_;
    std::string auditor_;
    std::map<std::string, std::string> cookies_;
};

} // namespace mosty::bench
