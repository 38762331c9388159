#pragma once

#include <boost/json.hpp>

#include <array>
#include <string_view>

namespace mosty::projections {

using namespace std::string_view_literals;

// The members of a proposal's view that its facts decide, not its content.
inline constexpr std::array proposal_standing_members{
    "partnership"sv, "lead"sv,     "source"sv,     "status"sv, "locked"sv,
    "approval"sv,    "returned"sv, "submission"sv, "answer"sv,
};

// What the proposal's facts add up to. `returned` is told until approval is asked for again.
boost::json::object proposal_standing(const boost::json::object& view);

} // namespace mosty::projections
