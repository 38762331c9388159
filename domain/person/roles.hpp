#pragma once

#include "domain/base/actor.hpp"

namespace mosty::person {

// How much a role may do in its own organisation: a mayor signs, an officer writes, an expert advises. Every
// role of the programme stands for itself.
constexpr int rank_of(Role role) {
    switch (role) {
    case Role::expert:
        return 1;
    case Role::officer:
        return 2;
    case Role::mayor:
        return 3;
    case Role::secretariat:
    case Role::service:
        return 4;
    case Role::auditor:
    case Role::association:
    case Role::funder:
        break;
    }
    return 0;
}

// The role that a municipality gives to its own people by itself. Not the expert's: experts read what every
// town writes.
constexpr bool is_given_by_towns(Role role) {
    return role == Role::officer;
}

} // namespace mosty::person
