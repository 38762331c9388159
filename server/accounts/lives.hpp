#pragma once

#include "server/access/life.hpp"

#include <array>
#include <cstddef>
#include <memory>
#include <string>
#include <unordered_map>

namespace mosty::accounts {

// The lives of the sessions that were asked for since the start, by key: one for all who act by a session.
//
// Threads: any. Who changes a shelf puts another in its place, so nobody waits while one is looked through.
class Lives {
public:
    using Shelf = std::unordered_map<std::string, std::shared_ptr<access::Life>>;

    // Nothing when there is none.
    std::shared_ptr<access::Life> find(const std::string& key) const;

    // The one that there is; `made` from now on when there was none.
    std::shared_ptr<access::Life> keep(const std::string& key, std::shared_ptr<access::Life> made);

    void forget(const std::string& key);

    Shelf all() const;

private:
    static constexpr std::size_t shelves_count = 256;
    using Shared = std::shared_ptr<const Shelf>;

    static std::size_t place_of(const std::string& key);

    // Read and written by the functions of <memory> for atomic access alone; empty: nothing is there.
    std::array<Shared, shelves_count> shelves_;
};

} // namespace mosty::accounts
