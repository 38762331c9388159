import { wrap, type DBSchema, type IDBPDatabase } from "idb";

// Where a browser keeps what is one person's: in a place of the person's own, which is destroyed whole. In a browser
// with storage buckets the place is one, whose files leave the disk with it; in others it is databases of the person's
// own. A place is in use as long as some page has a database of it open; destroying waits for that, a while.

const prefix = "mosty-";
const wait_ms = 3_000;

// What of the browser a place is made of. Without locks, pages do not wait for each other.
export interface Ground {
  readonly databases: IDBFactory;
  readonly buckets?: Buckets | undefined;
  readonly locks?: Pick<LockManager, "request"> | undefined;
}

// The part of the Storage Buckets API that is used.
export interface Buckets {
  open(name: string): Promise<Bucket>;
  keys(): Promise<readonly string[]>;
  delete(name: string): Promise<void>;
}

interface Bucket {
  readonly indexedDB: IDBFactory;
  persist(): Promise<boolean>;
}

export interface Opened<Stored extends DBSchema> {
  readonly database: IDBPDatabase<Stored>;
  close(): void;
}

export class Places {
  readonly #open = new Map<string, Set<() => void>>(); // how this page closes what it has open there
  // Chromium lets go of a bucket's connections, without a word to them, once nobody holds the bucket: so they are held.
  readonly #buckets = new Map<string, Promise<Bucket>>();

  constructor(readonly ground: Ground) {}

  async of(actor: string): Promise<string> {
    return this.ground.buckets ? prefix + await digest(actor) : actor;
  }

  // Those that exist, of everybody.
  async all(): Promise<readonly string[]> {
    const { buckets, databases } = this.ground;
    if (buckets) return (await buckets.keys()).filter((name) => name.startsWith(prefix));
    const names = (await databases.databases()).flatMap(({ name }) => name?.startsWith(prefix) && name.includes(".") ? [name.slice(name.indexOf(".") + 1)] : []);
    return [...new Set(names)];
  }

  // A database of that place, made with these rooms where there is none. `gone`: it was closed, by whomever.
  async open<Stored extends DBSchema>(place: string, name: string, rooms: readonly string[], gone: () => void): Promise<Opened<Stored>> {
    return this.#opened(place, name, rooms, gone, await this.#locked(place, "shared"));
  }

  // The same, for a look: nothing where the place is not there, which is not made for it.
  async look<Stored extends DBSchema, T>(place: string, name: string, rooms: readonly string[], see: (database: IDBPDatabase<Stored>) => Promise<T>): Promise<T | undefined> {
    const release = await this.#locked(place, "shared");
    if (!(await this.all()).includes(place)) {
      release();
      return undefined;
    }
    const { database, close } = await this.#opened<Stored>(place, name, rooms, () => {}, release);
    try {
      return await see(database);
    } finally {
      close();
    }
  }

  async #opened<Stored extends DBSchema>(place: string, name: string, rooms: readonly string[], gone: () => void, release: () => void): Promise<Opened<Stored>> {
    try {
      const database = await this.#connected<Stored>(place, name, rooms);
      const here = this.#open.get(place) ?? new Set();
      this.#open.set(place, here);
      const over = () => {
        if (!here.delete(close)) return;
        release();
        gone();
      };
      const close = () => {
        database.close();
        over();
      };
      here.add(close);
      database.addEventListener("close", over);
      database.addEventListener("versionchange", close);
      return { database, close };
    } catch (error) {
      release();
      throw error;
    }
  }

  // Closes what this page has open there.
  close(place: string): void {
    for (const close of [...this.#open.get(place) ?? []]) close();
    this.#buckets.delete(place);
  }

  // Nothing of the place is left when it resolves. Rejects where some page goes on using it, this one too.
  async destroy(place: string): Promise<void> {
    const release = await this.#locked(place, "exclusive");
    try {
      const { buckets, databases } = this.ground;
      this.#buckets.delete(place);
      if (buckets) return await buckets.delete(place);
      for (const { name } of await databases.databases()) {
        if (name?.startsWith(prefix) && name.slice(name.indexOf(".") + 1) === place) await deleted(databases, name);
      }
    } finally {
      release();
    }
  }

  // Asks the browser not to throw the place away when the disk is full. It may refuse.
  async last(place: string): Promise<boolean> {
    const { buckets } = this.ground;
    return buckets ? (await this.#bucket(place, buckets)).persist() : navigator.storage.persist();
  }

  #bucket(place: string, buckets: Buckets): Promise<Bucket> {
    const bucket = this.#buckets.get(place) ?? buckets.open(place);
    this.#buckets.set(place, bucket);
    bucket.catch(() => this.#buckets.delete(place));
    return bucket;
  }

  // One that another page has destroyed since is opened anew.
  async #connected<Stored extends DBSchema>(place: string, name: string, rooms: readonly string[]): Promise<IDBPDatabase<Stored>> {
    const { buckets, databases } = this.ground;
    if (!buckets) return opened(databases, `${name}.${place}`, rooms);
    if (!(await buckets.keys()).includes(place)) this.#buckets.delete(place);
    try {
      return await opened((await this.#bucket(place, buckets)).indexedDB, name, rooms);
    } catch {
      this.#buckets.delete(place);
      return opened((await this.#bucket(place, buckets)).indexedDB, name, rooms);
    }
  }

  // First come, first served: what is opened after a destruction was asked for is opened after it.
  async #locked(place: string, mode: LockMode): Promise<() => void> {
    const { locks } = this.ground;
    if (!locks) return () => {};
    return new Promise((resolve, reject) => {
      const patience = mode === "exclusive" ? { signal: AbortSignal.timeout(wait_ms) } : {};
      locks.request(`mosty:place:${place}`, { mode, ...patience }, () => new Promise<void>((release) => { resolve(release); })).catch(reject);
    });
  }
}

let browsers: Places | undefined;

// This browser's. Of a page without a secure context it keeps nothing that pages must agree on.
export function browserPlaces(): Places {
  const { storageBuckets, locks } = navigator as Navigator & { readonly storageBuckets?: Buckets };
  browsers ??= new Places({ databases: indexedDB, buckets: storageBuckets, locks });
  return browsers;
}

async function opened<Stored extends DBSchema>(factory: IDBFactory, name: string, rooms: readonly string[]): Promise<IDBPDatabase<Stored>> {
  const asked = factory.open(name, 1);
  asked.onupgradeneeded = () => { for (const room of rooms) asked.result.createObjectStore(room); };
  return await wrap(asked) as unknown as IDBPDatabase<Stored>;
}

async function deleted(factory: IDBFactory, name: string): Promise<void> {
  await wrap(factory.deleteDatabase(name));
}

// Names of buckets are small letters and digits; ids are not always.
async function digest(text: string): Promise<string> {
  const bytes = new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text)));
  return [...bytes.subarray(0, 20)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
