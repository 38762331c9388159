#pragma once

#include "domain/codec/entry.hpp"

#include <variant>
#include <vector>

namespace mosty::access {

// What some committed entries can have changed of who may read what.
struct RightsChange {
    bool of_people = false;        // somebody's role, organisation or deputies
    std::vector<StreamId> of_what; // proposals that fewer may read than before

    void note(const codec::DecodedEntry& entry) {
        if (std::holds_alternative<person::Event>(entry.event))
            of_people = true;
        const auto* event = std::get_if<proposal::Event>(&entry.event);
        if (event && std::holds_alternative<proposal::PartnerRemoved>(*event))
            of_what.push_back(entry.envelope.stream);
    }

    bool is_any() const { return of_people || !of_what.empty(); }
};

} // namespace mosty::access
