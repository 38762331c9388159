#pragma once

#include "domain/base/rejection.hpp"
#include "domain/base/result.hpp"
#include "domain/history/trail.hpp"

#include <string>
#include <utility>

namespace mosty {

// Finds the fact that a correction names. `unknown_event` when the trail has no such fact.
template <class Data>
Result<const typename Trail<Data>::Fact*, Rejection> find_fact(const Trail<Data>& trail,
                                                               const EventId& corrects) {
    if (const auto* fact = trail.find(corrects))
        return fact;
    return refuse(RejectionCode::unknown_event,
                  "There is no fact here with this id that could be corrected. Choose one from the history.",
                  "corrects");
}

// Whether the fact may be taken back: only the last one that stands, and never the one that opened it all.
template <class Data>
Result<void, Rejection> check_retraction(const Trail<Data>& trail, const typename Trail<Data>::Fact& fact) {
    if (fact.retracted)
        return refuse(RejectionCode::already_done, "This fact has already been taken back.", "corrects");
    if (trail.is_first(fact)) {
        return refuse(
            RejectionCode::not_correctable,
            "The first fact cannot be taken back. Correct its fields, or withdraw or cancel the whole.",
            "corrects");
    }
    if (trail.last() != &fact) {
        return refuse(RejectionCode::later_facts_depend_on_it,
                      "Later facts rest on this one. Take them back first, the newest one first.",
                      "corrects");
    }
    return {};
}

// The fact's data with the changes in place. `not_correctable` names a field that the fact does not have.
// `amend(data, changes)` moves the changes it knows and returns the name of the first that is left.
template <class Data, class Changes, class Amend>
Result<Data, Rejection> amended(const typename Trail<Data>::Fact& fact, Changes changes, const Amend& amend) {
    if (fact.retracted) {
        return refuse(RejectionCode::not_correctable,
                      "This fact has been taken back, so there is nothing left to correct.", "corrects");
    }
    Data data = fact.data;
    if (const std::string_view left = amend(data, std::move(changes)); !left.empty()) {
        return refuse(RejectionCode::not_correctable,
                      "The fact that you correct has no field \"" + std::string(left) + "\". Leave it out.",
                      left);
    }
    return data;
}

} // namespace mosty
