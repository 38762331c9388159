import { describe, expect, it } from "vitest";
import { proposal } from "../testing/entities";
import { sections } from "../texts/sections";
import { changedPaths } from "./changes";
import { fundingBars } from "./funding";
import { withPending } from "./overlay";
import { lacks, tooLong } from "./readiness";

const stamp = { at: "", actor: "" };
const line = { order: 1, category: "equipment" as const, partner: "UA1", description: "Pumps", amount: 100_000, currency: "EUR", invented: true, ...stamp };
const source = { order: 1, name: "Own", kind: "own" as const, amount: 20_000, currency: "EUR", status: "confirmed" as const, invented: true, ...stamp };

describe("the funding bar", () => {
  it("fills from both banks, and names the gap", () => {
    const bars = fundingBars(proposal({
      budget: { a: line },
      sources: { u: { ...source, partner: "UA1" }, e: { ...source, partner: "EU1", amount: 10_000 }, g: { ...source, kind: "grant", status: "asked", amount: 50_000 } },
    }));
    expect(bars).toHaveLength(1);
    expect(bars[0]).toMatchObject({ currency: "EUR", budget: 100_000, confirmed: 30_000, hoped: 50_000, gap: 70_000 });
    expect(bars[0]?.stretches.map(({ bank, sure, share }) => [bank, sure, share])).toEqual([["ua", true, 0.2], ["other", false, 0.5], ["eu", true, 0.1]]);
  });

  it("never shows less than no gap, and keeps currencies apart", () => {
    const bars = fundingBars(proposal({ budget: { a: line, b: { ...line, currency: "UAH" } }, sources: { s: { ...source, amount: 900_000 } } }));
    expect(bars.map(({ currency, gap }) => [currency, gap])).toEqual([["EUR", 0], ["UAH", 100_000]]);
  });
});

it("tells what approval still needs", () => {
  const written = Object.fromEntries(sections.map((section) => [section, "written" as const]));
  expect(lacks(proposal({ sectors: [], texts: written }))).toEqual(["summary", "sectors", "budget"]);
  expect(lacks(proposal({ summary: "S", budget: { a: line }, texts: written }))).toEqual([]);
  expect(lacks(proposal({ summary: "S", budget: { a: line }, texts: { ...written, needs: "empty" } }))).toEqual(["needs"]);
  expect(lacks(proposal({ summary: "S", budget: { a: line } }))).toEqual(sections);
  expect(tooLong(proposal({ texts: { ...written, risks: "too_long" } }))).toEqual(["risks"]);
});

describe("changes that wait", () => {
  it("are seen in their place, new lines last", () => {
    const { order: _order, ...data } = line;
    const seen = withPending(proposal({ budget: { a: line } }), [
      { name: "edit_proposal", data: { title: "New", summary: "S" } },
      { name: "set_budget_line", data: { line: "b", ...data, amount: 5 } },
      { name: "set_budget_line", data: { line: "a", ...data, amount: 7 } },
    ]);
    expect(seen).toMatchObject({ title: "New", summary: "S", budget: { a: { amount: 7, order: 1 }, b: { amount: 5 } } });
    expect(seen.budget["b"]?.order).toBeGreaterThan(1);
  });

  it("may clear and remove", () => {
    const seen = withPending(proposal({ summary: "S", budget: { a: line } }), [
      { name: "edit_proposal", data: { summary: null } }, { name: "remove_budget_line", data: { line: "a" } },
    ]);
    expect(seen).not.toHaveProperty("summary");
    expect(seen.budget).toEqual({});
  });
});

it("names the parts that changed, not the bookkeeping", () => {
  const before = { title: "A", revision: 1, budget: { a: { amount: 1 }, b: { amount: 2 } } };
  const after = { title: "A", revision: 2, budget: { a: { amount: 1 }, b: { amount: 3 } }, note: "x" };
  expect([...changedPaths(before, after)].sort()).toEqual(["budget", "budget.b", "note"]);
});
