#include "domain/codec/read_object.hpp"

#include <fmt/format.h>

namespace mosty::codec {

Fault unknown_member(std::string_view member) {
    const std::string shown(member.substr(0, 64));
    return Rejection{
        RejectionCode::malformed, fmt::format("\"{}\" is not known here. Leave it out.", shown), shown, {}};
}

Fault repeated_member(std::string_view member) {
    return Rejection{RejectionCode::malformed,
                     fmt::format("{}: this stands here twice. Give it once.", member),
                     std::string(member),
                     {}};
}

Fault missing_member(Place place) {
    return Rejection{RejectionCode::invalid_field,
                     fmt::format("{}: this is needed. Fill it in.", place.field),
                     std::string(place.field),
                     {}};
}

} // namespace mosty::codec
