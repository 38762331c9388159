import { Delta, lengthOf, normalised, plainText, type Operations } from "../text/delta";
import type { SeededChance } from "./world";

// Letters of which each is written once in a test: Ukrainian, of the plane of rare signs, and Han.
export class Letters {
  #written = 0;

  next(): string {
    const n = this.#written;
    this.#written += 1;
    const kinds = [0x10000, 0x4e00, 0x20000];
    return String.fromCodePoint((kinds[n % kinds.length] ?? 0x4e00) + Math.floor(n / kinds.length));
  }
}

export interface EditKinds {
  readonly deletions: boolean;
}

// A change that a person could make of `text`: it never takes away the last newline, nor half a character.
export function randomEdit(chance: SeededChance, text: Operations, letters: Letters, { deletions }: EditKinds): Operations {
  const units = plainText(text);
  const last = lengthOf(text) - 1;
  const whole = (at: number) => isLow(units.charCodeAt(at)) ? at - 1 : at;
  const from = whole(chance.below(last + 1));
  const to = whole(Math.min(last, from + chance.below(6)));
  const change = new Delta().retain(from);
  const kind = chance.below(deletions ? 10 : 7);
  if (kind < 5 || to <= from) {
    const bold = chance.below(4) === 0 ? { bold: true } : undefined;
    for (let n = 1 + chance.below(4); n > 0; n -= 1) change.insert(chance.below(12) === 0 ? "\n" : letters.next(), bold);
  } else if (kind < 7) {
    change.retain(to - from, chance.below(2) === 0 ? { italic: true } : { bold: null, link: "https://example.org/" });
  } else {
    change.delete(to - from);
  }
  return normalised(change.ops);
}

function isLow(unit: number): boolean {
  return unit >= 0xdc00 && unit < 0xe000;
}
