import { Delta, equals, type Json, type OpenText } from "../../../src/index";
import { cleaned } from "../texts/clean";
import { settled, touchesLines } from "./lines";
import { withWholePairs } from "./pairs";

// What is bound to a text: something that shows a content and can be typed into.
export interface Surface {
  length(): number;
  contents(): Delta;
  apply(change: Delta): void; // made by others: nobody is told
  replace(content: Delta): void; // likewise; what could be undone is forgotten
}

export type Bound = Pick<OpenText, "content" | "submit" | "onChange" | "hold">;

export const text_units_max = 200_000;

// Keeps an editor and a shared text equal. Text goes to the shared side only from `typed`: a change of others is
// shown and never answered. When the two differ all the same, the shared text is right.
export class Binding {
  readonly #surface: Surface;
  readonly #text: Bound;
  readonly #log: (sentence: string) => void;
  readonly #stop: () => void;
  #letGo: (() => void) | undefined;
  #unseen = false; // the text holds a paste that was too big to be shown

  constructor(surface: Surface, text: Bound, log: (sentence: string) => void) {
    this.#surface = surface;
    this.#text = text;
    this.#log = log;
    this.#reset();
    this.#stop = text.onChange((change) => this.#told(change));
  }

  // The person's own change, made to what was shown as `before`.
  typed(change: Delta, before: Delta): void {
    const whole = withWholePairs(change, before);
    const own = tidy(cleaned(whole.ops));
    if (own.ops.length > 0) this.#text.submit(own);
    if (!same(own, tidy(whole.ops)) && !same(before.compose(own), before.compose(whole))) this.#reset();
    else this.#settle(whole);
  }

  // A paste that no text can hold is not shown: the shared text parks it.
  tooBig(change: Delta): void {
    this.#unseen = true;
    this.#text.submit(tidy(cleaned(change.ops)));
  }

  // Between these two an input method composes, and what others write waits.
  composing(): void {
    this.#letGo ??= this.#text.hold();
  }

  composed(): void {
    this.#letGo?.();
    this.#letGo = undefined;
  }

  close(): void {
    this.composed();
    this.#stop();
  }

  #told(change: Delta): void {
    if (this.#unseen) {
      if (this.#text.content.length() - 1 > text_units_max) return;
      this.#unseen = false;
      return this.#reset();
    }
    this.#surface.apply(change);
    this.#check();
    this.#settle(change);
  }

  #check(): void {
    const [shown, held] = [this.#surface.length(), this.#text.content.length()];
    if (shown === held) return;
    this.#log(`The editor showed ${shown} units of ${this.#text.content.length()}; its content was set anew.`);
    this.#reset();
  }

  #reset(): void {
    const { content } = this.#text;
    this.#surface.replace(content);
    this.#settle(content);
  }

  #settle(change: Delta): void {
    if (!touchesLines(change)) return;
    const correction = settled(this.#surface.contents(), this.#text.content);
    if (correction.ops.length > 0) this.#surface.apply(correction);
  }
}

function tidy(ops: readonly Delta["ops"][number][]): Delta {
  return ops.reduce((delta, op) => delta.push(op), new Delta()).chop();
}

function same(a: Delta, b: Delta): boolean {
  return equals(a.ops as unknown as Json, b.ops as unknown as Json);
}
