import type { DBSchema } from "idb";
import { browserPlaces, type Memory, type Opened, type Topic } from "../../../src/index";

// What is kept of one person beside texts, in the person's own place: who it is, what the last visit saw, how far the
// feed was read. Read whole when the page is opened, so that the first paint shows it.

const database_name = "mosty-seen";
const room = "things";
const topics_max = 40;
const characters_max = 150_000;
const pause_ms = 1_000;
const patience_ms = 5_000;

interface Stored extends DBSchema {
  things: { key: string; value: unknown };
}

const topicKey = (name: string) => `topic:${name}`;
const names_key = "topics";
const saved_key = "topics-at";

export class Drawer {
  readonly #things: Map<string, unknown>;
  readonly #waiting = new Map<string, unknown>(); // undefined: to be removed
  #opened: Opened<Stored> | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #closed = false;

  constructor(opened: Opened<Stored> | undefined, things: ReadonlyMap<string, unknown>) {
    this.#opened = opened;
    this.#things = new Map(things);
  }

  get(key: string): unknown {
    return this.#things.get(key);
  }

  set(key: string, value: unknown): void {
    if (this.#closed) return;
    if (value === undefined) this.#things.delete(key);
    else this.#things.set(key, value);
    this.#waiting.set(key, value);
    this.#timer ??= setTimeout(() => { void this.write(); }, pause_ms);
  }

  // When something was kept last: how old at most the first paint is.
  get saved(): number | undefined {
    const at = this.get(saved_key);
    return typeof at === "number" ? at : undefined;
  }

  // How far the person has read the feed; nothing when the person was never here.
  get seen(): number | undefined {
    const position = this.get("seen");
    return typeof position === "number" ? position : undefined;
  }

  set seen(position: number) {
    this.set("seen", position);
  }

  get memory(): Memory<Topic> {
    return {
      load: (topic) => this.get(topicKey(topic)) as Topic | undefined,
      save: (topic) => { this.#save(topic); },
      keepOnly: (topics) => {
        for (const name of this.#names()) if (!topics.has(name)) this.set(topicKey(name), undefined);
        this.set(names_key, this.#names().filter((name) => topics.has(name)));
        void this.write();
      },
    };
  }

  #save(topic: Topic): void {
    const all = [topic.name, ...this.#names().filter((other) => other !== topic.name)];
    for (const old of all.slice(topics_max)) this.set(topicKey(old), undefined);
    this.set(topicKey(topic.name), topic);
    this.set(names_key, all.slice(0, topics_max));
    this.set(saved_key, Date.now());
  }

  #names(): readonly string[] {
    return this.get(names_key) as readonly string[] | undefined ?? [];
  }

  // What waits goes to the device at once. What it refuses is not kept: the next visit asks the server.
  async write(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    if (!this.#opened || waiting.length === 0) return;
    try {
      const { store, done } = this.#opened.database.transaction(room, "readwrite");
      await Promise.all([...waiting.map(([key, value]) => isKept(key, value) ? store.put(value, key) : store.delete(key)), done]);
    } catch (error) {
      if (!this.#closed) console.warn("What was seen could not be kept on this device:", error);
    }
  }

  // The browser, or another tab, closed it.
  lost(): void {
    this.#opened = undefined;
  }

  // Nothing is kept from now on.
  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
    this.#waiting.clear();
    this.#opened?.close();
    this.#opened = undefined;
  }

  // The same, once what waits is on the device.
  async leave(): Promise<void> {
    const writing = this.write();
    this.#closed = true;
    await writing;
    this.close();
  }
}

function isKept(key: string, value: unknown): boolean {
  return value !== undefined && (!key.startsWith("topic:") || JSON.stringify(value).length <= characters_max);
}

// The person's; one in memory alone where the device keeps nothing or does not answer.
export async function openDrawer(actor: string): Promise<Drawer> {
  try {
    return await patient(read(actor));
  } catch (error) {
    console.warn("What was kept on this device cannot be read:", error);
    return new Drawer(undefined, new Map());
  }
}

async function read(actor: string): Promise<Drawer> {
  const places = browserPlaces();
  let drawer: Drawer | undefined;
  const opened = await places.open<Stored>(await places.of(actor), database_name, [room], () => drawer?.lost());
  const reading = opened.database.transaction(room);
  const [keys, values] = await Promise.all([reading.store.getAllKeys(), reading.store.getAll(), reading.done]);
  drawer = new Drawer(opened, new Map(keys.map((key, index) => [String(key), values[index]])));
  moveOld(actor, drawer);
  return drawer;
}

// Whether anything is kept of the person whose place it is, beside texts.
export async function isDrawerEmpty(place: string): Promise<boolean> {
  return (await browserPlaces().look<Stored, number>(place, database_name, [room], (database) => database.count(room)) ?? 0) === 0;
}

// Nothing stays of what others than this person saw here; their texts do.
export async function clearOthers(actor: string | undefined): Promise<void> {
  removeOld(() => true);
  const places = browserPlaces();
  const own = actor === undefined ? undefined : await places.of(actor);
  for (const place of await places.all()) {
    if (place !== own) await places.look<Stored, void>(place, database_name, [room], (database) => database.clear(room));
  }
}

// Earlier versions kept all of it in the browser's own storage. `names`: of whom.
export function removeOld(isWhose: (actor: string) => boolean): void {
  try {
    for (const key of Object.keys(localStorage)) {
      const old = oldKey(key);
      if (old && isWhose(old.actor)) localStorage.removeItem(key);
    }
  } catch {
    // Nothing was kept where storage is closed.
  }
}

function moveOld(actor: string, drawer: Drawer): void {
  for (const key of Object.keys(localStorage)) {
    const old = oldKey(key);
    if (old?.actor !== actor) continue;
    const value = localStorage.getItem(key);
    if (drawer.get(old.key) === undefined && value !== null) drawer.set(old.key, JSON.parse(value));
  }
  void drawer.write().then(() => { removeOld((whose) => whose === actor); });
}

function oldKey(key: string): { actor: string; key: string } | undefined {
  const [, kind, actor = "", topic = ""] = /^mosty\.(topic|topics|topics-at|seen)\.([^.]+)(?:\.(.*))?$/.exec(key) ?? [];
  if (!kind) return undefined;
  return { actor, key: kind === "topic" ? topicKey(topic) : kind };
}

function patient<T>(promise: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    setTimeout(() => { reject(new Error("The device does not answer.")); }, patience_ms);
    promise.then(resolve, reject);
  });
}
