import type { Locks } from "./text-world";

// The browser's, which frees a tab's locks however it ends.
export const browserLocks: Locks = {
  take: (name) => new Promise((resolve, reject) => {
    navigator.locks.request(name, { ifAvailable: true }, (lock) => {
      if (!lock) return resolve(undefined);
      return new Promise<void>((release) => { resolve(release); });
    }).catch(reject);
  }),
};

// Those of one page, or of several that a test plays.
export function pageLocks(): Locks {
  const taken = new Set<string>();
  return {
    take: async (name) => {
      if (taken.has(name)) return undefined;
      taken.add(name);
      return () => taken.delete(name);
    },
  };
}
