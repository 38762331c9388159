#include "domain/codec/data.hpp"

#include "domain/codec/fields.hpp"
#include "domain/codec/write_object.hpp"

namespace mosty::codec {

void append_data(std::string& out, const domain::Event& event) {
    std::visit(
        [&](const auto& entity) { std::visit([&](const auto& one) { write_object(out, one); }, entity); },
        event);
}

void append_row(std::string& out, const municipality::Row& row) {
    write_object(out, row);
}

void append_profile(std::string& out, const person::Profile& profile) {
    write_object(out, profile);
}

void append_budget_line(std::string& out, const proposal::BudgetLine& line) {
    write_object(out, line);
}

void append_funding_source(std::string& out, const proposal::FundingSource& source) {
    write_object(out, source);
}

void append_indicator(std::string& out, const proposal::Indicator& indicator) {
    write_object(out, indicator);
}

void append_description(std::string& out, const sites::Description& site) {
    write_object(out, site);
}

} // namespace mosty::codec
