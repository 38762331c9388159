#include "server/projections/proposal_standing.hpp"

#include "domain/proposal/event.hpp"
#include "server/projections/facts.hpp"
#include "server/projections/json_text.hpp"

namespace mosty::projections {
namespace json = boost::json;
namespace {

using namespace proposal;

json::object approval_of(const Fact& asked) {
    json::object approval;
    copy_members(approval, asked.data, {"version"});
    approval.emplace("asked_by", asked.actor);
    approval.emplace("asked_side", asked.data.at("by"));
    approval.emplace("at", asked.at);
    copy_members(approval, asked.data, {"content_hash"});
    approval.emplace("approved", json::object());
    return approval;
}

void approve(json::object& standing, const Fact& fact) {
    auto* approval = standing.if_contains("approval");
    if (approval == nullptr)
        return;
    json::object& approved = approval->as_object().at("approved").as_object();
    approved[text_of(fact.data, "side")] = signature(fact.at, fact.actor);
    if (approved.size() == 2)
        standing["status"] = "approved";
}

void reopen(json::object& standing) {
    standing["status"] = "draft";
    standing.erase("approval");
}

std::string_view status_after(std::string_view answer) {
    return answer == "more_information" ? "submitted"sv : answer;
}

void fold_fact(json::object& standing, const Fact& fact) {
    if (fact.type == Drafted::type) {
        copy_members(standing, fact.data, {"partnership", "lead", "source"});
        standing["status"] = "draft";
    } else if (fact.type == ApprovalAsked::type) {
        standing["status"] = "in_approval";
        standing["approval"] = approval_of(fact);
        standing.erase("returned");
    } else if (fact.type == Approved::type) {
        approve(standing, fact);
    } else if (fact.type == Returned::type) {
        reopen(standing);
        standing["returned"] = fact.signed_with({"version", "side", "reason"});
    } else if (fact.type == ApprovalWithdrawn::type) {
        reopen(standing);
    } else if (fact.type == Submitted::type) {
        standing["status"] = "submitted";
        standing["submission"] = fact.signed_with({"version", "funder", "on", "reference"});
    } else if (fact.type == Answered::type) {
        standing["status"] = status_after(text_of(fact.data, "answer"));
        standing["answer"] = fact.signed_with({"answer", "on", "amount", "currency", "note"});
    }
}

} // namespace

json::object proposal_standing(const json::object& view) {
    json::object standing;
    for_each_fact(view, [&](const Fact& fact) { fold_fact(standing, fact); });
    standing["locked"] = text_of(standing, "status") != "draft";
    return standing;
}

} // namespace mosty::projections
