import { deltaOf, plainText, removedUnits, transformPosition, type Operations } from "./delta";
import type { TextEvent } from "./events";
import type { MergedBy, MergeSummary, Passage } from "./open-text";

const places_max = 64; // further ones are counted with their neighbours
const passages_max = 5;
const quote_units_max = 80;

// Notes what others did, event by event, to tell it at the end. Places are kept as of what is shown, merged where
// one person's touch.
export class Summing {
  #edits = 0;
  readonly #by = new Map<string, { edits: number; added: number; removed: number }>();
  #places: { actor: string; from: number; to: number }[] = [];

  // `change`: what the event did to what is shown; one's own edits did nothing that needs to be told.
  note(event: TextEvent, change: Operations, own: boolean): void {
    if (change.length === 0) return;
    for (const place of this.#places) {
      place.from = transformPosition(change, place.from, "second");
      place.to = Math.max(place.from, transformPosition(change, place.to, "first"));
    }
    if (own) return;
    this.#edits += 1;
    const by = this.#by.get(event.actor) ?? { edits: 0, added: 0, removed: 0 };
    let added = 0;
    let at = 0;
    for (const op of change) {
      if (typeof op.insert === "string") {
        this.#mark(event.actor, at, at + op.insert.length);
        added += op.insert.length;
        at += op.insert.length;
      } else if (op.delete !== undefined) {
        this.#mark(event.actor, at, at);
      } else if (typeof op.retain === "number") {
        if (op.attributes) this.#mark(event.actor, at, at + op.retain);
        at += op.retain;
      }
    }
    this.#by.set(event.actor, { edits: by.edits + 1, added: by.added + added, removed: by.removed + removedUnits(change) });
  }

  // What there is to tell of `content`, the text as it is shown now; undefined when others did nothing.
  summary(since: number, content: Operations): MergeSummary | undefined {
    if (this.#edits === 0) return undefined;
    const places = (actor: string) => this.#places.filter((place) => place.actor === actor).length;
    const by: MergedBy[] = [...this.#by].map(([actor, sums]) => ({ actor, ...sums, places: places(actor) }));
    const text = plainText(content);
    const longest = [...this.#places].sort((a, b) => (b.to - b.from) - (a.to - a.from)).slice(0, passages_max);
    const passages: Passage[] = longest
      .sort((a, b) => a.from - b.from)
      .map(({ actor, from, to }) => ({ actor, from, to, quote: quoted(text.slice(from, to)) }));
    return { since, edits: this.#edits, by: by.sort((a, b) => b.added - a.added), passages };
  }

  #mark(actor: string, from: number, to: number): void {
    const touching = this.#places.filter((place) => place.actor === actor && place.from <= to && from <= place.to);
    const kept = this.#places.filter((place) => !touching.includes(place));
    const joined = touching.reduce((one, place) =>
      ({ actor, from: Math.min(one.from, place.from), to: Math.max(one.to, place.to) }), { actor, from, to });
    if (kept.length < places_max) {
      this.#places = [...kept, joined];
      return;
    }
    const nearest = kept.reduce((a, b) => Math.abs(b.from - from) < Math.abs(a.from - from) ? b : a);
    nearest.from = Math.min(nearest.from, from);
    nearest.to = Math.max(nearest.to, to);
  }
}

// The same passages after a further change of what is shown.
export function movedSummary(summary: MergeSummary, change: Operations): MergeSummary {
  const delta = deltaOf(change);
  const passages = summary.passages.map((passage) => {
    const from = delta.transformPosition(passage.from);
    return { ...passage, from, to: Math.max(from, delta.transformPosition(passage.to, true)) };
  });
  return { ...summary, passages };
}

function quoted(text: string): string {
  const line = text.replaceAll("\n", " ").trim();
  if (line.length <= quote_units_max) return line;
  const cut = line.slice(0, quote_units_max - 1);
  const last = cut.charCodeAt(cut.length - 1);
  return `${last >= 0xd800 && last < 0xdc00 ? cut.slice(0, -1) : cut}…`;
}

// Two cuts, told as one: `later` comes after, and speaks of the same text.
export function mergedSummaries(earlier: MergeSummary, later: MergeSummary): MergeSummary {
  const by = new Map(earlier.by.map((one) => [one.actor, one]));
  for (const one of later.by) {
    const before = by.get(one.actor);
    by.set(one.actor, before ? {
      actor: one.actor,
      edits: before.edits + one.edits,
      added: before.added + one.added,
      removed: before.removed + one.removed,
      places: before.places + one.places,
    } : one);
  }
  return {
    since: earlier.since,
    edits: earlier.edits + later.edits,
    by: [...by.values()].sort((a, b) => b.added - a.added),
    passages: [...later.passages, ...earlier.passages].slice(0, passages_max).sort((a, b) => a.from - b.from),
  };
}
