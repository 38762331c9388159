import type { DBSchema, IDBPDatabase } from "idb";
import {
  acknowledged_kept_ms, unsentOf, type Acknowledged, type Checkpoint, type Entry, type Keeping, type Note, type Place, type Shelved,
} from "./keeping";

type PlaceKey = [actor: string, topic: string, slot: number];

export interface StoredTexts extends DBSchema {
  notes: { key: PlaceKey; value: Note };
  checkpoints: { key: PlaceKey; value: Checkpoint };
  journal: { key: [...PlaceKey, number]; value: Entry };
  parked: { key: [actor: string, topic: string, id: string]; value: Shelved };
  acknowledged: { key: [...PlaceKey, string, number]; value: Acknowledged };
}

export const text_rooms = ["notes", "checkpoints", "journal", "parked", "acknowledged"] as const;

// Keeps in an IndexedDB that `open` opens. Each write is one transaction that has reached the disk before it is told as
// done. A database that could not be opened, or was closed (`gone`), is opened again at the next wish.
export function indexedKeeping(open: (gone: () => void) => Promise<IDBPDatabase<StoredTexts>>): Keeping {
  let opening: Promise<IDBPDatabase<StoredTexts>> | undefined;
  const gone = () => { opening = undefined; };
  const database = () => {
    if (!opening) {
      opening = open(gone);
      opening.catch(gone);
    }
    return opening;
  };
  const writing = async () => (await database()).transaction(text_rooms, "readwrite", { durability: "strict" });

  const forget = async (prefix: readonly string[]) => {
    const transaction = await writing();
    const [notes, parked] = await Promise.all([
      transaction.objectStore("notes").getAll(within(prefix)),
      transaction.objectStore("parked").count(within(prefix)),
    ]);
    await Promise.all([...text_rooms.map((room) => transaction.objectStore(room).delete(within(prefix))), transaction.done]);
    return unsentOf(notes, parked);
  };

  return {
    notes: async (actor) => (await database()).getAll("notes", within([actor])),

    load: async (place) => {
      const reading = (await database()).transaction(["checkpoints", "journal"]);
      const [checkpoint, entries] = await Promise.all([
        reading.objectStore("checkpoints").get(keyOf(place)),
        reading.objectStore("journal").getAll(within(keyOf(place))),
        reading.done,
      ]);
      return checkpoint && { checkpoint, entries };
    },

    write: async (place, { note, checkpoint, entries, parked, acknowledged, forgets }) => {
      const transaction = await writing();
      const key = keyOf(place);
      const journal = transaction.objectStore("journal");
      const last = checkpoint ? undefined : await journal.openKeyCursor(within(key), "prev");
      const start = last ? last.key[3] + 1 : 0;
      const day = transaction.objectStore("acknowledged");
      const old: Promise<void>[] = [];
      if (forgets) await day.delete(within(key));
      else if (acknowledged.length > 0) {
        for (let item = await day.openCursor(within(key)); item; item = await item.continue()) {
          if (item.value.at <= note.at - acknowledged_kept_ms) old.push(item.delete());
        }
      }
      await Promise.all([
        ...old,
        transaction.objectStore("notes").put(note, key),
        ...(checkpoint ? [transaction.objectStore("checkpoints").put(checkpoint, key), journal.delete(within(key))] : []),
        ...entries.map((entry, index) => journal.put(entry, [...key, start + index])),
        ...parked.map((item) => transaction.objectStore("parked").put(item, [place.actor, place.topic, item.id])),
        ...acknowledged.map((item) => day.put(item, [...key, item.flight.client, item.flight.sequence])),
        transaction.done,
      ]);
    },

    remove: async (place) => {
      const transaction = await writing();
      const own = text_rooms.filter((room) => room !== "parked");
      await Promise.all([...own.map((room) => transaction.objectStore(room).delete(within(keyOf(place)))), transaction.done]);
    },

    parked: async (actor, topic) => (await database()).getAll("parked", within([actor, topic])),

    dismiss: async (actor, topic, id) => {
      const transaction = await writing();
      await Promise.all([transaction.objectStore("parked").delete([actor, topic, id]), transaction.done]);
    },

    acknowledged: async (place) => (await database()).getAll("acknowledged", within(keyOf(place))),

    unsent: async (actor) => {
      const reading = (await database()).transaction(["notes", "parked"]);
      const own = within(actor === undefined ? [] : [actor]);
      const [notes, parked] = await Promise.all([
        reading.objectStore("notes").getAll(own),
        reading.objectStore("parked").count(own),
        reading.done,
      ]);
      return unsentOf(notes, parked);
    },

    forgetText: (actor, topic) => forget([actor, topic]),
    forget: (actor) => forget(actor === undefined ? [] : [actor]),
  };
}

export function keyOf({ actor, topic, slot }: Place): PlaceKey {
  return [actor, topic, slot];
}

// All keys that begin so: an array stands behind every text and number.
export function within(prefix: readonly (string | number)[]): IDBKeyRange {
  return IDBKeyRange.bound([...prefix], [...prefix, []]);
}
