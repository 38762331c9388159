import type { Note, Place } from "./keeping";
import type { Locks, Release } from "./text-world";

export const slots_max = 64;

export interface Claim {
  readonly place: Place;
  readonly release: Release;
}

// A place for one tab: one with unsent work that nobody has open, else the free one with the newest text, else the
// lowest.
export async function claimAny(locks: Locks, notes: readonly Note[], actor: string, topic: string): Promise<Claim> {
  const own = notes.filter((note) => note.topic === topic).sort((a, b) => b.at - a.at);
  const left = own.filter(({ unsent }) => unsent > 0);
  const all = Array.from({ length: slots_max }, (_, slot) => slot);
  for (const slot of new Set([...[...left, ...own].map(({ slot }) => slot), ...all])) {
    const claim = await claimOne(locks, { actor, topic, slot });
    if (claim) return claim;
  }
  throw new Error(`${slots_max} tabs have this text open.`);
}

export async function claimOne(locks: Locks, { actor, topic, slot }: Place): Promise<Claim | undefined> {
  const release = await locks.take(`mosty:text:${actor}:${topic}:${slot}`);
  return release && { place: { actor, topic, slot }, release };
}
