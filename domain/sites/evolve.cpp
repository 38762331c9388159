#include "domain/sites/evolve.hpp"

#include "domain/base/invariant.hpp"
#include "domain/base/result.hpp"

namespace mosty::sites {

namespace {

Revision shown_since(Audience audience, Revision recorded) {
    return audience == Audience::partners ? recorded : 0;
}

} // namespace

void apply(State& state, const Event& event, const mosty::Recorded& recorded) {
    MOSTY_INVARIANT(recorded.revision == state.revision + 1, "history has no gaps");
    state.revision = recorded.revision;
    const auto with = [&](const SiteId& id, const auto& change) {
        if (const auto found = state.sites.find(id); found != state.sites.end())
            change(found->second);
    };
    std::visit(
        Overloaded{
            [&](const Recorded& one) {
                const Revision shown = shown_since(one.audience, recorded.revision);
                state.sites.try_emplace(
                    one.site, Site{one.side, one.audience, {}, false, false, recorded.revision, shown});
            },
            [&](const Described& one) {
                with(one.site, [&](Site& site) { site.description = one.description; });
            },
            [&](const Shared& one) {
                with(one.site, [&](Site& site) {
                    site.audience = Audience::partners;
                    site.for_partners = recorded.revision;
                });
            },
            [&](const Withdrawn& one) { with(one.site, [](Site& site) { site.audience = Audience::town; }); },
            [&](const Removed& one) {
                with(one.site, [](Site& site) {
                    site.removed = true;
                    site.description.reset();
                });
            },
            [&](const Erased& one) {
                with(one.site, [](Site& site) {
                    site.erased = true;
                    site.description.reset();
                });
            },
        },
        event);
}

} // namespace mosty::sites
