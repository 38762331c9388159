import { openDB, type IDBPDatabase } from "idb";
import type { Places } from "../places";
import { indexedKeeping, keyOf, text_rooms, within, type StoredTexts } from "./indexed-keeping";
import type { Keeping, Note, Place } from "./keeping";
import { claimOne, slots_max, type Claim } from "./slots";
import type { Locks } from "./text-world";

// Earlier versions of the program kept everybody's texts in one database, and a browser that learns of storage buckets
// only now kept each person's in one beside the others. What is there moves to each person's own place, once: it is there
// before it goes here, and a page that is closed in between goes on the next time.

const old_name = "mosty-texts";

// One page after the other. Resolves with the keeping of what stays, because a page of the earlier version has it open
// or the device refuses; most often with nothing.
export async function moveOldTexts(places: Places, locks: Locks): Promise<Keeping | undefined> {
  const move = async () => {
    let rest: Keeping | undefined;
    for (const name of await oldOnes(places)) rest = await moveAll(places, locks, name) ?? rest;
    return rest;
  };
  if ((await oldOnes(places)).length === 0) return undefined;
  const { locks: waiting } = places.ground;
  return waiting ? waiting.request("mosty:moving", move) : move();
}

// The one of everybody comes last: no page of this program writes to the others any more, so all of them can move.
async function oldOnes({ ground: { databases, buckets } }: Places): Promise<readonly string[]> {
  const names = (await databases.databases()).map(({ name }) => name ?? "");
  return [...names.filter((name) => buckets && name.startsWith(`${old_name}.`)), ...names.filter((name) => name === old_name)];
}

// Another page may find it empty and delete it.
async function openOld(name: string, gone: () => void): Promise<Stored> {
  return openDB<StoredTexts>(name, 1, {
    upgrade: (made) => { for (const room of text_rooms) made.createObjectStore(room); },
    blocking: (_before, _after, { target }) => {
      (target as IDBDatabase).close();
      gone();
    },
    terminated: gone,
  });
}

async function moveAll(places: Places, locks: Locks, name: string): Promise<Keeping | undefined> {
  const old = await openOld(name, () => {});
  try {
    for (const note of await old.getAll("notes")) await movePlace(places, locks, old, note);
    for (const key of await old.getAllKeys("parked")) await moveParked(places, old, key);
  } catch (error) {
    console.warn("Texts that an earlier version kept could not all be moved:", error);
  }
  const empty = await isEmpty(old);
  old.close();
  if (!empty) return indexedKeeping((gone) => openOld(name, gone));
  places.ground.databases.deleteDatabase(name);
  return undefined;
}

async function movePlace(places: Places, locks: Locks, old: IDBPDatabase<StoredTexts>, note: Note): Promise<void> {
  const claim = await claimOne(locks, note);
  if (!claim) return; // somebody is at it
  try {
    const { database, close } = await placeOf(places, note.actor);
    try {
      if (!await wasMoved(database, note)) await copy(old, database, locks, note);
    } finally {
      close();
    }
    const clearing = old.transaction(text_rooms, "readwrite", { durability: "strict" });
    const own = text_rooms.filter((room) => room !== "parked");
    await Promise.all([...own.map((room) => clearing.objectStore(room).delete(within(keyOf(note)))), clearing.done]);
  } finally {
    claim.release();
  }
}

type Stored = IDBPDatabase<StoredTexts>;

const placeOf = async (places: Places, actor: string) => places.open<StoredTexts>(await places.of(actor), "mosty-texts", text_rooms, () => {});

// Whether it was copied and the page closed before it went here. The note says from where and when.
async function wasMoved(database: Stored, note: Note): Promise<boolean> {
  const all: readonly Moved[] = await database.getAll("notes", within([note.actor, note.topic]));
  return all.some(({ from }) => from?.slot === note.slot && from.at === note.at);
}

interface Moved extends Note {
  readonly from?: { readonly slot: number; readonly at: number };
}

async function copy(old: Stored, database: Stored, locks: Locks, note: Note): Promise<void> {
  const reading = old.transaction(["checkpoints", "journal", "acknowledged"]);
  const [checkpoint, journal, acknowledged] = await Promise.all([
    reading.objectStore("checkpoints").get(keyOf(note)),
    reading.objectStore("journal").getAll(within(keyOf(note))),
    reading.objectStore("acknowledged").getAll(within(keyOf(note))),
    reading.done,
  ]);
  const to = await freeSlot(database, locks, note);
  try {
    const key = keyOf(to.place);
    const moved: Moved = { ...note, ...to.place, from: { slot: note.slot, at: note.at } };
    const writing = database.transaction(text_rooms, "readwrite", { durability: "strict" });
    await Promise.all([
      writing.objectStore("notes").put(moved, key),
      ...(checkpoint ? [writing.objectStore("checkpoints").put(checkpoint, key)] : []),
      ...journal.map((entry, index) => writing.objectStore("journal").put(entry, [...key, index])),
      ...acknowledged.map((item) => writing.objectStore("acknowledged").put(item, [...key, item.flight.client, item.flight.sequence])),
      writing.done,
    ]);
  } finally {
    to.release();
  }
}

// The same slot, or one that nobody has ever used there. The first is claimed already.
async function freeSlot(database: Stored, locks: Locks, { actor, topic, slot }: Place): Promise<Claim> {
  const taken = new Set((await database.getAll("notes", within([actor, topic]))).map((note) => note.slot));
  if (!taken.has(slot)) return { place: { actor, topic, slot }, release: () => {} };
  for (let other = 0; other < slots_max; other += 1) {
    const claim = taken.has(other) || other === slot ? undefined : await claimOne(locks, { actor, topic, slot: other });
    if (claim) return claim;
  }
  throw new Error(`${slots_max} tabs have this text open.`);
}

async function moveParked(places: Places, old: Stored, key: StoredTexts["parked"]["key"]): Promise<void> {
  const parked = await old.get("parked", key);
  const { database, close } = await placeOf(places, key[0]);
  try {
    const writing = database.transaction("parked", "readwrite", { durability: "strict" });
    await Promise.all([...(parked ? [writing.store.put(parked, key)] : []), writing.done]);
  } finally {
    close();
  }
  await old.delete("parked", key);
}

async function isEmpty(old: Stored): Promise<boolean> {
  const counts = await Promise.all(text_rooms.map((room) => old.count(room)));
  return counts.every((count) => count === 0);
}
