import { browserPlaces, idlePeople, indexedUses, keptTexts, nothing_unsent, noteUse, sumOfUnsent, type Client, type Unsent } from "../../../src/index";
import { isDrawerEmpty, removeOld } from "./drawer";
import { forgetLastPerson, lastActor } from "./last-person";
import { absolve, condemn, condemned, everybody, markKeys } from "./marks";

// What this device keeps of people goes: of one, or of everybody.

const patience_ms = 5_000; // a device that does not answer must not keep a page waiting for ever
const texts = keptTexts();
const uses = indexedUses();

export interface Wiped {
  readonly unsent: Unsent; // what of it no server had
  readonly whole: boolean; // otherwise the rest goes when a page is opened next
}

// `client`: the person's, which has texts open; it writes nothing afterwards.
export async function wipe(actor: string, client?: Client): Promise<Wiped> {
  const whose = actor === everybody ? undefined : actor;
  condemn(actor);
  removeOld((person) => actor === everybody || person === actor);
  if (actor === everybody) forgetKeys();
  else if (lastActor() === actor) forgetLastPerson();
  const forgetting = patient(forgetTexts(whose, client));
  const destroying = forgetting.catch(() => undefined).then(() => patient(destroy(whose)));
  const [lost, destroyed, ...rest] = await Promise.allSettled([forgetting, destroying, patient(uses.remove(whose)), patient(forgetAnswers())]);
  const deleted = [lost, ...rest].every(({ status }) => status === "fulfilled");
  const whole = deleted && destroyed.status === "fulfilled";
  if (deleted) absolve(actor); // an empty place that another tab still held is swept away later
  if (!whole) console.warn("Not all that is kept here could be deleted yet.", lost, destroyed, ...rest);
  return { unsent: lost.status === "fulfilled" ? lost.value : nothing_unsent, whole };
}

async function forgetTexts(whose: string | undefined, client: Client | undefined): Promise<Unsent> {
  const lost = await client?.forgetTexts() ?? nothing_unsent;
  return sumOfUnsent(lost, await texts.forget(whose));
}

// Their places go from the disk, with all that was ever written there.
async function destroy(whose: string | undefined): Promise<void> {
  const places = browserPlaces();
  const own = whose === undefined ? undefined : await places.of(whose);
  const all = await places.all();
  await Promise.all(all.filter((place) => own === undefined || place === own).map((place) => {
    places.close(place);
    return places.destroy(place);
  }));
}

// Places in which nothing is kept any more, and that could not be destroyed when it went. Nobody is using them.
export async function sweep(): Promise<void> {
  const places = browserPlaces();
  try {
    for (const place of await places.all()) {
      if (await isDrawerEmpty(place) && await texts.isEmpty(place)) await places.destroy(place);
    }
  } catch {
    // Somebody is there again, or the device does not tell: it goes the next time.
  }
}

// Another tab destroys the place of somebody who is not here: this one has nothing open there.
export async function letGoOf(actor: string): Promise<void> {
  const places = browserPlaces();
  for (const place of actor === everybody ? await places.all() : [await places.of(actor)]) places.close(place);
}

// What else is kept under a name of ours, but for the language and for what must be done about forgetting.
function forgetKeys(): void {
  try {
    for (const key of Object.keys(localStorage)) {
      if (key.startsWith("mosty.") && key !== "mosty.language" && !markKeys.includes(key)) localStorage.removeItem(key);
    }
  } catch {
    // Nothing was kept where storage is closed.
  }
}

// Goes on with what an earlier page began.
export async function finishWipes(): Promise<void> {
  await Promise.all(condemned().map((actor) => wipe(actor)));
}

// Those who have not used the app here for too long.
export async function idleHere(): Promise<readonly string[]> {
  return patient(idlePeople(uses, Date.now())).catch(unknown("who was here last", []));
}

// Notes that the app is used. `confirmed`: the server has just said who is here.
export async function used(actor: string, confirmed: boolean): Promise<void> {
  await patient(noteUse(uses, actor, Date.now(), confirmed)).catch(unknown("when it was used", undefined));
}

// What is kept of everybody and no server has.
export function unsentHere(): Promise<Unsent> {
  return patient(texts.unsent()).catch(unknown("what is unsent", nothing_unsent));
}

// The service worker keeps the program, which is nobody's and opens the app without a network. Anything else goes.
async function forgetAnswers(): Promise<void> {
  if (!("caches" in globalThis)) return;
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const request of await cache.keys()) if (!isProgram(request)) await cache.delete(request);
  }
}

function isProgram({ url }: Request): boolean {
  const { pathname } = new URL(url);
  return pathname === "/index.html" || pathname === "/favicon.svg" || pathname.startsWith("/assets/");
}

function patient<T>(promise: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    setTimeout(() => { reject(new Error("The device does not answer.")); }, patience_ms);
    promise.then(resolve, reject);
  });
}

// A device that keeps nothing has nothing to say.
function unknown<T>(what: string, instead: T): (error: unknown) => T {
  return (error) => {
    console.warn(`This device does not tell ${what}:`, error);
    return instead;
  };
}
