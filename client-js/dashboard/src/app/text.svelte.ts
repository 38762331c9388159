import { onDestroy } from "svelte";
import type { Delta, Erasure, MergeSummary, NamedVersion, OpenText, Parked, Present, Suggestion, Sync, Thread } from "../../../src/index";
import { freshAfter } from "../texts/fresh";
import type { Place } from "../texts/marks";
import type { Content, Ops } from "../texts/ops";
import { stateOf, topicOf, type Section, type TextState } from "../texts/sections";
import { account } from "./account.svelte";

const fresh_ms = 6_000;

// Those that the page shows, by topic: what a verification holds against their events.
export const open_texts = new Map<string, Text>();

// One section's text as a component sees it. Open for as long as the component that asked.
export class Text {
  readonly topic: string;
  readonly shared: OpenText;
  content = $state.raw<Content>([]);
  sync = $state.raw<Sync>({ state: "opening" });
  threads = $state.raw<readonly Thread[]>([]);
  suggestions = $state.raw<readonly Suggestion[]>([]);
  versions = $state.raw<readonly NamedVersion[]>([]);
  people = $state.raw<readonly Present[]>([]);
  parked = $state.raw<readonly Parked[]>([]);
  merge = $state.raw<MergeSummary>();
  erased = $state.raw<Erasure>(); // it is closed
  fresh = $state.raw<readonly Place[]>([]); // what others have written just now
  #timer: ReturnType<typeof setTimeout> | undefined;
  readonly units = $derived(this.content.length > 0 ? this.content.reduce((sum, { insert }) => sum + insert.length, 0) - 1 : 0);

  constructor(proposal: string, readonly section: Section) {
    this.topic = topicOf(proposal, section);
    const shared = account.client.openText(this.topic);
    this.shared = shared;
    open_texts.set(this.topic, this);
    const stops = [
      shared.onChange((change) => { this.#changed(change); }),
      shared.sync.subscribe((sync) => { this.#synced(sync); }),
      shared.threads.subscribe((threads) => { this.threads = [...threads.values()]; }),
      shared.suggestions.subscribe((suggestions) => { this.suggestions = [...suggestions.values()]; }),
      shared.versions.subscribe((versions) => { this.versions = versions; }),
      shared.people.subscribe((people) => { this.people = people; }),
      shared.parked.subscribe((parked) => { this.parked = parked; }),
      shared.merge.subscribe((merge) => { this.merge = merge; }),
      shared.erased.subscribe((erased) => { this.erased = erased; }),
    ];
    onDestroy(() => {
      for (const stop of stops) stop();
      shared.release();
      if (open_texts.get(this.topic) === this) open_texts.delete(this.topic);
      clearTimeout(this.#timer);
    });
  }

  get known(): boolean {
    return this.content.length > 0;
  }

  get state(): TextState {
    return stateOf(this.content, this.section);
  }

  // All of it is what everybody has.
  get settled(): boolean {
    return this.sync.state === "saved-for-everyone";
  }

  // Something is written here that has not reached everybody.
  get unsent(): boolean {
    return ["saving-on-device", "not-saved", "saved-on-device", "on-the-way", "merging"].includes(this.sync.state);
  }

  // The person's change; the reading view and the counts follow it at once.
  submit(change: Delta): void {
    this.shared.submit(change);
    this.fresh = [];
    this.#read();
  }

  // The first content is no news.
  #changed(change: Delta): void {
    if (this.known) {
      this.fresh = freshAfter(this.fresh, change.ops as unknown as Ops);
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => { this.fresh = []; }, fresh_ms);
    }
    this.#read();
  }

  // Without a connection, the strip above the page tells how many texts wait.
  #synced(sync: Sync): void {
    if (sync.state !== this.sync.state && account.link.state !== "live") void account.countUnsent();
    this.sync = sync;
    this.#read();
  }

  #read(): void {
    this.content = contentOf(this.shared.content);
  }
}

export function contentOf({ ops }: Delta): Content {
  return ops as readonly unknown[] as Content;
}
