import { IDBFactory } from "fake-indexeddb";
import type { Buckets } from "../places";

// A browser's storage buckets: each with databases of its own, that go with it.
export function fakeBuckets(): Buckets {
  const buckets = new Map<string, IDBFactory>();
  return {
    open: async (name) => {
      if (!/^[a-z0-9][a-z0-9_-]{0,63}$/.test(name)) throw new TypeError(`“${name}” is no name of a bucket`);
      const indexedDB = buckets.get(name) ?? new IDBFactory();
      buckets.set(name, indexedDB);
      return { indexedDB, persist: async () => true };
    },
    keys: async () => [...buckets.keys()],
    delete: async (name) => { buckets.delete(name); },
  };
}
