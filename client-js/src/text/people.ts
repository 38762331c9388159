import { transformPosition, type Operations } from "./delta";
import { effectOf, type TextEvent } from "./events";
import type { Present } from "./open-text";
import type { Standing } from "./text-frames";

export const presence_kept_ms = 30_000;
const recent_events_max = 300;

interface Kept extends Standing {
  readonly heardAt: number;
}

interface Step {
  readonly revision: number;
  readonly actor: string;
  readonly effect: Operations;
}

// The others in a text. Where each stands is told as of a revision, perhaps of one not yet known here.
export interface People {
  readonly standing: ReadonlyMap<string, Kept>;
  readonly recent: readonly Step[]; // what the last revisions did
}

export const nobody: People = { standing: new Map(), recent: [] };

export function heardPeople(people: People, present: readonly Standing[], gone: readonly string[], now: number): People {
  const standing = new Map(people.standing);
  for (const who of gone) standing.delete(who);
  for (const one of present) standing.set(one.who, { ...one, heardAt: now });
  return { ...people, standing };
}

export function heardEvents(people: People, events: readonly TextEvent[]): People {
  const steps = events.map((event) => ({ revision: event.revision, actor: event.actor, effect: effectOf(event) }));
  return { ...people, recent: [...people.recent, ...steps].slice(-recent_events_max) };
}

// More happened than can be followed: who is still there will say so again.
export function skippedEvents(people: People): People {
  return { ...people, recent: [] };
}

export function withoutExpired(people: People, now: number): People {
  const standing = new Map([...people.standing].filter(([, { heardAt }]) => now - heardAt < presence_kept_ms));
  return standing.size === people.standing.size ? people : { ...people, standing };
}

// Who stands where as of `revision`. Left out is who speaks of a revision that is still to come, or of one too old.
export function placed(people: People, revision: number): readonly Present[] {
  return [...people.standing.values()].flatMap((one): Present[] => {
    const since = people.recent.filter((step) => step.revision > one.revision && step.revision <= revision);
    if (one.revision > revision || since.length !== revision - one.revision) return [];
    // What somebody writes is to the left of their own cursor.
    const move = (place: number) => since.reduce((at, { actor, effect }) =>
      transformPosition(effect, at, actor === one.actor ? "second" : "first"), place);
    const { who, actor } = one;
    return [{ who, actor, from: move(one.from), to: move(one.to) }];
  });
}
