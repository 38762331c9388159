#include "domain/codec/upcast.hpp"
#include "domain/proposal/event_approval.hpp"
#include "domain/text/event.hpp"

#include <array>

namespace mosty::codec {
namespace {

// Before there were texts, nobody put any before the mayors.
void name_texts(DataMembers& data) {
    data.add("texts", "{}");
}

// For whom a suggester acted is not known of earlier suggestions.
void leave_as_it_is(DataMembers&) {}

constexpr std::array steps{
    Upcaster{proposal::ApprovalAsked::type, 1, name_texts},
    Upcaster{text::Suggested::type, 1, leave_as_it_is},
};

} // namespace

std::span<const Upcaster> upcasters() {
    return steps;
}

} // namespace mosty::codec
