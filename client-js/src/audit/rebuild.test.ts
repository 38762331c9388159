import { expect, it } from "vitest";
import type { JsonObject } from "../json";
import type { Operations } from "../text/delta";
import { differsFromEvents, type Recorded, type Shown } from "./rebuild";

const line = { category: "equipment", partner: "UA1", description: "Pumps", amount: 12, currency: "EUR", invented: true };
let position = 0;
const event = (type: string, data: JsonObject, stream = "proposal/p-1"): Recorded => ({ position: position++, type, stream, data });
const needs = "text/proposal/p-1/needs";
const events: readonly Recorded[] = [
  event("proposal.drafted", { title: "Water", sectors: ["water_supply"], summary: "S", partners: ["UA1", "EU1"] }),
  event("proposal.partner_added", { municipality: "EU2" }), event("proposal.partner_added", { municipality: "EU3" }), event("proposal.partner_removed", { municipality: "EU2" }),
  event("proposal.budget_line_set", { line: "b-1", ...line, amount: 1 }), event("proposal.budget_line_set", { line: "b-2", ...line }),
  event("proposal.budget_line_set", { line: "b-1", ...line }), event("proposal.budget_line_removed", { line: "b-2" }),
  event("proposal.edited", { title: "Clean water", cleared: ["summary"] }),
  event("text.edited", { change: [{ insert: "Насоси", attributes: { bold: true } }] }, needs),
  event("text.suggested", { change: [{ delete: 3 }] }, needs),
  event("text.suggestion_accepted", { change: [{ retain: 6 }, { insert: "!" }, { delete: 1 }], repair: [{ retain: 7 }, { insert: "\n" }] }, needs),
  event("text.restored", { change: [{ retain: 6, attributes: { bold: null } }] }, needs),
];
const shown: { view: Record<string, JsonObject[string]>; texts: Record<string, Operations> } & Shown = {
  view: {
    title: "Clean water", sectors: ["water_supply"], status: "draft", partners: { EU1: { order: 1 }, UA1: { order: 2 }, EU3: { order: 3 } },
    budget: { "b-1": { order: 4, ...line, at: "x", actor: "u" } }, sources: {}, indicators: {},
  },
  texts: { needs: [{ insert: "Насоси!" }, { insert: "\n" }], risks: [{ insert: "\n" }] },
};

it("makes of the events what the page shows, in whatever order they came", () => {
  expect(differsFromEvents(events, shown)).toEqual([]);
  expect(differsFromEvents([...events].reverse(), shown)).toEqual([]);
});

it.each<[string, (copy: typeof shown) => void]>([
  ["title", ({ view }) => { view["title"] = "Dirty water"; }],
  ["summary", ({ view }) => { view["summary"] = "S"; }],
  ["sectors", ({ view }) => { view["sectors"] = []; }],
  ["partners", ({ view }) => { view["partners"] = { UA1: { order: 1 } }; }],
  ["budget/b-1", ({ view }) => { view["budget"] = { "b-1": { ...line, amount: 13 } }; }],
  ["budget/b-1", ({ view }) => { view["budget"] = {}; }],
  ["sources/s-1", ({ view }) => { view["sources"] = { "s-1": { amount: 1 } }; }],
  ["texts/needs", ({ texts }) => { texts["needs"] = [{ insert: "Насоси\n" }]; }],
  ["texts/needs", ({ texts }) => { texts["needs"] = [{ insert: "Насоси!", attributes: { bold: true } }, { insert: "\n" }]; }],
  ["texts/needs", ({ texts }) => { delete texts["needs"]; }],
  ["texts/risks", ({ texts }) => { texts["risks"] = [{ insert: "None\n" }]; }],
])("names %s when it is not what the events say", (name, bend) => {
  const copy = structuredClone(shown);
  bend(copy);
  expect(differsFromEvents(events, copy)).toEqual([name]);
});

it("misses an event that was left out", () => {
  for (const { position: gone, type } of events) {
    if (type === "text.suggested") continue; // it changes no letters
    const differs = () => differsFromEvents(events.filter((one) => one.position !== gone), shown);
    if (type === "proposal.budget_line_set" && gone < 6) continue; // another word came after it
    if (type === "proposal.partner_added" && gone === 1) continue; // it was taken back
    expect(differs(), type).not.toEqual([]);
  }
});
