import type { FundingSource, Proposal, Side } from "./types";

// One stretch of the bar that fills from both banks: `ua` from the left, `eu` from the right, others between.
export interface Stretch {
  readonly bank: Side | "other";
  readonly sure: boolean; // confirmed, not only planned or asked for
  readonly amount: number;
  readonly share: number; // of the whole bar, 0 … 1
}

export interface FundingBar {
  readonly currency: string;
  readonly budget: number;
  readonly confirmed: number;
  readonly hoped: number;
  readonly gap: number;
  readonly stretches: readonly Stretch[];
}

// A bar for each currency that has a budget or a source.
export function fundingBars(proposal: Proposal): readonly FundingBar[] {
  const lines = Object.values(proposal.budget);
  const sources = Object.values(proposal.sources);
  const currencies = [...new Set([...lines, ...sources].map(({ currency }) => currency))];
  return currencies.map((currency) => {
    const own = sources.filter((source) => source.currency === currency);
    const budget = sum(lines.filter((line) => line.currency === currency));
    const confirmed = sum(own.filter(({ status }) => status === "confirmed"));
    const hoped = sum(own) - confirmed;
    const whole = Math.max(budget, confirmed + hoped, 1);
    const stretch = (bank: Stretch["bank"], sure: boolean): Stretch => {
      const amount = sum(own.filter((source) => bankOf(source, proposal) === bank && (source.status === "confirmed") === sure));
      return { bank, sure, amount, share: amount / whole };
    };
    const stretches = (["ua", "other", "eu"] as const)
      .flatMap((bank) => bank === "eu" ? [stretch(bank, false), stretch(bank, true)] : [stretch(bank, true), stretch(bank, false)])
      .filter(({ amount }) => amount > 0);
    return { currency, budget, confirmed, hoped, gap: Math.max(0, budget - confirmed), stretches };
  });
}

export function bankOf(source: FundingSource, proposal: Proposal): Side | "other" {
  return source.partner === undefined ? "other" : proposal.partners[source.partner]?.side ?? "other";
}

function sum(items: readonly { amount: number }[]): number {
  return items.reduce((total, { amount }) => total + amount, 0);
}
