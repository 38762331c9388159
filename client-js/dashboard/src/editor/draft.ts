import { Delta, type OpenText } from "../../../src/index";
import type { Bound } from "./binding";

// A copy of a text in which a change is prepared, to be suggested. What others write meanwhile comes through,
// and the prepared change follows it; the text itself learns nothing before it is proposed.
export class Draft implements Bound {
  readonly #text: Bound;
  readonly #listeners = new Set<Parameters<OpenText["onChange"]>[0]>();
  readonly #changed: (change: Delta) => void;
  readonly #stop: () => void;
  #change = new Delta();
  #content: Delta;

  constructor(text: Bound, changed: (change: Delta) => void) {
    this.#text = text;
    this.#changed = changed;
    this.#content = text.content;
    this.#stop = text.onChange((theirs, why) => {
      const shown = this.#change.transform(theirs, false);
      this.#change = theirs.transform(this.#change, true);
      this.#content = text.content.compose(this.#change);
      for (const listener of this.#listeners) listener(shown, why);
      this.#changed(this.#change);
    });
  }

  get content(): Delta {
    return this.#content;
  }

  // What would be suggested, as a change of the text.
  get change(): Delta {
    return this.#change;
  }

  submit(change: Delta): void {
    this.#change = this.#change.compose(change).chop();
    this.#content = this.#content.compose(change);
    this.#changed(this.#change);
  }

  onChange(listener: Parameters<OpenText["onChange"]>[0]): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  hold(): () => void {
    return this.#text.hold();
  }

  close(): void {
    this.#stop();
  }
}
