import { acknowledged_kept_ms, unsentOf, type Acknowledged, type Entry, type Kept, type Keeping, type Note, type Place, type Shelved } from "./keeping";

interface Drawer {
  note: Note;
  kept: Kept | undefined;
  acknowledged: readonly Acknowledged[];
}

// Keeps in the page's own memory: for tests, and as the model of the one on disk. Gone when the page is.
export function memoryKeeping(): Keeping {
  const drawers = new Map<string, Drawer>();
  const shelf = new Map<string, { actor: string; topic: string; parked: Shelved }>();
  const of = (actor: string) => [...drawers.values()].filter(({ note }) => note.actor === actor);
  const shelved = (actor: string) => [...shelf].filter(([, item]) => item.actor === actor);

  return {
    notes: async (actor) => of(actor).map(({ note }) => note),
    load: async (place) => drawers.get(keyOf(place))?.kept,
    write: async (place, { note, checkpoint, entries, parked, acknowledged }) => {
      const before = drawers.get(keyOf(place));
      const begun = checkpoint ?? before?.kept?.checkpoint;
      const older: readonly Entry[] = checkpoint ? [] : before?.kept?.entries ?? [];
      const young = (before?.acknowledged ?? []).filter(({ at }) => at > note.at - acknowledged_kept_ms);
      drawers.set(keyOf(place), {
        note,
        kept: begun && { checkpoint: begun, entries: [...older, ...entries] },
        acknowledged: [...young, ...acknowledged],
      });
      for (const item of parked) shelf.set(`${keyOf(place)} ${item.id}`, { actor: place.actor, topic: place.topic, parked: item });
    },
    remove: async (place) => { drawers.delete(keyOf(place)); },
    parked: async (actor, topic) => shelved(actor).filter(([, item]) => item.topic === topic).map(([, item]) => item.parked),
    dismiss: async (actor, topic, id) => {
      for (const [key, item] of shelved(actor)) if (item.topic === topic && item.parked.id === id) shelf.delete(key);
    },
    acknowledged: async (place) => drawers.get(keyOf(place))?.acknowledged ?? [],
    unsent: async (actor) => unsentOf(of(actor).map(({ note }) => note), shelved(actor).length),
    forgetText: async (actor, topic) => {
      for (const { note } of of(actor)) if (note.topic === topic) drawers.delete(keyOf(note));
      for (const [key, item] of shelved(actor)) if (item.topic === topic) shelf.delete(key);
    },
    forget: async (actor) => {
      for (const { note } of of(actor)) drawers.delete(keyOf(note));
      for (const [key] of shelved(actor)) shelf.delete(key);
    },
  };
}

function keyOf({ actor, topic, slot }: Place): string {
  return `${actor} ${topic} ${slot}`;
}
