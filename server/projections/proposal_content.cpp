#include "server/projections/proposal_content.hpp"

#include "domain/base/names.hpp"
#include "domain/base/result.hpp"
#include "domain/context.hpp"
#include "server/projections/json_text.hpp"
#include "server/projections/keys.hpp"
#include "server/projections/proposal_figures.hpp"

#include <concepts>

namespace mosty::projections {
namespace json = boost::json;
namespace {

using namespace proposal;

json::array words_of(const std::vector<Sector>& sectors) {
    json::array words;
    words.reserve(sectors.size());
    for (const Sector sector : sectors)
        words.emplace_back(to_string(sector));
    return words;
}

// Writes one event; at hand is what all of them need.
class Writer {
public:
    Writer(Fold& fold, Entity& entity, ViewChange& change)
        : fold_(fold), entity_(entity), view_(change.view()), change_(change) {}

    void write(const Drafted& drafted) {
        const auto& partners = drafted.partners;
        if (partners.size() >= 2) {
            change_.set("ua", partners[0].text());
            change_.set("eu", partners[1].text());
        }
        change_.set("title", drafted.title);
        if (drafted.summary)
            change_.set("summary", *drafted.summary);
        change_.set("sectors", json::value(words_of(drafted.sectors)));
        json::object all;
        for (const MunicipalityId& partner : partners) {
            const auto order = static_cast<std::int64_t>(all.size());
            const Side side = order == 0 ? Side::ua : order == 1 ? Side::eu : side_of(partner);
            all.emplace(partner.text(), json::object{{"order", order}, {"side", to_string(side)}});
        }
        change_.set("partners", json::value(std::move(all)));
        for (const std::string_view part : {"budget", "sources", "indicators", "totals"})
            change_.set(part, json::value(json::object()));
        change_missing(change_);
    }

    void write(const Edited& edited) {
        const bool had_summary = view_.contains("summary");
        if (edited.title)
            change_.set("title", *edited.title);
        if (edited.summary)
            change_.set("summary", *edited.summary);
        if (edited.sectors)
            change_.set("sectors", json::value(words_of(*edited.sectors)));
        for (const Clearable field : edited.cleared)
            if (!edited.summary || field != Clearable::summary)
                change_.erase(to_string(field));
        if ((edited.summary && !had_summary) || edited.sectors || !edited.cleared.empty())
            change_missing(change_);
    }

    void write(const PartnerAdded& added) {
        const std::string& id = added.municipality.text();
        if (present("partners", id) != nullptr)
            return;
        const Side side = side_of(added.municipality);
        change_.set_in("partners", id, json::object{{"order", position()}, {"side", to_string(side)}});
    }

    void write(const PartnerRemoved& removed) { change_.erase_in("partners", removed.municipality.text()); }

    void write(const BudgetLineSet& set) {
        const BudgetLine& line = set.line;
        const auto before = cost_in(view_, line.id.text());
        json::object entry = begin_entry("budget", line.id.text());
        entry.emplace("category", to_string(line.category));
        entry.emplace("partner", line.partner.text());
        entry.emplace("description", line.description);
        entry.emplace("amount", line.amount);
        entry.emplace("currency", line.currency.code());
        put("budget", line.id.text(), std::move(entry), line.invented);
        change_totals(change_, before, cost_in(view_, line.id.text()));
        change_missing(change_);
    }

    void write(const BudgetLineRemoved& removed) {
        const auto before = cost_in(view_, removed.line.text());
        if (!before)
            return;
        remove("budget", removed.line.text());
        change_totals(change_, before, std::nullopt);
        change_missing(change_);
    }

    void write(const FundingSourceSet& set) {
        const FundingSource& source = set.source;
        const auto before = funding_in(view_, source.id.text());
        json::object entry = begin_entry("sources", source.id.text());
        entry.emplace("name", source.name);
        entry.emplace("kind", to_string(source.kind));
        if (source.partner)
            entry.emplace("partner", source.partner->text());
        entry.emplace("amount", source.amount);
        entry.emplace("currency", source.currency.code());
        entry.emplace("status", to_string(source.status));
        put("sources", source.id.text(), std::move(entry), source.invented);
        change_totals(change_, before, funding_in(view_, source.id.text()));
    }

    void write(const FundingSourceRemoved& removed) {
        const auto before = funding_in(view_, removed.source.text());
        if (!before)
            return;
        remove("sources", removed.source.text());
        change_totals(change_, before, std::nullopt);
    }

    void write(const IndicatorSet& set) {
        const Indicator& indicator = set.indicator;
        json::object entry = begin_entry("indicators", indicator.id.text());
        entry.emplace("name", indicator.name);
        entry.emplace("unit", indicator.unit);
        if (indicator.baseline)
            entry.emplace("baseline", *indicator.baseline);
        if (indicator.target)
            entry.emplace("target", *indicator.target);
        if (indicator.baseline_on)
            entry.emplace("baseline_on", to_string(*indicator.baseline_on));
        if (indicator.source)
            entry.emplace("source", *indicator.source);
        put("indicators", indicator.id.text(), std::move(entry), indicator.invented);
    }

    void write(const IndicatorRemoved& removed) {
        if (present("indicators", removed.indicator.text()) != nullptr)
            remove("indicators", removed.indicator.text());
    }

private:
    // On which bank a town lies, as its row in the register tells.
    Side side_of(const MunicipalityId& id) {
        const auto row = fold_.store.get(keys::row("municipalities", id.text()));
        return row ? side_of_country(text_of(json::parse(*row).as_object(), "country")) : Side::eu;
    }

    std::int64_t position() const { return static_cast<std::int64_t>(fold_.position); }

    const json::value* present(std::string_view part, std::string_view id) const {
        return view_.at(part).as_object().if_contains(id);
    }

    // A line, source or indicator keeps the order it came in.
    json::object begin_entry(std::string_view part, std::string_view id) const {
        const auto* before = present(part, id);
        json::object entry;
        entry.reserve(10);
        entry.emplace("order", before == nullptr ? position() : before->at("order").as_int64());
        return entry;
    }

    void put(std::string_view part, std::string_view id, json::object entry, bool invented) {
        const auto* before = present(part, id);
        const bool was_invented = before != nullptr && before->at("invented").as_bool();
        entry.emplace("invented", invented);
        entry.emplace("at", fold_.at);
        entry.emplace("actor", fold_.actor());
        change_.set_in(part, id, std::move(entry));
        if (invented)
            entity_.some_figure_invented = true;
        else if (was_invented)
            entity_.some_figure_invented = has_invented_figure(view_);
    }

    void remove(std::string_view part, std::string_view id) {
        change_.erase_in(part, id);
        if (entity_.some_figure_invented)
            entity_.some_figure_invented = has_invented_figure(view_);
    }

    Fold& fold_;
    Entity& entity_;
    const json::object& view_;
    ViewChange& change_;
};

template <class Event>
concept WritesContent = requires(Writer& writer, const Event& event) { writer.write(event); };

} // namespace

void write_content(Fold& fold, Entity& entity, ViewChange& change, const proposal::Event& event) {
    Writer writer(fold, entity, change);
    std::visit(
        [&]<class One>(const One& one) {
            if constexpr (WritesContent<One>)
                writer.write(one);
        },
        event);
}

} // namespace mosty::projections
