#pragma once

#include "domain/codec/fields_towns.hpp"
#include "domain/proposal/command.hpp"

// The JSON of a proposal's content. Its way through approval is in fields_version.hpp.
namespace mosty::codec {

inline constexpr List<Identifier> partners{2, 8, {}, false};
inline constexpr List<Word> cleared{0, 1, {}, true};

template <>
inline constexpr auto fields_of<proposal::BudgetLine> = [] {
    using proposal::BudgetLine;
    return std::tuple{
        field("line", &BudgetLine::id, id),
        field("category", &BudgetLine::category, word),
        field("partner", &BudgetLine::partner, id),
        field("description", &BudgetLine::description, description),
        field("amount", &BudgetLine::amount, amount),
        field("currency", &BudgetLine::currency, currency_code),
        field("invented", &BudgetLine::invented, truth),
    };
}();

template <>
inline constexpr auto fields_of<proposal::FundingSource> = [] {
    using proposal::FundingSource;
    return std::tuple{
        field("source", &FundingSource::id, id),
        field("name", &FundingSource::name, name),
        field("kind", &FundingSource::kind, word),
        field("partner", &FundingSource::partner, id),
        field("amount", &FundingSource::amount, amount),
        field("currency", &FundingSource::currency, currency_code),
        field("status", &FundingSource::status, word),
        field("invented", &FundingSource::invented, truth),
    };
}();

template <>
inline constexpr auto fields_of<proposal::Indicator> = [] {
    using proposal::Indicator;
    return std::tuple{
        field("indicator", &Indicator::id, id),
        field("name", &Indicator::name, name),
        field("unit", &Indicator::unit, name),
        field("baseline", &Indicator::baseline, any_whole),
        field("target", &Indicator::target, any_whole),
        field("baseline_on", &Indicator::baseline_on, date),
        field("source", &Indicator::source, source_text),
        field("invented", &Indicator::invented, truth),
    };
}();

template <>
inline constexpr auto fields_of<proposal::Drafted> = [] {
    using proposal::Drafted;
    return std::tuple{
        field("partnership", &Drafted::partnership, id),
        field("title", &Drafted::title, title),
        field("lead", &Drafted::lead, word),
        field("partners", &Drafted::partners, partners),
        field("sectors", &Drafted::sectors, sectors),
        field("summary", &Drafted::summary, summary),
        field("source", &Drafted::source, source_text),
    };
}();

template <>
inline constexpr auto fields_of<proposal::Edited> = [] {
    using proposal::Edited;
    return std::tuple{
        field("title", &Edited::title, title),
        field("summary", &Edited::summary, summary),
        field("sectors", &Edited::sectors, sectors),
        field("cleared", &Edited::cleared, cleared),
    };
}();

template <>
inline constexpr auto fields_of<proposal::PartnerAdded> =
    std::tuple{field("municipality", &proposal::PartnerAdded::municipality, id)};
template <>
inline constexpr auto fields_of<proposal::PartnerRemoved> =
    std::tuple{field("municipality", &proposal::PartnerRemoved::municipality, id)};
template <>
inline constexpr auto fields_of<proposal::BudgetLineSet> = fields_of_part(&proposal::BudgetLineSet::line);
template <>
inline constexpr auto fields_of<proposal::BudgetLineRemoved> =
    std::tuple{field("line", &proposal::BudgetLineRemoved::line, id)};
template <>
inline constexpr auto fields_of<proposal::FundingSourceSet> =
    fields_of_part(&proposal::FundingSourceSet::source);
template <>
inline constexpr auto fields_of<proposal::FundingSourceRemoved> =
    std::tuple{field("source", &proposal::FundingSourceRemoved::source, id)};
template <>
inline constexpr auto fields_of<proposal::IndicatorSet> = fields_of_part(&proposal::IndicatorSet::indicator);
template <>
inline constexpr auto fields_of<proposal::IndicatorRemoved> =
    std::tuple{field("indicator", &proposal::IndicatorRemoved::indicator, id)};

template <>
inline constexpr auto fields_of<proposal::Draft> = [] {
    using proposal::Draft;
    return std::tuple{
        field("partnership", &Draft::partnership, id),
        field("title", &Draft::title, title),
        field("sectors", &Draft::sectors, sectors),
        field("summary", &Draft::summary, summary),
        field("lead", &Draft::lead, word),
        field("source", &Draft::source, source_text),
    };
}();

template <>
inline constexpr auto fields_of<proposal::Edit> = [] {
    using proposal::Edit;
    return std::tuple{
        field("title", &Edit::title, title),
        field("summary", &Edit::summary, summary),
        field("sectors", &Edit::sectors, sectors),
    };
}();

template <>
inline constexpr auto fields_of<proposal::AddPartner> =
    std::tuple{field("municipality", &proposal::AddPartner::municipality, id)};
template <>
inline constexpr auto fields_of<proposal::RemovePartner> =
    std::tuple{field("municipality", &proposal::RemovePartner::municipality, id)};
template <>
inline constexpr auto fields_of<proposal::SetBudgetLine> = fields_of_part(&proposal::SetBudgetLine::line);
template <>
inline constexpr auto fields_of<proposal::RemoveBudgetLine> =
    std::tuple{field("line", &proposal::RemoveBudgetLine::line, id)};
template <>
inline constexpr auto fields_of<proposal::SetFundingSource> =
    fields_of_part(&proposal::SetFundingSource::source);
template <>
inline constexpr auto fields_of<proposal::RemoveFundingSource> =
    std::tuple{field("source", &proposal::RemoveFundingSource::source, id)};
template <>
inline constexpr auto fields_of<proposal::SetIndicator> = fields_of_part(&proposal::SetIndicator::indicator);
template <>
inline constexpr auto fields_of<proposal::RemoveIndicator> =
    std::tuple{field("indicator", &proposal::RemoveIndicator::indicator, id)};

} // namespace mosty::codec
