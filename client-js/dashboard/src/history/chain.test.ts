import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { EventFilter, EventPage, Fetched, StoredEvent } from "../../../src/index";
import { answering, beginningOf, causeOf, chainOf } from "./chain";

const event = (position: number, more: Partial<StoredEvent> = {}): StoredEvent => ({
  position, entry: "{}", id: `e-${position}`, type: "proposal.edited", stream: "proposal/p-1", time: "2026-11-22T10:00:00.000Z",
  revision: position, actor: "u-a", data: {}, command: `c-${position}`, index: 0, correlation: `c-${position}`, cause: undefined, ...more,
});
const following = (position: number, cause: number, begun: number): StoredEvent => event(position, { cause: `e-${cause}`, correlation: `c-${begun}` });

describe("a chain of events", () => {
  const all = [event(1), following(4, 1, 1), event(5), following(7, 4, 1), following(8, 4, 1)];
  const asked: EventFilter[] = [];
  const server = async (filter: EventFilter): Promise<Fetched<EventPage>> => {
    asked.push(filter);
    const events = all.filter(({ position, stream, correlation }) => stream === filter.stream && correlation === filter.correlation
      && position >= (filter.from ?? 0) && position < (filter.before ?? Infinity));
    return { ok: true, value: { size: 9, events, next: undefined } };
  };
  const positions = (events: readonly StoredEvent[]) => events.map(({ position }) => position);

  it("is what led to an event, and what followed from it", async () => {
    const chain = await chainOf(server, all[1]!);
    expect([chain.cause?.position, positions(chain.effects), positions(chain.all)]).toEqual([1, [7, 8], [1, 4, 7, 8]]);
    expect((await causeOf(server, all[4]!))?.position).toBe(4);
  });

  it("is one event where nothing led to it or followed from it, and nothing earlier is asked for", async () => {
    asked.length = 0;
    const chain = await chainOf(server, all[2]!);
    expect([chain.cause, chain.effects, positions(chain.all)]).toEqual([undefined, [], [5]]);
    expect(await causeOf(server, all[2]!)).toBeUndefined();
    expect(asked).toHaveLength(1);
  });

  it("leaves out what cannot be read", async () => {
    const problem = { code: "not_found", title: "", detail: "", status: 404, params: {} };
    const chain = await chainOf(async () => ({ ok: false, problem }), all[1]!);
    expect([chain.cause, chain.effects, positions(chain.all)]).toEqual([undefined, [], [4]]);
  });
});

describe("how an event came about", () => {
  const invented = (actor: string) => actor === "u-invented";

  it.each<[Partial<StoredEvent>, string]>([
    [{}, "person"],
    [{ actor: "service-import" }, "import"],
    [{ actor: "service-demo" }, "demo"],
    [{ actor: "service-invite" }, "invitation"],
    [{ actor: "service-of-tomorrow" }, "program"],
    [{ actor: "u-invented", command: "demo-0041" }, "demo"],
    [{ actor: "u-invented" }, "person"],
    [{ command: "demo-0041" }, "person"],
    [{ type: "visit.confirmed" }, "unrecorded"],
  ])("%o: %s", (more, beginning) => expect(beginningOf(event(1, more), invented)).toBe(beginning));

  it("knows the types that always answer another event as the table of causes has them", () => {
    const table = readFileSync(new URL("../../../../tests/vectors/causes.txt", import.meta.url), "utf8");
    const lines = table.split("\n").filter((line) => line && !line.startsWith("#")).map((line) => line.split(/\s+/));
    expect([...answering].sort()).toEqual(lines.filter(([, ...causes]) => !causes.includes("-")).map(([type]) => type).sort());
  });
});
