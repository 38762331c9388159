#pragma once

#include "domain/domain.hpp"
#include "domain/proposal/state.hpp"

#include <string>

namespace mosty::codec {

// Appends the event's data as a JSON object, exactly as it stands in the entry.
void append_data(std::string& out, const domain::Event& event);

// Appends the JSON object of one municipality row, profile, budget line, funding source or indicator.
void append_row(std::string& out, const municipality::Row& row);
void append_profile(std::string& out, const person::Profile& profile);
void append_budget_line(std::string& out, const proposal::BudgetLine& line);
void append_funding_source(std::string& out, const proposal::FundingSource& source);
void append_indicator(std::string& out, const proposal::Indicator& indicator);
void append_description(std::string& out, const sites::Description& site);

} // namespace mosty::codec
