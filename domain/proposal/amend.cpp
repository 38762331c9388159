#include "domain/proposal/amend.hpp"

#include "domain/base/result.hpp"
#include "domain/history/changes.hpp"

namespace mosty::proposal {

std::string_view amend(Fact& fact, Changes changes) {
    std::visit(Overloaded{
                   [&](Drafted& drafted) {
                       take(drafted.lead, changes.lead);
                       take(drafted.source, changes.source);
                   },
                   [](ApprovalAsked&) {},
                   [](Approved&) {},
                   [&](Returned& returned) { take(returned.reason, changes.fact_reason); },
                   [&](ApprovalWithdrawn& withdrawn) { take(withdrawn.reason, changes.fact_reason); },
                   [&](Submitted& submitted) {
                       take(submitted.funder, changes.funder);
                       take(submitted.on, changes.on);
                       take(submitted.reference, changes.reference);
                   },
                   [&](Answered& answered) {
                       take(answered.answer, changes.answer);
                       take(answered.on, changes.on);
                       take(answered.amount, changes.amount);
                       take(answered.currency, changes.currency);
                       take(answered.note, changes.note);
                   },
               },
               fact);
    return first_left({{"lead", changes.lead.has_value()},
                       {"source", changes.source.has_value()},
                       {"funder", changes.funder.has_value()},
                       {"on", changes.on.has_value()},
                       {"reference", changes.reference.has_value()},
                       {"answer", changes.answer.has_value()},
                       {"amount", changes.amount.has_value()},
                       {"currency", changes.currency.has_value()},
                       {"note", changes.note.has_value()},
                       {"fact_reason", changes.fact_reason.has_value()}});
}

} // namespace mosty::proposal
