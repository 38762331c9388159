#include "domain/codec/upcast.hpp"
#include "domain/proposal/event_approval.hpp"

#include <array>

namespace mosty::codec {
namespace {

// Before there were texts, nobody put any before the mayors.
void name_texts(DataMembers& data) {
    data.add("texts", "{}");
}

constexpr std::array steps{
    Upcaster{proposal::ApprovalAsked::type, 1, name_texts},
};

} // namespace

std::span<const Upcaster> upcasters() {
    return steps;
}

} // namespace mosty::codec
