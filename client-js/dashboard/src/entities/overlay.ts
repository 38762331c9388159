import type { JsonObject } from "../../../src/index";
import type { BudgetLine, FundingSource, Indicator, Proposal } from "./types";

export interface Change {
  readonly name: string;
  readonly data: JsonObject;
}

// The proposal as its writer sees it: with the edits that wait on this device already in place.
export function withPending(proposal: Proposal, changes: readonly Change[]): Proposal {
  return changes.reduce(apply, proposal);
}

function apply(proposal: Proposal, { name, data }: Change): Proposal {
  switch (name) {
    case "edit_proposal": {
      const next = { ...proposal, ...data };
      if (data["summary"] === null) delete next.summary;
      return next;
    }
    case "set_budget_line":
      return { ...proposal, budget: put<BudgetLine>(proposal.budget, String(data["line"]), data) };
    case "remove_budget_line":
      return { ...proposal, budget: without(proposal.budget, String(data["line"])) };
    case "set_funding_source":
      return { ...proposal, sources: put<FundingSource>(proposal.sources, String(data["source"]), data) };
    case "remove_funding_source":
      return { ...proposal, sources: without(proposal.sources, String(data["source"])) };
    case "set_indicator":
      return { ...proposal, indicators: put<Indicator>(proposal.indicators, String(data["indicator"]), data) };
    case "remove_indicator":
      return { ...proposal, indicators: without(proposal.indicators, String(data["indicator"])) };
    default:
      return proposal;
  }
}

function put<T extends { order: number }>(members: Record<string, T>, id: string, data: JsonObject): Record<string, T> {
  const order = members[id]?.order ?? Number.MAX_SAFE_INTEGER;
  return { ...members, [id]: { at: "", actor: "", ...data, order } as unknown as T };
}

function without<T>(members: Record<string, T>, id: string): Record<string, T> {
  const { [id]: _removed, ...rest } = members;
  return rest;
}
