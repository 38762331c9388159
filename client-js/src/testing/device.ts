import { connect, type Client } from "../client";
import type { JsonObject } from "../json";
import { localProblem } from "../problem";
import { compose, type Operations } from "../text/delta";
import type { Keeping, Place, Writing } from "../text/keeping";
import { memoryKeeping } from "../text/memory-keeping";
import type { OpenText } from "../text/open-text";
import { flightOf } from "../text/shared-text";
import { inlineRebaser, type Rebaser } from "../text/rebase";
import type { Locks } from "../text/text-world";
import type { SocketFactory } from "../world";
import type { TextServer } from "./text-server";
import type { FakeClock, SeededChance } from "./world";

// A browser profile: a disk and locks, which outlive every page.
export class Profile {
  readonly disk: Keeping;
  readonly frozen = new Set<string>(); // the bytes of edits that have reached the disk
  trusting = false; // does without its disk
  readonly #locks = new Map<string, Page>();

  constructor(readonly actor: string, disk: Keeping = memoryKeeping()) {
    this.disk = {
      ...disk,
      write: async (place, writing) => {
        await disk.write(place, writing);
        for (const entry of writing.entries) if (entry.type === "frozen") this.frozen.add(entry.flight.bytes);
        const flight = writing.checkpoint && flightOf(writing.checkpoint.text);
        if (flight) this.frozen.add(flight.bytes);
      },
    };
  }

  locksFor(page: Page): Locks {
    return {
      take: async (name) => {
        if (this.#locks.has(name)) return undefined;
        this.#locks.set(name, page);
        return () => this.#locks.delete(name);
      },
    };
  }

  free(page: Page): void {
    for (const [name, owner] of this.#locks) if (owner === page) this.#locks.delete(name);
  }
}

export interface PageOptions {
  readonly rebaser?: Rebaser;
  readonly signedInAs?: string; // somebody else than the profile's person
  readonly topic?: string; // another text than the scene's
  readonly slow?: boolean; // what is written reaches the disk only when `write` is called
}

// A page of a profile, with one editor. It can be killed at any moment.
export class Page {
  readonly client: Client;
  readonly text: OpenText;
  readonly frames: string[] = []; // sent, edits only
  readonly messages: JsonObject[] = []; // sent, all
  editor: Operations = [];
  readonly #profile: Profile;
  readonly #writes: { run: () => Promise<void>; done: () => void }[] = [];
  #online = true;
  #killed = false;
  #socket: { cut(): void } | undefined;
  #stop: () => void;

  constructor(profile: Profile, server: TextServer, topic: string, clock: FakeClock, random: SeededChance, options: PageOptions = {}) {
    this.#profile = profile;
    const open = server.open(options.signedInAs ?? profile.actor);
    const socket: SocketFactory = (url, events) => {
      if (!this.#online) {
        clock.after(1, () => { if (!this.#killed) events.closed(1006); });
        return { send: () => {}, close: () => {} };
      }
      const connection = open(url, events);
      this.#socket = connection as unknown as { cut(): void };
      return {
        send: (text) => {
          const value = JSON.parse(text) as JsonObject | readonly JsonObject[];
          this.messages.push(...(Array.isArray(value) ? value as readonly JsonObject[] : [value as JsonObject]));
          if (text.includes("edit_text")) {
            if (!profile.frozen.has(text) && !profile.trusting) throw new Error(`Sent before it was kept: ${text}`);
            this.frames.push(text);
          }
          connection.send(text);
        },
        close: () => { connection.close(); },
      };
    };
    this.client = connect({
      url: "", socket, clock, random,
      texts: {
        actor: profile.actor,
        keeping: options.slow ? this.#slowly() : profile.disk,
        locks: profile.locksFor(this),
        rebaser: options.rebaser ?? inlineRebaser,
        erasures: async (name) => this.#online ? server.erasuresOf(name) : { ok: false, problem: localProblem("unreachable", "") },
        newClient: async () => this.#online
          ? { ok: true, value: server.newClient(profile.actor) }
          : { ok: false, problem: { code: "unreachable", title: "", detail: "", status: 0, params: {} } },
      },
    });
    this.text = this.client.openText(topic);
    this.#stop = this.text.onChange((change) => { this.editor = compose(this.editor, change.ops); });
    const unsubscribe = this.text.sync.subscribe(({ state }) => {
      if (state === "opening" || this.editor.length > 0) return;
      this.editor = this.text.content.ops;
      queueMicrotask(() => { unsubscribe(); });
    });
  }

  get open(): boolean {
    return this.editor.length > 0;
  }

  type(change: Operations): void {
    this.editor = compose(this.editor, change);
    this.text.submit({ ops: change } as Parameters<OpenText["submit"]>[0]);
  }

  get writing(): number {
    return this.#writes.length;
  }

  // The oldest write reaches the disk.
  async write(): Promise<void> {
    const write = this.#writes.shift();
    await write?.run();
    write?.done();
  }

  offline(): void {
    this.#online = false;
    this.#socket?.cut();
  }

  online(): void {
    this.#online = true;
    this.client.wake();
  }

  cut(): void {
    this.#socket?.cut();
  }

  // The power goes. Of what was being written, the first `writes` are on the disk; nothing else is told any more.
  async kill(writes = 0): Promise<void> {
    this.#killed = true;
    this.#stop();
    for (const { run } of this.#writes.splice(0).slice(0, writes)) await run();
    this.#profile.free(this);
    this.client.close();
    this.#socket?.cut();
  }

  #slowly(): Keeping {
    const { disk } = this.#profile;
    return {
      ...disk,
      write: (place: Place, writing: Writing) => this.#killed ? new Promise(() => {}) : new Promise<void>((resolve) => {
        const copy = structuredClone(writing);
        this.#writes.push({ run: () => disk.write(place, copy), done: resolve });
      }),
    };
  }
}

// Lets all promises that can be kept be kept.
export async function settle(): Promise<void> {
  for (let i = 0; i < 40; i += 1) await Promise.resolve();
}
