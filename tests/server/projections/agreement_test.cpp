#include "domain/base/result.hpp"
#include "domain/sites/view.hpp"
#include "domain/text/section.hpp"
#include "folded.hpp"
#include "random_history.hpp"
#include "server/projections/topic_kind.hpp"
#include "tests/storage/random_seed.hpp"

#include <algorithm>
#include <array>
#include <map>

namespace mosty::test {

namespace {

template <Worded Enum>
json::value word(Enum value) {
    return json::value(to_string(value));
}

json::value words_of(const std::vector<Sector>& sectors) {
    json::array words;
    for (const Sector sector : sectors)
        words.emplace_back(to_string(sector));
    return words;
}

void require_sides(const json::value& signatures, const PerSide<bool>& sides) {
    REQUIRE(signatures.as_object().contains("ua") == sides.ua);
    REQUIRE(signatures.as_object().contains("eu") == sides.eu);
}

void require_agrees(const json::object& view, const partnership::State& state) {
    REQUIRE(view.at("status") == word(state.standing.status));
    REQUIRE(view.at("sectors") == words_of(state.standing.sectors));
    require_sides(view.at("accepted"), state.standing.accepted);
}

void require_agrees(const json::object& view, const visit::State& state) {
    REQUIRE(view.at("status") == word(state.standing.status));
    require_sides(view.at("confirmed"), state.standing.confirmed);
    REQUIRE(view.contains("from") == state.standing.from.has_value());
    if (state.standing.from)
        REQUIRE(view.at("from") == json::value(to_string(*state.standing.from)));
    REQUIRE(view.contains("to") == state.standing.to.has_value());
}

// The texts of a proposal's sections; nullptr for one that was never written.
using Texts = std::array<const text::State*, text::section_count>;

Texts texts_of(const RandomHistory& random, const std::string& proposal) {
    Texts texts{};
    for (std::size_t i = 0; i < texts.size(); ++i) {
        const StreamId stream = text::text_stream(StreamId(proposal), static_cast<text::Section>(i));
        if (const auto found = random.states().find(stream.text()); found != random.states().end())
            texts[i] = &std::get<text::State>(found->second);
    }
    return texts;
}

json::object totals_of(const proposal::Content& content) {
    struct Sums {
        std::int64_t budget = 0, funding = 0, confirmed = 0;
    };
    std::map<std::string, Sums> sums;
    for (const auto& [id, line] : content.budget)
        sums[std::string(line.currency.code())].budget += line.amount;
    for (const auto& [id, source] : content.sources) {
        Sums& sum = sums[std::string(source.currency.code())];
        sum.funding += source.amount;
        if (source.status == proposal::FundingStatus::confirmed)
            sum.confirmed += source.amount;
    }
    json::object totals;
    for (const auto& [currency, sum] : sums)
        totals[currency] = {{"budget", sum.budget},
                            {"funding", sum.funding},
                            {"confirmed", sum.confirmed},
                            {"gap", std::max<std::int64_t>(0, sum.budget - sum.confirmed)}};
    return totals;
}

void require_agrees(const json::object& view, const proposal::State& state, const Texts& texts) {
    REQUIRE(view.at("status") == word(state.standing.status));
    REQUIRE(view.at("locked") == state.is_locked());
    REQUIRE(view.at("lead") == word(state.standing.lead));
    REQUIRE(view.at("title") == json::value(state.content.title));
    REQUIRE(view.at("sectors") == words_of(state.content.sectors));
    REQUIRE(view.at("totals") == totals_of(state.content));
    REQUIRE(view.at("budget").as_object().size() == state.content.budget.size());
    REQUIRE(view.at("indicators").as_object().size() == state.content.indicators.size());
    REQUIRE(view.at("partners").as_object().size() == state.content.partners.size());
    REQUIRE(view.contains("approval") == (state.standing.version > 0));
    if (state.standing.version > 0)
        require_sides(view.at("approval").at("approved"), state.standing.approved);
    json::array missing;
    if (!state.content.summary)
        missing.emplace_back("summary");
    if (state.content.budget.empty())
        missing.emplace_back("budget");
    json::array too_long;
    for (std::size_t i = 0; i < texts.size(); ++i) {
        const auto section = static_cast<text::Section>(i);
        const std::size_t length = texts[i] ? texts[i]->content.length() : 1;
        if (length <= 1)
            missing.emplace_back(to_string(section));
        else if (length - 1 > text::approval_length_max(section))
            too_long.emplace_back(to_string(section));
    }
    REQUIRE(view.at("missing") == missing);
    REQUIRE((view.contains("too_long") ? view.at("too_long").as_array() : json::array()) == too_long);
}

// Of what everybody sees: which places there are and for whom.
void require_agrees(const json::object& view, const sites::State& state) {
    const json::object none;
    const auto* lines = view.if_contains("sites");
    const json::object& shown = lines ? lines->as_object() : none;
    std::size_t there = 0;
    for (const auto& [id, site] : state.sites) {
        REQUIRE(shown.contains(id.text()) == site.is_there());
        if (!site.is_there())
            continue;
        ++there;
        REQUIRE(shown.at(id.text()).at("side") == word(site.side));
        REQUIRE(shown.at(id.text()).at("audience") == word(site.audience));
    }
    REQUIRE(shown.size() == there);
}

// Of what an audience sees.
void require_described(Folded& folded, const std::string& stream, const sites::State& state) {
    for (std::size_t i = 0; i < sites::view_count; ++i) {
        const auto which = static_cast<sites::View>(i);
        const json::object view = folded.view(stream + "/" + std::string(to_string(which))).as_object();
        std::size_t seen = 0;
        for (const auto& [id, site] : state.sites) {
            const bool is_seen = site.is_there() && site.description && sites::view_of(site) == which;
            REQUIRE(view.contains(id.text()) == is_seen);
            if (!is_seen)
                continue;
            ++seen;
            REQUIRE(view.at(id.text()).at("name") == json::value(site.description->name));
        }
        REQUIRE(view.size() == seen);
    }
}

} // namespace

TEST_CASE("views say what the domain's own states say", "[property]") {
    RandomHistory random(storage::random_seed("projections: states"));
    Folded folded;
    for (Size size = 50; size <= 900; size += 50) {
        random.grow_to(size);
        folded.fold(random.history());
        for (const auto& [stream, state] : random.states()) {
            if (domain::revision_of(state) == 0 ||
                projections::kind_of(stream) != projections::TopicKind::view)
                continue;
            INFO(stream);
            const auto view = folded.view(stream).as_object();
            REQUIRE(view.at("revision").to_number<Revision>() == domain::revision_of(state));
            std::visit(
                Overloaded{
                    [&](const municipality::State&) {},
                    [&](const person::State&) {},
                    [&](const text::State&) {},
                    [&](const proposal::State& one) { require_agrees(view, one, texts_of(random, stream)); },
                    [&](const sites::State& one) {
                        require_agrees(view, one);
                        require_described(folded, stream, one);
                    },
                    [&](const auto& one) { require_agrees(view, one); },
                },
                state);
        }
    }
}

} // namespace mosty::test
