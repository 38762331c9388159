import { idlePeople, indexedUses, keptTexts, nothing_unsent, noteUse, sumOfUnsent, type Client, type Unsent } from "../../../src/index";
import { forgetLastPerson, lastPerson } from "./last-person";
import { absolve, condemn, condemned, everybody, markKeys } from "./marks";
import { forgetAll, forgetPerson } from "./memory";

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
  if (actor === everybody) forgetAll(markKeys);
  else forgetPerson(actor);
  if (lastPerson()?.actor === actor) forgetLastPerson();
  const [lost, ...rest] = await Promise.allSettled([patient(forgetTexts(whose, client)), patient(uses.remove(whose)), patient(forgetAnswers())]);
  const whole = lost.status === "fulfilled" && rest.every(({ status }) => status === "fulfilled");
  if (whole) absolve(actor);
  else console.warn("Not all that is kept here could be deleted yet.", lost, ...rest);
  return { unsent: lost.status === "fulfilled" ? lost.value : nothing_unsent, whole };
}

async function forgetTexts(whose: string | undefined, client: Client | undefined): Promise<Unsent> {
  const lost = await client?.forgetTexts() ?? nothing_unsent;
  return sumOfUnsent(lost, await texts.forget(whose));
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
