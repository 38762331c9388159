import type { Clock } from "../world";
import { Composer } from "./composer";
import { compose, deltaOf, endsWithNewline, invert, nothing, transform, type Delta, type Operations } from "./delta";
import type { Why } from "./open-text";
import { split } from "./split";

const slice_bytes_max = 4 * 1024;
const slice_pause_ms = 1;

export type Listener = (change: Delta, why: Why) => void;

// What an editor shows, which may be behind what is known: what it does not show yet waits, while it is held, while it
// is being typed into, and while a lot is handed over in slices that leave the page time to breathe.
//
// Always: the content shown, then what waits, is what is known.
export class View {
  readonly #clock: Clock;
  readonly #settled: () => void;
  readonly #listeners = new Set<Listener>();
  #content: Operations = nothing;
  #changes = new Composer(); // since `#content`
  #waiting: Operations = nothing;
  #why: Why = "others";
  #holds = 0;
  #soon: (() => void) | undefined;

  // `settled` is called whenever nothing waits any more.
  constructor(clock: Clock, settled: () => void) {
    this.#clock = clock;
    this.#settled = settled;
  }

  get content(): Operations {
    this.#content = compose(this.#content, this.#changes.total());
    this.#changes = new Composer();
    return this.#content;
  }

  get waiting(): Operations {
    return this.#waiting;
  }

  begin(content: Operations): void {
    this.#content = content;
  }

  listen(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  // The person changed what is shown. Answers that change as one of what is known.
  typed(change: Operations): Operations {
    const known = transform(this.#waiting, change, "first");
    this.#waiting = transform(change, this.#waiting, "second");
    this.#changes.add(change);
    if (this.#waiting.length > 0) this.#later();
    return known;
  }

  // The same, where it is to be taken back.
  refused(change: Operations): Operations {
    const known = transform(this.#waiting, change, "first");
    this.#waiting = compose(invert(change, this.content), this.#waiting);
    this.#why = "parked";
    this.#changes.add(change);
    this.#later();
    return known;
  }

  // What is known changed.
  changed(change: Operations, why: Why): void {
    this.#waiting = compose(this.#waiting, change);
    this.#why = why;
    this.#deliver();
  }

  hold(): () => void {
    this.#holds += 1;
    let held = true;
    return () => {
      if (!held) return;
      held = false;
      this.#holds -= 1;
      this.#deliver();
    };
  }

  end(): void {
    this.#soon?.();
    this.#listeners.clear();
  }

  // A text ends with a newline. One that two people's deletions leave without is not shown until the server mends it,
  // for an editor would write a newline of its own.
  #deliver(): void {
    if (this.#holds > 0 || this.#soon || this.#waiting.length === 0) return;
    const before = this.content;
    let { first, rest } = split(this.#waiting, before, slice_bytes_max);
    if (rest.length > 0 && !endsWithNewline(compose(before, first))) [first, rest] = [this.#waiting, nothing];
    const after = compose(before, first);
    if (!endsWithNewline(after)) return;
    this.#content = after;
    this.#waiting = rest;
    if (rest.length > 0) this.#later();
    for (const listener of [...this.#listeners]) listener(deltaOf(first), this.#why);
    if (this.#waiting.length === 0) this.#settled();
  }

  #later(): void {
    this.#soon ??= this.#clock.after(slice_pause_ms, () => {
      this.#soon = undefined;
      this.#deliver();
    });
  }
}
