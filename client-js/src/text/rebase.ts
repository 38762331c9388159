import { Composer } from "./composer";
import type { Operations } from "./delta";
import type { TextEvent } from "./events";
import type { MergeSummary } from "./open-text";
import { heard, shown, type Landed, type SharedText } from "./shared-text";
import { Summing } from "./summary";

// Many events meeting a text at once: what `heard` does, apart from the page where that would hold it up. Events are
// handed over as they come; `end` asks for the result, and is the last call. It never rejects unless the job is broken.
export interface Rebase {
  add(events: readonly TextEvent[]): void;
  end(since: number): Promise<Rebased>;
  cancel(): void;
}

// `client`: the writer whose edits are one's own.
export type Rebaser = (text: SharedText, client: string | undefined) => Rebase;

export interface Rebased {
  readonly text: SharedText;
  readonly change: Operations; // to what was shown when the job began
  readonly acknowledged: Landed | undefined;
  readonly summary: MergeSummary | undefined; // of what others did, `since` then
}

export class Rebasing {
  readonly #changes = new Composer();
  readonly #summing = new Summing();
  readonly #client: string | undefined;
  #text: SharedText;
  #acknowledged: Landed | undefined;

  constructor(text: SharedText, client: string | undefined) {
    this.#text = text;
    this.#client = client;
  }

  add(events: readonly TextEvent[]): void {
    const { text, change, acknowledged } = heard(this.#text, events, (event, past) => {
      this.#summing.note(event, past, event.type === "text.edited" && event.client === this.#client);
    });
    this.#text = text;
    this.#changes.add(change);
    this.#acknowledged ??= acknowledged;
  }

  result(since: number): Rebased {
    const summary = this.#summing.summary(since, shown(this.#text));
    return { text: this.#text, change: this.#changes.total(), acknowledged: this.#acknowledged, summary };
  }
}

export const inlineRebaser: Rebaser = (text, client) => {
  const rebasing = new Rebasing(text, client);
  return {
    add: (events) => { rebasing.add(events); },
    end: (since) => Promise.resolve(rebasing.result(since)),
    cancel: () => {},
  };
};
