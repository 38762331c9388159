describe("the moments of a page", () => {
  // A log of these events, of which a question gets at most so many at once.
  const serverOf = (log: readonly StoredEvent[]) => ({
    events: async ({ stream = "", before, from, until, limit = 100 }: EventFilter): Promise<Fetched<EventPage>> => {
      const fits = log.filter((one) => (one.stream === stream || (stream.endsWith("/") && one.stream.startsWith(stream))) && one.position < (before ?? Infinity) && one.position >= (from ?? 0) && (until === undefined || one.time <= until));
      const events = before === undefined ? fits.slice(0, limit) : fits.reverse().slice(0, limit);
      return { ok: true, value: { size: log.length, events, next: events.length < fits.length ? events.at(-1)!.position + (before === undefined ? 1 : 0) : undefined } };
    },
    activity: async (streams: readonly string[], since: string, step_ms: number, bars: number): Promise<Fetched<readonly number[]>> => {
      const of = log.filter((one) => streams.some((stream) => one.stream === stream || (stream.endsWith("/") && one.stream.startsWith(stream))));
      return { ok: true, value: Array.from({ length: bars }, (_, index) => of.filter(({ time }) => Math.floor((Date.parse(time) - Date.parse(since)) / step_ms) === index).length) };
    },
  });
  const of = async (moments: Moments) => {
    const life = await moments.load();
    if (!life.ok) throw new Error("refused");
    return life.value;
  };

  it("are before everything and just after each line of its own streams", async () => {
    const log = [event(0, { stream: "proposal/p-2" }), event(1), letter(2), letter(3), event(4, { stream: "sites/p-1" }), event(5)];
    const { moments, coarseUntil } = await of(new Moments(serverOf(log), { kind: "proposal", id: "p-1" }));
    expect(moments.map(({ size }) => size)).toEqual([0, 2, 4, 6]);
    expect(moments.map(({ time }) => time)).toEqual([-Infinity, 1_000, 3_000, 5_000]);
    expect(coarseUntil).toBeUndefined();
    expect([0, 1, 2, 3, 4, 377].map((size) => indexOf(moments, size))).toEqual([0, 0, 1, 1, 2, 3]);
  });

  it("span a life that is too long to be fetched, its older part in stretches", async () => {
    const log = Array.from({ length: 10_000 }, (_, index) => event(index, { time: new Date(index * 600_000).toISOString() }));
    const source = new Moments(serverOf(log), { kind: "proposal", id: "p-1" });
    const { moments, coarseUntil } = await of(source);
    expect(coarseUntil).toBe(8_000 * 600_000);
    const coarse = moments.filter(({ size }) => size === undefined);
    expect(coarse.length).toBeGreaterThan(200);
    expect(moments.length).toBe(1 + coarse.length + 2_000);
    expect(moments.map(({ time }) => time)).toEqual(moments.map(({ time }) => time).toSorted((a, b) => a - b));

    const last = coarse.at(-1)!;
    expect(await source.by(last.time)).toEqual({ ok: true, value: { time: 7_999 * 600_000, size: 8_000 } });
    const first = await source.by(coarse[0]!.time);
    if (!first.ok) throw new Error("refused");
    const found = withMoment(moments, first.value, coarse[0]);
    expect(found.length).toBe(moments.length);
    expect(found[1]).toEqual(first.value);
  });

  it("are found for any size that an address names", async () => {
    const source = new Moments(serverOf([event(3), letter(7), event(9, { stream: "visit/v-1" })]), { kind: "proposal", id: "p-1" });
    expect(await source.at(0)).toEqual({ ok: true, value: before_everything });
    expect(await source.at(3)).toEqual({ ok: true, value: before_everything });
    expect(await source.at(5)).toEqual({ ok: true, value: { time: 3_000, size: 4 } });
    expect(await source.at(377)).toEqual({ ok: true, value: { time: 7_000, size: 8 } });
  });

  it("say why when they cannot be asked for", async () => {
    const problem = { code: "may_not_read", title: "", detail: "", status: 403, params: {} };
    const refusing = { events: async () => ({ ok: false as const, problem }), activity: async () => ({ ok: false as const, problem }) };
    const moments = new Moments(refusing, { kind: "visit", id: "v-1" });
    expect(await moments.load()).toEqual({ ok: false, problem });
    expect(await moments.at(7)).toEqual({ ok: false, problem });
  });
});

describe("activity", () => {
  const asked: unknown[] = [];
  const server = {
    events: async ({ stream }: EventFilter): Promise<Fetched<EventPage>> => ({ ok: true, value: { size: 9, events: stream === "a" || stream === undefined ? [event(90_000)] : [], next: undefined } }),
    activity: async (...question: [readonly string[], string, number, number]): Promise<Fetched<readonly number[]>> => {
      asked.push(question);
      return { ok: true, value: Array.from({ length: question[3] }, (_, index) => index) };
    },
  };

  it("is asked of the server for all streams, from the first event or the day chosen, and added up", async () => {
    const many = ["a", ...Array.from({ length: 99 }, (_, index) => `s-${index}`)];
    const buckets = await activityOf(server, many, "", "1970-01-04");
    expect(asked).toEqual([[many.slice(0, 64), "1970-01-02T00:00:00.000Z", 6 * 3_600_000, 12], [many.slice(64), "1970-01-02T00:00:00.000Z", 6 * 3_600_000, 12]]);
    expect(buckets.slice(0, 2)).toEqual([{ from: 86_400_000, until: 108_000_000, count: 0 }, { from: 108_000_000, until: 129_600_000, count: 2 }]);
    asked.length = 0;
    await activityOf(server, [], "1970-01-03", "1970-01-04");
    expect(asked).toEqual([[[], "1970-01-03T00:00:00.000Z", 6 * 3_600_000, 8]]);
  });

  it("is not drawn where nothing was recorded, or an answer is missing", async () => {
    expect(await activityOf(server, ["b"], "", "")).toEqual([]);
    const problem = { code: "unreachable", title: "", detail: "", status: 0, params: {} };
    expect(await activityOf({ ...server, activity: async () => ({ ok: false, problem }) }, ["a"], "", "1970-01-04")).toEqual([]);
  });
});

import { describe, expect, it } from "vitest";
import type { EventFilter, EventPage, Fetched, JsonObject, StoredEvent } from "../../../src/index";
import { activityOf } from "./activity";
import { bucketsOf } from "./buckets";
import { compare, isSame } from "./compare";
import { filterFrom, isAbout, isFiltered, mayHold, no_filter } from "./filter";
import { eventsOf, linesOf } from "./lines";
import { before_everything, indexOf, Moments, withMoment } from "./moments";
import { HistoryReader } from "./reader";
import { verdictOf, type Report } from "./verification.svelte";

const event = (position: number, more: Partial<StoredEvent> = {}): StoredEvent => ({
  position, entry: "{}", id: `e-${position}`, type: "proposal.edited", stream: "proposal/p-1", time: new Date(position * 1_000).toISOString(),
  revision: 1, actor: "u-a", data: {}, command: `c-${position}`, index: 0, correlation: `c-${position}`, cause: undefined, ...more,
});
const letter = (position: number, more: Partial<StoredEvent> = {}): StoredEvent =>
  event(position, { type: "text.edited", stream: "text/proposal/p-1/needs", data: { change: [{ retain: 3 }, { insert: "ab" }, { delete: 1 }] }, ...more });

describe("lines", () => {
  const told = (events: readonly StoredEvent[]) => linesOf(events).map((line) => eventsOf(line).map(({ position }) => position));

  it("are one for what a person wrote in a text without pausing, and count its letters", () => {
    const lines = linesOf([letter(9), letter(8), letter(7), event(3)]);
    expect(lines).toMatchObject([{ kind: "burst", written: 6, removed: 3 }, { kind: "event", event: { position: 3 } }]);
  });

  it("part at a pause, at another hand or text, and at what somebody else said about the text", () => {
    expect(told([letter(200), letter(100), letter(99)])).toEqual([[200], [100, 99]]);
    expect(told([letter(9), letter(8, { actor: "u-b" }), letter(7, { stream: "text/proposal/p-1/risks" })])).toEqual([[9], [8], [7]]);
    expect(told([letter(9), event(8, { type: "text.commented", stream: "text/proposal/p-1/needs" }), letter(7)])).toEqual([[9], [8], [7]]);
  });

  it("stay one while others act elsewhere", () => {
    const other = { actor: "u-b", stream: "text/proposal/p-1/risks" };
    expect(told([letter(9), letter(8, other), event(7), letter(6), letter(5, other)])).toEqual([[9, 6], [8, 5], [7]]);
  });
});

describe("a filter", () => {
  it("is read from the address", () => {
    expect(filterFrom(new URLSearchParams("type=a&actor=b&x=1"))).toEqual({ ...no_filter, type: "a", actor: "b" });
    expect([isFiltered(no_filter), isFiltered({ ...no_filter, about: "title" })]).toEqual([false, true]);
  });

  it.each<[string, Partial<StoredEvent>, boolean]>([
    ["budget/b-1", { type: "proposal.budget_line_set", data: { line: "b-1" } }, true],
    ["budget/b-1", { type: "proposal.budget_line_set", data: { line: "b-2" } }, false],
    ["sources/s-1", { type: "proposal.funding_source_removed", data: { source: "s-1" } }, true],
    ["indicators/i-1", { type: "proposal.indicator_set", data: { indicator: "i-1" } }, true],
    ["partners/UA1", { type: "proposal.partner_added", data: { municipality: "UA1" } }, true],
    ["summary", { data: { cleared: ["summary"] } }, true],
    ["summary", { data: { summary: "S" } }, true],
    ["summary", { data: { title: "T" } }, false],
    ["texts/needs", letter(1), true],
    ["texts/risks", letter(1), false],
  ])("about %s takes %o: %s", (about, more, wanted) => expect(isAbout(event(1, more), about)).toBe(wanted));

  it("knows which streams can hold a type", () => {
    expect([mayHold("proposal/p-1", "text.edited"), mayHold("text/proposal/p-1/needs", "text.edited"), mayHold("visit/v", "")]).toEqual([false, true, true]);
  });
});

describe("reading a history", () => {
  // A server with some streams, which answers in pages of at most `page`, as the real one does.
  const server = (all: readonly StoredEvent[], page: number, asked: EventFilter[] = []) => async (filter: EventFilter): Promise<Fetched<EventPage>> => {
    asked.push(filter);
    const found = all.filter(({ stream, position }) => stream === filter.stream && position < filter.before!).sort((a, b) => b.position - a.position);
    const some = found.slice(0, Math.min(page, filter.limit!));
    return { ok: true, value: { size: all.length, events: some, next: some.length < found.length ? some.at(-1)!.position : undefined } };
  };
  const streams = ["a", "b", "c"];
  const all = Array.from({ length: 400 }, (_, position) => event(position, { stream: streams[(position * 7) % 11 % 3]! }));

  it.each([1, 7, 50])("brings several streams into the order of the log, in pages of %d", async (page) => {
    const reader = new HistoryReader(server(all, page), streams.map((stream) => ({ stream })));
    const found: StoredEvent[] = [];
    while (!reader.isAtEnd) found.push(...await reader.older(33));
    expect(found.map(({ position }) => position)).toEqual(all.map(({ position }) => position).reverse());
    expect(reader.size).toBe(400);
    expect(await reader.older(5)).toEqual([]);
  });

  it("asks no stream that holds something still, and keeps only what is wanted", async () => {
    const asked: EventFilter[] = [];
    const reader = new HistoryReader(server(all, 50, asked), streams.map((stream) => ({ stream })), ({ position }) => position % 2 === 0);
    expect((await reader.older(10)).map(({ position }) => position)).toEqual(Array.from({ length: 10 }, (_, index) => 398 - 2 * index));
    expect(asked.map(({ stream }) => stream)).toEqual(streams);
  });

  it("tells an event once that answers two questions", async () => {
    const reader = new HistoryReader(server(all, 50), [{ stream: "a" }, { stream: "a" }]);
    const found = await reader.older(1_000);
    expect(new Set(found.map(({ position }) => position)).size).toBe(found.length);
    expect(found).toHaveLength(all.filter(({ stream }) => stream === "a").length);
  });

  it("knows up to where it is complete, while the log grows", async () => {
    const growing = [...all];
    const honest = (filter: EventFilter) => server(growing, 50)(filter);
    const reader = new HistoryReader(async (filter) => {
      const answer = await honest(filter);
      if (growing.length < 402) growing.push(event(growing.length, { stream: "a" }));
      return answer;
    }, [{ stream: "b" }, { stream: "a" }]);
    await reader.older(1_000);
    expect(reader.completeTo).toBeLessThan(reader.size);
    expect(reader.completeTo).toBe(400);
  });

  it("begins before a position, and goes on where another reader ended", async () => {
    const questions = streams.map((stream) => ({ stream }));
    const first = new HistoryReader(server(all, 20), questions);
    const found = [...await first.older(120)];
    const next = new HistoryReader(server(all, 20), questions, undefined, found.at(-1)!.position);
    while (!next.isAtEnd) found.push(...await next.older(50));
    expect(found.map(({ position }) => position)).toEqual(all.map(({ position }) => position).reverse());
    expect([next.completeTo, next.size]).toEqual([280, 400]);
  });

  it("says why it stopped, and goes on from there", async () => {
    let cut = false;
    const honest = server(all, 20);
    const problem = { code: "unreachable", title: "", detail: "", status: 0, params: {} };
    const reader = new HistoryReader((filter) => cut ? Promise.resolve({ ok: false, problem }) : honest(filter), [{ stream: "a" }, { stream: "b" }, { stream: "c" }]);
    const found = [...await reader.older(30)];
    cut = true;
    found.push(...await reader.older(1_000));
    expect(reader.trouble).toBe(problem);
    cut = false;
    found.push(...await reader.older(1_000));
    expect(reader.trouble).toBeUndefined();
    expect(found).toHaveLength(400);
  });
});

it("draws at most so many bars, and loses no event", () => {
  expect(bucketsOf([])).toEqual([]);
  expect(bucketsOf([5_000])).toMatchObject([{ count: 1 }]);
  for (const span of [1, 3_600_000, 86_400_000 * 30, 86_400_000 * 3_000]) {
    const times = Array.from({ length: 500 }, (_, index) => 1.7e12 + Math.floor(span * ((index * 37) % 500) / 500));
    const bars = bucketsOf(times);
    expect(bars.length).toBeLessThanOrEqual(48);
    expect(bars.reduce((sum, { count }) => sum + count, 0)).toBe(500);
    for (const [index, { from, until }] of bars.entries()) if (index > 0) expect([from, until - from]).toEqual([bars[index - 1]!.until, bars[0]!.until - bars[0]!.from]);
  }
});

describe("comparing two moments", () => {
  const view: JsonObject = {
    id: "p-1", revision: 3, title: "Water", summary: "S", status: "draft", changed: { at: "x" },
    budget: { a: { order: 1, amount: 5, currency: "EUR", at: "x", actor: "u" }, b: { order: 2, amount: 7, currency: "EUR", at: "x", actor: "u" } },
  };

  it("finds nothing where only the bookkeeping differs", () => {
    expect(isSame(compare(view, { ...view, revision: 9, changed: { at: "y" }, facts: { e: {} } }))).toBe(true);
    const touched = { ...view, budget: { ...view["budget"] as JsonObject, a: { order: 1, amount: 5, currency: "EUR", at: "later", actor: "v" } } };
    expect(isSame(compare(view, touched))).toBe(true);
  });

  it("names fields, and lines that came, went and changed", () => {
    const after: JsonObject = {
      ...view, title: "Clean water", status: "in_approval", approval: { version: 1, at: "y", asked_by: "u", approved: { ua: { at: "z", actor: "m" } } },
      budget: { b: { order: 2, amount: 8, currency: "EUR" }, c: { order: 3, amount: 1, currency: "UAH" } },
    };
    const { summary: _gone, ...without } = after;
    const found = compare(view, without);
    expect(found.fields).toEqual([
      { name: "title", before: "Water", after: "Clean water" }, { name: "summary", before: "S", after: undefined },
      { name: "status", before: "draft", after: "in_approval" }, { name: "approval.version", before: undefined, after: 1 },
      { name: "approval.asked_by", before: undefined, after: "u" },
    ]);
    expect(found.tables).toMatchObject([{ name: "budget", members: [
      { id: "a", kind: "removed" }, { id: "b", kind: "changed", fields: [{ name: "amount", before: 7, after: 8 }] }, { id: "c", kind: "added" },
    ] }]);
  });

  it("compares with nothing at all", () => {
    expect(compare({}, view).fields.map(({ name }) => name)).toEqual(["title", "summary", "status"]);
    expect(isSame(compare({}, {}))).toBe(true);
  });
});

describe("what a verification comes to", () => {
  const included = { position: 1, leaf: "", state: "included" as const };
  const report = (more: Partial<Report>): Report => ({
    head: { state: "good" } as Report["head"], verdicts: [included], total: 1, opened: { agrees: 0, destroyed: 0, closed: 0 }, gaps: [], holes: [], differs: [], late: [], unsettled: [],
    isMissing: false, windowed: false, everything: false, stopped: false, at: 0, ...more,
  });
  it.each<[string, Partial<Report>]>([
    ["verified", {}],
    ["verified", { gaps: undefined, differs: undefined }],
    ["failed", { head: { state: "alarm", why: { kind: "bad_checkpoint" } } }],
    ["failed", { verdicts: [{ ...included, state: "other_bytes" }] }],
    ["failed", { verdicts: [{ ...included, state: "bad_proof" }], stopped: true }],
    ["failed", { gaps: [{ stream: "visit/v", revision: 2 }] }],
    ["failed", { differs: [{ stream: "proposal/p", part: "title" }] }], ["failed", { holes: [7] }], ["failed", { late: ["text/proposal/p/needs"] }],
    ["failed", { verdicts: [{ ...included, state: "other_words" }] }], ["failed", { verdicts: [{ ...included, state: "bad_key" }] }],
    ["blocked", { verdicts: [{ ...included, state: "no_key" }] }], ["failed", { verdicts: [{ ...included, state: "unrecorded" }] }],
    ["blocked", { head: { state: "blocked", why: { kind: "no_crypto" } }, verdicts: [] }],
    ["blocked", { verdicts: [{ ...included, state: "newer" }] }],
    ["blocked", { verdicts: [{ ...included, state: "no_proof" }] }],
    ["blocked", { total: 2 }], ["blocked", { isMissing: true }],
    ["stopped", { total: 2, stopped: true }],
  ])("%s: %o", (verdict, more) => expect(verdictOf(report(more))).toBe(verdict));
});
