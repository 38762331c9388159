import { describe, expect, it } from "vitest";
import type { JsonObject } from "../json";
import { deltaOf, type Operations } from "../text/delta";
import { holesIn } from "./events";
import { differencesIn, type Recorded, type Shown, type ShownRows, type ShownText } from "./shown";

const at = (position: number) => `2026-11-26T10:00:${String(position).padStart(2, "0")}.000Z`;
const actor = "u-4c1";
const stamp = (position: number) => ({ at: at(position), actor });

const revisions = new Map<string, number>();
const events: Recorded[] = [];
const record = (stream: string, type: string, data: JsonObject | null) => {
  const revision = (revisions.get(stream) ?? 0) + 1;
  revisions.set(stream, revision);
  const position = events.length;
  events.push({ position, id: `e-${position}`, type, stream, time: at(position), revision, actor, data });
};

const proposal = "proposal/p-1", needs = "text/proposal/p-1/needs", partnership = "partnership/pa-1", visit = "visit/v-1";
const proposed = { ua: "UA1", eu: "EU1", by: "ua", sectors: ["health"] };
const drafted = { partnership: "pa-1", title: "Water", lead: "ua", partners: ["UA1", "EU1"], sectors: ["health"], summary: "S" };
const planned = { partnership: "pa-1", ua: "UA1", eu: "EU1", title: "Study", host: "eu", kind: "study_visit", from: "2026-03", by: "ua" };
const line = { category: "equipment", partner: "UA1", description: "Pumps", amount: 12, currency: "EUR", invented: true };
record(partnership, "partnership.proposed", proposed);
record(partnership, "partnership.accepted", { side: "eu", on: "2026-01" });
record(visit, "visit.planned", planned);
record(visit, "visit.confirmed", { side: "eu" });
record(visit, "visit.held", { from: "2026-03-04", to: "2026-03-06", participants_ua: 4 });
record(proposal, "proposal.drafted", drafted);
record(proposal, "proposal.budget_line_set", { line: "b-1", ...line });
record(proposal, "proposal.partner_added", { municipality: "EU2" });
record(needs, "text.edited", { client: "k", sequence: 1, base: 0, change: [{ insert: "Насоси", attributes: { bold: true } }] });
record(needs, "text.commented", { thread: "t-1", kind: "comment", from: 1, to: 3, quote: "ас", body: "Чому?" });
record(needs, "text.suggested", { suggestion: "s-1", change: [{ retain: 2 }, { delete: 1 }], quote: "с" });
record(needs, "text.edited", { client: "k", sequence: 2, base: 3, change: [{ insert: "!" }] });
record(needs, "text.version_named", { version: "n-1", name: "First", revision: 4 });
record(proposal, "proposal.approval_asked", { version: 1, content_revision: 3, content_hash: "9f", by: "ua", texts: { needs: 5 } });
record(proposal, "proposal.approved", { version: 1, side: "eu" });
record(partnership, "partnership.corrected", { corrects: "e-1", reason: "Misread", on: "2026-02" });
const size = events.length;

type Mutable<T> = { -readonly [K in keyof T]: T[K] };
const facts = (...names: readonly (readonly [id: string, fact: JsonObject])[]) => Object.fromEntries(names);
const fact = (position: number, data: JsonObject): JsonObject => ({ order: position, type: events[position]!.type, ...stamp(position), data });

const page = (): { views: { stream: string; size: number; value: Record<string, JsonObject[string]> }[]; texts: Mutable<ShownText>[]; rows: ShownRows[] } => ({
  views: [
    { stream: partnership, size, value: {
      id: "pa-1", revision: 3, created: { ...stamp(0), position: 0 }, changed: { ...stamp(15), position: 15 }, ...proposed, status: "active",
      accepted: { ua: stamp(0), eu: { on: "2026-02", ...stamp(1) } },
      facts: facts(["e-0", fact(0, proposed)], ["e-1", { ...fact(1, { side: "eu", on: "2026-02" }), corrected: { ...stamp(15), reason: "Misread" } }]),
    } },
    { stream: visit, size, value: {
      id: "v-1", revision: 3, created: { ...stamp(2), position: 2 }, changed: { ...stamp(4), position: 4 }, ...planned, from: "2026-03-04", to: "2026-03-06", status: "held",
      confirmed: { ua: stamp(2), eu: stamp(3) }, held: { from: "2026-03-04", to: "2026-03-06", participants_ua: 4, ...stamp(4) },
      facts: facts(["e-2", fact(2, planned)], ["e-3", fact(3, { side: "eu" })], ["e-4", fact(4, { from: "2026-03-04", to: "2026-03-06", participants_ua: 4 })]),
    } },
    { stream: proposal, size, value: {
      id: "p-1", revision: 5, created: { ...stamp(5), position: 5 }, changed: { ...stamp(14), position: 14 }, partnership: "pa-1", ua: "UA1", eu: "EU1", lead: "ua",
      title: "Water", summary: "S", sectors: ["health"], status: "in_approval", locked: true,
      partners: { UA1: { order: 0, side: "ua" }, EU1: { order: 1, side: "eu" }, EU2: { order: 7, side: "eu" } },
      budget: { "b-1": { order: 6, ...line, ...stamp(6) } }, sources: {}, indicators: {}, totals: { EUR: { budget: 12, funding: 0, confirmed: 0, gap: 12 } },
      texts: { needs: "written" }, missing: ["objective", "target_groups", "partnership", "activities", "results", "risks", "sustainability"],
      approval: { version: 1, asked_by: actor, asked_side: "ua", at: at(13), content_hash: "9f", approved: { eu: stamp(14) } },
      facts: facts(["e-5", fact(5, drafted)], ["e-13", fact(13, events[13]!.data!)], ["e-14", fact(14, { version: 1, side: "eu" })]),
    } },
  ],
  texts: [{
    stream: needs, revision: 5, content: [{ insert: "!" }, { insert: "Насоси", attributes: { bold: true } }, { insert: "\n" }] as Operations,
    threads: new Map([["t-1", { id: "t-1", kind: "comment" as const, from: 2, to: 4, quote: "ас", body: "Чому?", actor, at: at(9), revision: 2, replies: [], orphaned: false }]]),
    suggestions: new Map([["s-1", { id: "s-1", change: deltaOf([{ retain: 3 }, { delete: 1 }]), quote: "с", actor, at: at(10), revision: 3, status: "open" as const, orphaned: false }]]),
    versions: [{ version: "n-1", name: "First", revision: 4, actor, at: at(12) }],
  }],
  rows: [
    { kind: "partnership", size, rows: [{ id: "pa-1", order: "0000000000000000", size: 16, ua: "UA1", eu: "EU1", by: "ua", status: "active", sectors: ["health"], accepted: ["ua", "eu"], visits: 1, proposals: 1, last_contact: "2026-03-06", at: at(15) }] },
    { kind: "visit", size, rows: [{ id: "v-1", order: "0000000000000002", size: 5, partnership: "pa-1", ua: "UA1", eu: "EU1", title: "Study", host: "eu", kind: "study_visit", from: "2026-03-04", to: "2026-03-06", status: "held", confirmed: ["ua", "eu"], by: "ua", at: at(4) }] },
    { kind: "proposal", size, rows: [{ id: "p-1", order: "0000000000000005", size: 15, partnership: "pa-1", ua: "UA1", eu: "EU1", title: "Water", lead: "ua", status: "in_approval", sectors: ["health"], version: 1, asked_side: "ua", approved: ["eu"], totals: { EUR: { budget: 12, funding: 0, confirmed: 0, gap: 12 } }, invented: true, at: at(14), actor, revision: 5 }] },
  ],
});
const partsOf = (shown: unknown, recorded: readonly Recorded[] = events) => differencesIn(recorded, shown as Shown).map(({ stream, part }) => `${stream}: ${part}`);

it("makes of the events what the page shows, in whatever order they came", () => {
  expect(partsOf(page())).toEqual([]);
  expect(partsOf(page(), [...events].reverse())).toEqual([]);
});

it("makes a page as it was, of the events by then", () => {
  const [, , view] = page().views;
  const early = { id: "p-1", revision: 1, created: { ...stamp(5), position: 5 }, changed: { ...stamp(5), position: 5 } };
  const { ua, eu, lead, title, summary, sectors, partnership: of } = view!.value;
  const value = {
    ...early, ua, eu, lead, title, summary, sectors, partnership: of, status: "draft", locked: false, partners: { UA1: { order: 0, side: "ua" }, EU1: { order: 1, side: "eu" } },
    budget: {}, sources: {}, indicators: {}, totals: {}, missing: ["budget", "objective", "needs", "target_groups", "partnership", "activities", "results", "risks", "sustainability"],
    facts: facts(["e-5", fact(5, drafted)]),
  };
  expect(partsOf({ views: [{ stream: proposal, size: 6, value }], texts: [], rows: [] })).toEqual([]);
});

describe("names what is not so", () => {
  type Bent = Record<string, unknown>;
  const [of_partnership, of_visit, of_proposal] = [0, 1, 2];
  // Sets a member of a view, deep within; undefined takes it away.
  const put = (copy: ReturnType<typeof page>, view: number | undefined, path: string, value: unknown) => {
    const names = path.split(" ");
    const last = names.pop()!;
    const within = names.reduce((object, name) => object[name] as Bent, copy.views[view!]!.value as Bent);
    if (value === undefined) delete within[last];
    else within[last] = value;
  };
  it.each<[string, (copy: ReturnType<typeof page>) => void]>([
    ["proposal/p-1: title", (copy) => { put(copy, of_proposal, "title", "Dirty water"); }],
    ["proposal/p-1: status", (copy) => { put(copy, of_proposal, "status", "approved"); }],
    ["proposal/p-1: locked", (copy) => { put(copy, of_proposal, "locked", false); }],
    ["proposal/p-1: totals/EUR", (copy) => { put(copy, of_proposal, "totals EUR gap", 0); }],
    ["proposal/p-1: budget/b-1", (copy) => { put(copy, of_proposal, "budget b-1 actor", "u-x"); }],
    ["proposal/p-1: budget/b-1", (copy) => { put(copy, of_proposal, "budget b-1 at", at(7)); }],
    ["proposal/p-1: budget/b-1", (copy) => { put(copy, of_proposal, "budget b-1 order", 7); }],
    ["proposal/p-1: approval/approved", (copy) => { put(copy, of_proposal, "approval approved ua", stamp(14)); }],
    ["proposal/p-1: approval", (copy) => { put(copy, of_proposal, "approval", undefined); }],
    ["proposal/p-1: answer", (copy) => { put(copy, of_proposal, "answer", { answer: "granted", on: "2026-01-01", ...stamp(14) }); }],
    ["proposal/p-1: partners/EU1", (copy) => { put(copy, of_proposal, "partners EU1 side", "ua"); }],
    ["proposal/p-1: facts/e-14", (copy) => { put(copy, of_proposal, "facts e-14 actor", "u-x"); }],
    ["proposal/p-1: missing", (copy) => { put(copy, of_proposal, "missing", []); }],
    ["partnership/pa-1: accepted/eu", (copy) => { put(copy, of_partnership, "accepted eu on", "2026-01"); }],
    ["partnership/pa-1: facts/e-1", (copy) => { put(copy, of_partnership, "facts e-1 corrected", undefined); }],
    ["visit/v-1: held/participants_ua", (copy) => { put(copy, of_visit, "held participants_ua", 40); }],
    ["visit/v-1: confirmed/eu", (copy) => { put(copy, of_visit, "confirmed eu at", at(2)); }],
    ["text/proposal/p-1/needs: content", (copy) => { copy.texts[0]!.content = [{ insert: "Насоси\n" }]; }],
    ["text/proposal/p-1/needs: content", (copy) => { copy.texts[0]!.revision = 4; copy.texts[0]!.content = [{ insert: "\n" }]; copy.texts[0]!.versions = []; }],
    ["text/proposal/p-1/needs: content", (copy) => { copy.texts[0]!.revision = 6; }],
    ["text/proposal/p-1/needs: threads/t-1", (copy) => { copy.texts[0]!.threads = new Map([["t-1", { ...copy.texts[0]!.threads.get("t-1")!, body: "Гаразд." }]]); }],
    ["text/proposal/p-1/needs: threads/t-1", (copy) => { copy.texts[0]!.threads = new Map(); }],
    ["text/proposal/p-1/needs: suggestions/s-1", (copy) => { copy.texts[0]!.suggestions = new Map([["s-1", { ...copy.texts[0]!.suggestions.get("s-1")!, actor: "u-x" }]]); }],
    ["text/proposal/p-1/needs: versions", (copy) => { copy.texts[0]!.versions = []; }],
    ["partnership/pa-1: row/visits", (copy) => { copy.rows[0] = { ...copy.rows[0]!, rows: [{ ...copy.rows[0]!.rows[0]!, visits: 2 }] }; }],
    ["partnership/pa-1: row/last_contact", (copy) => { copy.rows[0] = { ...copy.rows[0]!, rows: [{ ...copy.rows[0]!.rows[0]!, last_contact: "2026-04" }] }; }],
    ["visit/v-1: row", (copy) => { copy.rows[1] = { ...copy.rows[1]!, rows: [] }; }],
    ["visit/v-2: row", (copy) => { copy.rows[1] = { ...copy.rows[1]!, rows: [...copy.rows[1]!.rows, { ...copy.rows[1]!.rows[0]!, id: "v-2" }] }; }],
    ["proposal/p-1: row/approved", (copy) => { copy.rows[2] = { ...copy.rows[2]!, rows: [{ ...copy.rows[2]!.rows[0]!, approved: ["ua", "eu"] }] }; }],
    ["proposal/p-1: row/totals/EUR", (copy) => { copy.rows[2] = { ...copy.rows[2]!, rows: [{ ...copy.rows[2]!.rows[0]!, totals: { EUR: { budget: 12, funding: 0, confirmed: 0, gap: 0 } } }] }; }],
  ])("%s", (name, bend) => {
    const copy = page();
    bend(copy);
    expect(partsOf(copy)).toEqual([name]);
  });
});

it("misses an event that was left out, and a visit that was left out of everything but its partnership's count", () => {
  for (const { position, type } of events) expect(partsOf(page(), events.filter((one) => one.position !== position)), type).not.toEqual([]);
  const without = page();
  without.views.splice(1, 1);
  without.rows[1] = { ...without.rows[1]!, rows: [] };
  expect(partsOf({ views: [], texts: [], rows: [] }, events.filter(({ stream }) => stream !== needs)), "a version names the text").toEqual([`${needs}: content`]);
  expect(partsOf(without, events.filter(({ stream }) => stream !== visit))).toEqual(["partnership/pa-1: row/visits", "partnership/pa-1: row/last_contact"]);
});

it("begins a text anew where it was erased, or where its key is destroyed", () => {
  const text = (stream: string, change: string | null, revision: number, type = "text.edited"): Recorded =>
    ({ position: 100 + revision, id: `e-x${revision}`, type, stream, time: at(20), revision, actor, data: change === null ? null : { client: "k", sequence: revision, base: 0, change: [{ insert: change }] } });
  const stream = "text/proposal/p-1/risks";
  const shown = { stream, revision: 4, content: [{ insert: "New\n" }], threads: new Map(), suggestions: new Map(), versions: [] };
  const history = [text(stream, null, 1), text(stream, null, 2), { ...text(stream, "", 3, "text.redacted"), data: { reason: "An address" } }, text(stream, "New", 4)];
  expect(partsOf({ views: [], texts: [shown], rows: [] }, history)).toEqual([]);
  expect(partsOf({ views: [], texts: [{ ...shown, content: [{ insert: "Old\n" }] }], rows: [] }, history)).toEqual(["text/proposal/p-1/risks: content"]);
});

it("finds the positions that were left out of a whole log, at its end too", () => {
  expect(holesIn([0, 1, 2, 3], 4)).toEqual([]);
  expect(holesIn([9, 7, 8], 10)).toEqual([]);
  expect(holesIn([0, 1, 4, 5, 7], 9)).toEqual([2, 6, 8]);
  expect(holesIn([0, 1, 5], 3)).toEqual([2]);
  expect(holesIn([3, 4], 2)).toEqual([]);
  expect(holesIn([], 2)).toEqual([0]);
});
