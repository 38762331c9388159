import "fake-indexeddb/auto";
import { beforeEach, describe, expect, it } from "vitest";
import { empty_text } from "./delta";
import { Places } from "../places";
import { fakeBuckets } from "../testing/buckets";
import { acknowledged_kept_ms, replayed, type Checkpoint, type Entry, type Keeping, type Place, type Writing } from "./keeping";
import { memoryKeeping } from "./memory-keeping";
import { keepingByPerson } from "./person-keeping";
import { unsaid } from "./said";
import { frozen, shown, typed, type Flight, type SharedText } from "./shared-text";

const place: Place = { actor: "u-1", topic: "text/proposal/p-1/objective", slot: 0 };
const synced: SharedText = { state: "synced", committed: { revision: 0, content: empty_text, said: unsaid } };
const checkpoint: Checkpoint = { held: { log: "log-1", format: 1 }, text: synced, writer: { client: "k-1", next: 1 } };

function writing(more: Partial<Writing> = {}, unsent = 0, at = 1_000): Writing {
  return { note: { ...place, unsent, at }, entries: [], parked: [], acknowledged: [], ...more };
}

function letter(text: string): Entry {
  return { type: "typed", change: [{ insert: text }], at: 5 };
}

function flight(sequence: number): Flight {
  return { client: "k-1", sequence, base: 0, bytes: `{${sequence}}`, change: [{ insert: "a" }], count: 1, since: 5 };
}

const nothing_moves = Promise.resolve(undefined);

// A browser's disk of its own, with buckets or without.
function disk(buckets = false): Places {
  return new Places({ databases: new IDBFactory(), ...(buckets ? { buckets: fakeBuckets() } : {}) });
}

const keepingOn = (places: Places) => keepingByPerson(places, nothing_moves);

// What every place to keep texts in promises.
describe.each<[string, () => Keeping]>([
  ["memory", memoryKeeping],
  ["databases of each person's own", () => keepingOn(disk())],
  ["a bucket of each person's own", () => keepingOn(disk(true))],
])("texts kept in %s", (_name, make) => {
  let keeping: Keeping;
  beforeEach(() => { keeping = make(); });

  it("are not there before they are written", async () => {
    expect(await keeping.load(place)).toBeUndefined();
    expect(await keeping.notes("u-1")).toEqual([]);
  });

  it("are the checkpoint and what happened since, in order", async () => {
    await keeping.write(place, writing({ checkpoint }));
    for (const text of "abcdefghijkl") await keeping.write(place, writing({ entries: [letter(text)] }, 1));
    const kept = await keeping.load(place);
    expect(kept?.checkpoint).toEqual(checkpoint);
    expect(kept?.entries).toEqual([..."abcdefghijkl"].map(letter));
    expect(kept && shown(replayed(kept).text)).toEqual([{ insert: "lkjihgfedcba\n" }]);
  });

  it("replay to exactly what was known, the frozen bytes included", async () => {
    const one = typed(synced, [{ insert: "a" }], 5);
    const sent = frozen(one, place.topic, { client: "k-1", next: 1 });
    if (sent.state !== "in-flight") throw new Error(sent.state);
    await keeping.write(place, writing({ checkpoint }));
    await keeping.write(place, writing({ entries: [letter("a"), { type: "frozen", flight: sent.flight, pending: undefined }, letter("b")] }));
    const kept = await keeping.load(place);
    expect(kept && replayed(kept)).toEqual({ ...checkpoint, text: typed(sent, [{ insert: "b" }], 5), writer: { client: "k-1", next: 2 } });
  });

  it("begin anew with a checkpoint", async () => {
    await keeping.write(place, writing({ checkpoint }));
    await keeping.write(place, writing({ entries: [letter("a")] }));
    await keeping.write(place, writing({ checkpoint }));
    await keeping.write(place, writing({ entries: [letter("b")] }));
    expect((await keeping.load(place))?.entries).toEqual([letter("b")]);
  });

  it("of several places and people stay apart, and are forgotten one person at a time", async () => {
    const second: Place = { ...place, slot: 1 };
    const other: Place = { ...place, actor: "u-2" };
    const parked = [{ id: "x-1", problem: { code: "locked", title: "", detail: "", status: 409, params: {} }, at: 1, change: [], revision: 1, text: "t", removed: 0 }];
    await keeping.write(place, writing({ checkpoint, parked }, 2));
    await keeping.write(second, { ...writing({ checkpoint }), note: { ...second, unsent: 3, at: 2 } });
    await keeping.write(other, { ...writing({ checkpoint, parked }), note: { ...other, unsent: 0, at: 3 } });
    expect((await keeping.notes("u-1")).map(({ slot, unsent }) => [slot, unsent])).toEqual([[0, 2], [1, 3]]);
    expect(await keeping.unsent("u-1")).toEqual({ changes: 5, texts: 1, parked: 1 });

    await keeping.remove(second);
    expect(await keeping.load(second)).toBeUndefined();
    expect(await keeping.load(place)).toBeDefined();

    const elsewhere = { ...place, topic: "text/proposal/p-2/needs" };
    await keeping.write(elsewhere, { ...writing({ checkpoint, parked }), note: { ...elsewhere, unsent: 0, at: 3 } });
    await keeping.write(place, writing({ checkpoint }, 2));
    expect(await keeping.unsent()).toEqual({ changes: 2, texts: 1, parked: 3 });
    expect(await keeping.forgetText("u-1", place.topic)).toEqual({ changes: 2, texts: 1, parked: 1 });
    expect(await keeping.forgetText("u-1", place.topic)).toEqual({ changes: 0, texts: 0, parked: 0 });
    expect(await keeping.load(place)).toBeUndefined();
    expect((await keeping.notes("u-1")).every(({ topic }) => topic !== place.topic)).toBe(true);
    expect(await keeping.parked("u-1", place.topic)).toEqual([]);
    expect(await keeping.acknowledged(place)).toEqual([]);
    expect(await keeping.load(elsewhere)).toBeDefined();
    expect(await keeping.parked("u-1", elsewhere.topic)).toEqual(parked);
    expect(await keeping.load(other)).toBeDefined();

    expect(await keeping.forget("u-1")).toEqual({ changes: 0, texts: 0, parked: 1 });
    expect(await keeping.notes("u-1")).toEqual([]);
    expect(await keeping.load(elsewhere)).toBeUndefined();
    expect(await keeping.load(place)).toBeUndefined();
    expect(await keeping.parked("u-1", place.topic)).toEqual([]);
    expect(await keeping.load(other)).toBeDefined();
    expect(await keeping.parked("u-2", place.topic)).toEqual(parked);
    await keeping.dismiss("u-2", place.topic, "x-1");
    expect(await keeping.parked("u-2", place.topic)).toEqual([]);

    await keeping.write(place, writing({ checkpoint }, 4));
    expect(await keeping.forget()).toEqual({ changes: 4, texts: 1, parked: 0 });
    for (const actor of ["u-1", "u-2"]) expect(await keeping.notes(actor)).toEqual([]);
  });

  it("forget what was acknowledged before, and not by others, where what it wrote was erased", async () => {
    const other = { ...place, slot: 1 };
    for (const one of [place, other]) await keeping.write(one, { ...writing({ checkpoint, acknowledged: [{ flight: flight(1), revision: 1, at: 1_000 }] }), note: { ...one, unsent: 0, at: 1_000 } });
    await keeping.write(place, writing({ checkpoint, forgets: true, acknowledged: [{ flight: flight(2), revision: 4, at: 2_000 }] }, 0, 2_000));
    expect((await keeping.acknowledged(place)).map(({ revision }) => revision)).toEqual([4]);
    expect((await keeping.acknowledged(other)).map(({ revision }) => revision)).toEqual([1]);
  });

  it("keep what was acknowledged for a day", async () => {
    await keeping.write(place, writing({ checkpoint, acknowledged: [{ flight: flight(1), revision: 1, at: 1_000 }] }));
    await keeping.write(place, writing({ acknowledged: [{ flight: flight(2), revision: 2, at: 2_000 }] }, 0, 2_000));
    expect((await keeping.acknowledged(place)).map(({ revision }) => revision)).toEqual([1, 2]);
    const late = 1_500 + acknowledged_kept_ms;
    await keeping.write(place, writing({ acknowledged: [{ flight: flight(3), revision: 3, at: late }] }, 0, late));
    expect((await keeping.acknowledged(place)).map(({ revision }) => revision)).toEqual([2, 3]);
  });
});

describe("IndexedDB", () => {
  it("is asked for each write to have reached the disk", async () => {
    const asked: (string | undefined)[] = [];
    const { transaction } = IDBDatabase.prototype;
    IDBDatabase.prototype.transaction = function (names, mode, options) {
      if (mode === "readwrite") asked.push(options?.durability);
      return transaction.call(this, names, mode, options);
    };
    const keeping = keepingOn(disk());
    await keeping.write(place, writing({ checkpoint }));
    await keeping.write(place, writing({ entries: [letter("a")] }));
    IDBDatabase.prototype.transaction = transaction;
    expect(asked).toEqual(["strict", "strict"]);
  });

  it("keeps texts for the next page of the same browser", async () => {
    const places = disk();
    await keepingOn(places).write(place, writing({ checkpoint, entries: [letter("a")] }));
    expect((await keepingOn(places).load(place))?.entries).toEqual([letter("a")]);
  });
});
