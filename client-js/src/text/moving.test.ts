import { IDBFactory } from "fake-indexeddb";
import "fake-indexeddb/auto";
import { openDB } from "idb";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { Places } from "../places";
import { fakeBuckets } from "../testing/buckets";
import { empty_text } from "./delta";
import { indexedKeeping, text_rooms, type StoredTexts } from "./indexed-keeping";
import type { Checkpoint, Entry, Keeping, Note, Place } from "./keeping";
import { pageLocks } from "./locks";
import { moveOldTexts } from "./moving";
import { keepingByPerson } from "./person-keeping";
import { unsaid } from "./said";

const checkpoint: Checkpoint = {
  held: { log: "log-1", format: 1 }, text: { state: "synced", committed: { revision: 0, content: empty_text, said: unsaid } }, writer: { client: "k-1", next: 1 },
};
const place: Place = { actor: "u-1", topic: "text/proposal/p-1/objective", slot: 0 };
const other: Place = { ...place, actor: "u-2" };
const parked = [{ id: "x-1", problem: { code: "locked", title: "", detail: "", status: 409, params: {} }, at: 1, change: [], revision: 1, text: "t", removed: 0 }];
const letter = (text: string): Entry => ({ type: "typed", change: [{ insert: text }], at: 5 });

describe.each([["databases", false], ["buckets", true]])("texts that an earlier version kept for everybody together, with places of %s", (_name, buckets) => {
  let places: Places;
  let locks: ReturnType<typeof pageLocks>;
  beforeEach(() => {
    globalThis.indexedDB = new IDBFactory();
    places = new Places({ databases: globalThis.indexedDB, ...(buckets ? { buckets: fakeBuckets() } : {}) });
    locks = pageLocks();
  });

  const old = () => indexedKeeping(() => openDB<StoredTexts>("mosty-texts", 1, {
    upgrade: (database) => { for (const room of text_rooms) database.createObjectStore(room); }, blocking: (_now, _next, event) => { (event.target as IDBDatabase).close(); },
  }));
  const write = (keeping: Keeping, where: Place, letters: string, unsent: number, at = 1_000) =>
    keeping.write(where, { note: { ...where, unsent, at }, checkpoint, entries: [...letters].map(letter), parked: [], acknowledged: [] });
  const move = () => moveOldTexts(places, locks);
  const now = () => keepingByPerson(places, move());
  const names = async () => (await places.ground.databases.databases()).map(({ name }) => name);

  it("are each person's own from then on, unsent and refused work too, and nothing is left", async () => {
    await write(old(), place, "abc", 3);
    await write(old(), other, "xy", 2);
    await old().write(other, { note: { ...other, unsent: 2, at: 2_000 }, entries: [letter("z")], parked, acknowledged: [] });
    const keeping = now();
    expect((await keeping.load(place))?.entries).toEqual([..."abc"].map(letter));
    expect(await keeping.unsent("u-1")).toEqual({ changes: 3, texts: 1, parked: 0 });
    expect((await keeping.load(other))?.entries).toEqual([..."xyz"].map(letter));
    expect(await keeping.unsent("u-2")).toEqual({ changes: 2, texts: 1, parked: 1 });
    expect(await names()).not.toContain("mosty-texts");
    expect((await places.all()).length).toBe(2);
  });

  it("are there once when the page was closed after they had been copied", async () => {
    await write(old(), place, "abc", 3);
    const first = now();
    const copied = await first.notes("u-1");
    await write(old(), place, "abc", 3); // as if nothing had gone there yet
    expect(await now().notes("u-1")).toEqual(copied);
    expect(await now().unsent()).toEqual({ changes: 3, texts: 1, parked: 0 });
  });

  it("come beside what is there already, when an old page wrote on", async () => {
    await write(old(), place, "abc", 3);
    await write(now(), place, "new", 1, 5_000);
    await write(old(), place, "later", 5, 6_000);
    const keeping = now();
    const notes: readonly Note[] = await keeping.notes("u-1");
    expect(notes.map(({ slot, unsent }) => [slot, unsent])).toEqual([[0, 1], [1, 5]]);
    expect((await keeping.load({ ...place, slot: 1 }))?.entries).toEqual([..."later"].map(letter));
    expect((await keeping.load(place))?.entries).toEqual([..."new"].map(letter));
  });

  it("stay while a page of the earlier version is at them, count, and go when they must", async () => {
    await write(old(), place, "abc", 3);
    await write(old(), other, "xy", 2);
    const release = await locks.take(`mosty:text:u-1:${place.topic}:0`);
    const keeping = now();
    expect(await keeping.notes("u-1")).toEqual([]);
    expect(await keeping.unsent()).toEqual({ changes: 5, texts: 2, parked: 0 });
    release?.();
    expect((await now().load(place))?.entries).toEqual([..."abc"].map(letter));

    await write(old(), place, "more", 4, 9_000);
    await locks.take(`mosty:text:u-1:${place.topic}:0`);
    expect((await now().forget("u-1")).changes).toBe(7);
    expect(await old().unsent()).toEqual({ changes: 0, texts: 0, parked: 0 });
  });
});

it("each person's texts move to a bucket of the person's own once the browser has learnt of buckets", async () => {
  const databases = new IDBFactory();
  globalThis.indexedDB = databases;
  const locks = pageLocks();
  const by = (ground: ConstructorParameters<typeof Places>[0]) => {
    const places = new Places(ground);
    return { places, keeping: keepingByPerson(places, moveOldTexts(places, locks)) };
  };
  const write = async (where: Place, letters: string, unsent: number) => {
    const { places, keeping } = by({ databases });
    await keeping.write(where, { note: { ...where, unsent, at: 1_000 }, checkpoint, entries: [...letters].map(letter), parked: where === other ? parked : [], acknowledged: [] });
    places.close(where.actor);
  };
  await write(place, "abc", 3);
  await write(other, "xy", 2);

  const { keeping } = by({ databases, buckets: fakeBuckets() });
  expect(await keeping.unsent()).toEqual({ changes: 5, texts: 2, parked: 1 });
  expect((await keeping.load(place))?.entries).toEqual([..."abc"].map(letter));
  expect((await keeping.load(other))?.entries).toEqual([..."xy"].map(letter));
  await vi.waitFor(async () => expect(await databases.databases()).toEqual([]));
});
