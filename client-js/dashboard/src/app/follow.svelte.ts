import { onDestroy } from "svelte";
import { isObject, type Json, type JsonObject, type Topic } from "../../../src/index";
import { changedPaths } from "../entities/changes";
import { account } from "./account.svelte";

const marked_ms = 6_000;

// A followed topic as a component sees it. Lives as long as the component that asked.
export class Following {
  topic = $state.raw<Topic>();
  recent = $state.raw<ReadonlySet<string>>(new Set());
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(name: string, limit?: number) {
    const followed = account.client.follow(name, limit === undefined ? {} : { limit });
    const stop = followed.subscribe((topic) => this.#told(topic));
    onDestroy(() => {
      stop();
      followed.release();
      clearTimeout(this.#timer);
    });
  }

  get value(): JsonObject | undefined {
    return this.topic?.value;
  }

  rows<T>(): readonly T[] {
    return (this.topic?.window?.rows ?? []) as unknown as readonly T[];
  }

  get total(): number {
    return this.topic?.window?.total ?? 0;
  }

  // Something is held, current or not.
  get held(): boolean {
    return this.topic?.value !== undefined || this.topic?.window !== undefined;
  }

  get current(): boolean {
    return this.topic?.status.state === "current";
  }

  get refused() {
    const status = this.topic?.status;
    return status?.state === "refused" ? status.problem : undefined;
  }

  // Marks what others changed while the reader looks on: not what was there from the start.
  #told(topic: Topic): void {
    const before = this.topic;
    this.topic = topic;
    if (before?.status.state !== "current" || !before.held) return;
    const changed = paths(before, topic);
    if (changed.size === 0 || actorOf(topic) === account.me?.actor) return;
    this.recent = new Set([...this.recent, ...changed]);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => { this.recent = new Set(); }, marked_ms);
  }
}

// Who made the last change to a view; of a list's rows only the feed tells.
function actorOf(topic: Topic): Json | undefined {
  const changed = topic.value?.["changed"];
  return isObject(changed) ? changed["actor"] : topic.window?.rows[0]?.["actor"];
}

function paths(before: Topic, after: Topic): ReadonlySet<string> {
  if (before.value && after.value) return changedPaths(before.value, after.value);
  if (!before.window || !after.window || before.window === after.window) return new Set();
  const old = new Map(before.window.rows.map((row) => [row.id, row]));
  return new Set(after.window.rows.filter((row) => old.get(row.id) !== row).map((row) => row.id));
}
