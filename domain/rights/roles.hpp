#pragma once

#include "domain/base/actor.hpp"

#include <cstdint>
#include <initializer_list>

namespace mosty::rights {

// Some of the roles.
class Roles {
public:
    constexpr Roles() = default;
    constexpr Roles(std::initializer_list<Role> roles) {
        for (const Role role : roles)
            bits_ |= bit(role);
    }

    constexpr bool contains(Role role) const { return (bits_ & bit(role)) != 0; }
    constexpr bool empty() const { return bits_ == 0; }

    friend constexpr Roles operator|(Roles a, Roles b) {
        Roles both;
        both.bits_ = a.bits_ | b.bits_;
        return both;
    }
    friend constexpr bool operator==(Roles, Roles) = default;

private:
    static constexpr std::uint32_t bit(Role role) { return 1u << static_cast<unsigned>(role); }

    std::uint32_t bits_ = 0;
};

inline constexpr std::size_t role_count = WordsOf<Role>::words.size();
static_assert(role_count <= 32, "a set of roles has a bit for each");

} // namespace mosty::rights
