import { Delta, type OpenText } from "../../../src/index";
import type { Bound, Surface } from "../editor/binding";

// A shared text without a server: `others` write into it, and it remembers what was submitted.
export class TextForTest implements Bound {
  content: Delta;
  readonly submitted: Delta[] = [];
  readonly #listeners = new Set<Parameters<OpenText["onChange"]>[0]>();
  readonly #held: Delta[] = [];
  #holds = 0;

  constructor(text: string) {
    this.content = new Delta().insert(text);
  }

  submit(change: Delta): void {
    this.submitted.push(change);
    this.content = this.content.compose(change);
  }

  onChange(listener: Parameters<OpenText["onChange"]>[0]): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  // As the library does: what others write meanwhile comes through afterwards, brought together with one's own.
  hold(): () => void {
    this.#holds += 1;
    const before = this.submitted.length;
    return () => {
      this.#holds -= 1;
      const own = this.submitted.slice(before).reduce((sum, change) => sum.compose(change), new Delta());
      for (const change of this.#held.splice(0)) this.others(own.transform(change, false));
    };
  }

  others(change: Delta, why: Parameters<Parameters<OpenText["onChange"]>[0]>[1] = "others"): void {
    if (this.#holds > 0) {
      this.#held.push(change);
      return;
    }
    this.content = this.content.compose(change);
    for (const listener of this.#listeners) listener(change, why);
  }
}

export class SurfaceForTest implements Surface {
  shown = new Delta();
  replaced = 0;

  length(): number {
    return this.shown.length();
  }

  contents(): Delta {
    return this.shown;
  }

  apply(change: Delta): void {
    this.shown = this.shown.compose(change);
  }

  replace(content: Delta): void {
    this.shown = content;
    this.replaced += 1;
  }

  // What an editor does when somebody types: shows it, then tells it.
  type(change: Delta, tell: (change: Delta, before: Delta) => void): void {
    const before = this.shown;
    this.shown = before.compose(change);
    tell(change, before);
  }
}
