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
  const of = (actor?: string, topic?: string) => [...drawers.values()]
    .filter(({ note }) => (actor ?? note.actor) === note.actor && (topic ?? note.topic) === note.topic);
  const shelved = (actor?: string, topic?: string) => [...shelf]
    .filter(([, item]) => (actor ?? item.actor) === item.actor && (topic ?? item.topic) === item.topic);
  const unsent = (actor?: string, topic?: string) => unsentOf(of(actor, topic).map(({ note }) => note), shelved(actor, topic).length);
  const forget = async (actor?: string, topic?: string) => {
    const lost = unsent(actor, topic);
    for (const { note } of of(actor, topic)) drawers.delete(keyOf(note));
    for (const [key] of shelved(actor, topic)) shelf.delete(key);
    return lost;
  };

  return {
    notes: async (actor) => of(actor).map(({ note }) => note),
    load: async (place) => drawers.get(keyOf(place))?.kept,
    write: async (place, { note, checkpoint, entries, parked, acknowledged, forgets }) => {
      const before = drawers.get(keyOf(place));
      const begun = checkpoint ?? before?.kept?.checkpoint;
      const older: readonly Entry[] = checkpoint ? [] : before?.kept?.entries ?? [];
      const young = (before?.acknowledged ?? []).filter(({ at }) => !forgets && at > note.at - acknowledged_kept_ms);
      drawers.set(keyOf(place), {
        note,
        kept: begun && { checkpoint: begun, entries: [...older, ...entries] },
        acknowledged: [...young, ...acknowledged],
      });
      for (const item of parked) shelf.set(`${keyOf(place)} ${item.id}`, { actor: place.actor, topic: place.topic, parked: item });
    },
    remove: async (place) => { drawers.delete(keyOf(place)); },
    parked: async (actor, topic) => shelved(actor, topic).map(([, item]) => item.parked),
    dismiss: async (actor, topic, id) => {
      for (const [key, item] of shelved(actor, topic)) if (item.parked.id === id) shelf.delete(key);
    },
    acknowledged: async (place) => drawers.get(keyOf(place))?.acknowledged ?? [],
    unsent: async (actor) => unsent(actor),
    forgetText: (actor, topic) => forget(actor, topic),
    forget: (actor) => forget(actor),
  };
}

function keyOf({ actor, topic, slot }: Place): string {
  return `${actor} ${topic} ${slot}`;
}
