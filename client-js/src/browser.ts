import type { Http } from "./http";
import { browserPlaces } from "./places";
import { browserLocks } from "./text/locks";
import type { Keeping } from "./text/keeping";
import { memoryKeeping } from "./text/memory-keeping";
import { moveOldTexts } from "./text/moving";
import { keepingByPerson, type PersonKeeping } from "./text/person-keeping";
import type { TextWorld } from "./text/text-world";
import { workerRebaser } from "./text/worker-rebaser";
import type { Chance, Clock, SocketFactory } from "./world";

// The browser's own socket, clock, chance and disk.

export const browserSocket: SocketFactory = (url, events) => {
  const socket = new WebSocket(url, "mosty.v1");
  socket.onopen = () => events.opened();
  socket.onmessage = ({ data }) => { if (typeof data === "string") events.message(data); };
  socket.onclose = ({ code }) => events.closed(code);
  return { send: (text) => socket.send(text), close: () => socket.close() };
};

export const browserClock: Clock = {
  now: () => Date.now(),
  after: (ms, run) => {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
};

export const browserChance: Chance = {
  fraction: () => Math.random(),
  id: () => {
    const bytes = crypto.getRandomValues(new Uint8Array(12));
    return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  },
};

// Texts kept in IndexedDB, for one person. Where the browser has no locks between tabs, two of them would spoil each
// other's work, so nothing is kept, and each text says so.
export function browserTexts(actor: string, http: Http): TextWorld {
  const locked = "locks" in navigator;
  return {
    actor,
    keeping: locked ? lasting(actor, browserKeeping()) : unkept(),
    locks: locked ? browserLocks : { take: async () => () => {} },
    rebaser: workerRebaser(() => new Worker(new URL("./text/rebase.worker.ts", import.meta.url), { type: "module" })),
    newClient: (topic) => http.newTextClient(topic),
    erasures: (topic) => http.erasures(topic),
  };
}

// What this device keeps of texts without anybody signed in: of a person, or of everybody.
export function keptTexts(): Pick<PersonKeeping, "unsent" | "forget" | "isEmpty"> {
  return "locks" in navigator ? browserKeeping() : { ...memoryKeeping(), isEmpty: async () => true };
}

let browsers: PersonKeeping | undefined;

function browserKeeping(): PersonKeeping {
  browsers ??= keepingByPerson(browserPlaces(), moveOldTexts(browserPlaces(), browserLocks).catch((error: unknown) => {
    console.warn("What an earlier version kept could not be looked at:", error);
    return undefined;
  }));
  return browsers;
}

// Asks the browser once not to throw away what is kept, when there is something that only this device has.
function lasting(actor: string, keeping: Keeping): Keeping {
  let asked = false;
  return {
    ...keeping,
    write: (place, writing) => {
      if (!asked && writing.note.unsent > 0) {
        asked = true;
        const places = browserPlaces();
        places.of(actor).then((place) => places.last(place)).catch(() => false); // it may refuse, and keeps it as long as it likes
      }
      return keeping.write(place, writing);
    },
  };
}

function unkept(): Keeping {
  return { ...memoryKeeping(), write: () => Promise.reject(new Error("This browser cannot keep texts safely.")) };
}

// Tries at once when the network returns or the page is looked at again.
export function wakeWith(client: { wake(): void }): () => void {
  const wake = () => client.wake();
  const seen = () => { if (document.visibilityState === "visible") client.wake(); };
  addEventListener("online", wake);
  document.addEventListener("visibilitychange", seen);
  return () => {
    removeEventListener("online", wake);
    document.removeEventListener("visibilitychange", seen);
  };
}
