import { openDB, type DBSchema, type IDBPDatabase } from "idb";
import type { Use, UseKeeping } from "./use";

interface Stored extends DBSchema {
  uses: { key: string; value: Use };
}

// In IndexedDB, beside what is kept of texts.
export function indexedUses(name = "mosty-uses"): UseKeeping {
  let opening: Promise<IDBPDatabase<Stored>> | undefined;
  const database = () => {
    opening ??= open(name, () => { opening = undefined; });
    return opening;
  };
  return {
    all: async () => {
      const reading = (await database()).transaction("uses");
      const [people, uses] = await Promise.all([reading.store.getAllKeys(), reading.store.getAll(), reading.done]);
      return new Map(people.flatMap((actor, index) => {
        const use = uses[index];
        return use ? [[actor, use]] : [];
      }));
    },
    put: async (actor, use) => { await (await database()).put("uses", use, actor); },
    remove: async (actor) => {
      const uses = await database();
      await (actor === undefined ? uses.clear("uses") : uses.delete("uses", actor));
    },
  };
}

// A database that could not be opened, or was closed by the browser, is opened again at the next wish.
function open(name: string, gone: () => void): Promise<IDBPDatabase<Stored>> {
  const opening = openDB<Stored>(name, 1, { upgrade: (database) => { database.createObjectStore("uses"); }, terminated: gone });
  opening.catch(gone);
  return opening;
}
