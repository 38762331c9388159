import type { IDBPDatabase } from "idb";
import type { Places } from "../places";
import { indexedKeeping, text_rooms, type StoredTexts } from "./indexed-keeping";
import { nothing_unsent, sumOfUnsent, type Keeping, type Unsent } from "./keeping";

const database_name = "mosty-texts";

export interface PersonKeeping extends Keeping {
  isEmpty(place: string): Promise<boolean>; // whether no text is kept in that place, of `Places`
}

// Keeps each person's texts in the person's own place. `moved` resolves once what an earlier version of the program kept
// elsewhere is there: with the keeping of what could not be moved yet, if there is any.
export function keepingByPerson(places: Places, moved: Promise<Keeping | undefined>): PersonKeeping {
  const keepings = new Map<string, Keeping>();
  const openIn = async (place: string, gone: () => void): Promise<IDBPDatabase<StoredTexts>> =>
    (await places.open<StoredTexts>(place, database_name, text_rooms, gone)).database;

  const of = async (actor: string): Promise<Keeping> => {
    await moved;
    const known = keepings.get(actor);
    if (known) return known;
    const keeping = indexedKeeping(async (gone) => openIn(await places.of(actor), gone));
    keepings.set(actor, keeping);
    return keeping;
  };

  // What is there of one person, or of everybody, without making anything.
  const ofThoseThere = async (actor: string | undefined, ask: (keeping: Keeping) => Promise<Unsent>): Promise<Unsent> => {
    const rest = await moved;
    const own = actor === undefined ? undefined : await places.of(actor);
    const whose = (await places.all()).filter((place) => own === undefined || place === own);
    let sum = rest ? await ask(rest) : nothing_unsent;
    for (const place of whose) {
      const one = await places.look<StoredTexts, Unsent>(place, database_name, text_rooms, (database) => ask(indexedKeeping(async () => database)));
      sum = sumOfUnsent(sum, one ?? nothing_unsent);
    }
    return sum;
  };

  return {
    notes: async (actor) => (await of(actor)).notes(actor),
    load: async (place) => (await of(place.actor)).load(place),
    write: async (place, writing) => (await of(place.actor)).write(place, writing),
    remove: async (place) => (await of(place.actor)).remove(place),
    parked: async (actor, topic) => (await of(actor)).parked(actor, topic),
    dismiss: async (actor, topic, id) => (await of(actor)).dismiss(actor, topic, id),
    acknowledged: async (place) => (await of(place.actor)).acknowledged(place),
    unsent: (actor) => ofThoseThere(actor, (keeping) => keeping.unsent(actor)),
    forgetText: async (actor, topic) => {
      const rest = await (await moved)?.forgetText(actor, topic) ?? nothing_unsent;
      return sumOfUnsent(rest, await (await of(actor)).forgetText(actor, topic));
    },
    forget: (actor) => ofThoseThere(actor, (keeping) => keeping.forget(actor)),
    isEmpty: async (place) => {
      await moved;
      const counts = await places.look<StoredTexts, readonly number[]>(place, database_name, text_rooms, (database) => Promise.all(text_rooms.map((room) => database.count(room))));
      return counts?.every((count) => count === 0) ?? true;
    },
  };
}
