import { compose, nothing, type Operations } from "./delta";

// Composes many small changes into one, in time that grows little faster than their number: neighbours first,
// then neighbours of those, instead of each one with all before it.
export class Composer {
  readonly #levels: (Operations | undefined)[] = []; // level n holds 2^n changes, older than all on lower levels

  add(change: Operations): void {
    if (change.length === 0) return;
    let carried = change;
    let level = 0;
    for (let held = this.#levels[0]; held; held = this.#levels[level]) {
      carried = compose(held, carried);
      this.#levels[level] = undefined;
      level += 1;
    }
    this.#levels[level] = carried;
  }

  total(): Operations {
    return this.#levels.reduceRight<Operations>((older, held) => held ? compose(older, held) : older, nothing);
  }
}
