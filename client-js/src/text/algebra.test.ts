import Delta from "quill-delta";
import type { Op } from "quill-delta";
import { describe, expect, it } from "vitest";
import { equals, type Json } from "../json";
import { forEachSeed, type SeededChance } from "../testing/world";
import { compose, transform, type Operations } from "./algebra";

const attributes = [undefined, undefined, { bold: true }, { bold: true, italic: true }, { header: 2 }, { link: "https://a.example/" }];
const taken = [...attributes, { bold: null }, { bold: null, italic: true }, { header: null, link: null }];

function random(chance: SeededChance, kinds: readonly ("insert" | "retain" | "delete")[], units: number): Operations {
  const delta = new Delta();
  for (let i = chance.below(8); i > 0; i -= 1) {
    const length = 1 + chance.below(units);
    switch (kinds[chance.below(kinds.length)]) {
      case "insert":
        delta.insert("вода😀abc\n".slice(chance.below(3)).slice(0, length), attributes[chance.below(attributes.length)]);
        break;
      case "delete":
        delta.delete(length);
        break;
      default:
        delta.retain(length, taken[chance.below(taken.length)]);
    }
  }
  return delta.ops;
}

function of(ops: Operations): Delta {
  return new Delta(structuredClone(ops) as Op[]);
}

const cases = Number(process.env["MOSTY_CASES"] ?? 40);

describe("the algebra of deltas", () => {
  it("is quill-delta's: changes beside each other and after each other, also past a text's end", () => {
    forEachSeed((chance) => {
      for (let i = 0; i < cases; i += 1) {
        const a = random(chance, chance.below(3) === 0 ? ["insert"] : ["insert", "retain", "delete"], 6);
        const b = random(chance, ["insert", "retain", "delete"], 6);
        const [ours, theirs] = [structuredClone([a, b]), [of(a), of(b)]];
        const made = [compose(a, b), transform(a, b, true), transform(a, b, false)];
        const [one, two] = theirs as [Delta, Delta];
        const expected = [one.compose(two).ops, one.transform(two, true).ops, one.transform(two, false).ops];
        if (!equals([made, [a, b]] as unknown as Json, [expected, ours] as unknown as Json)) expect([made, [a, b]]).toEqual([expected, ours]);
      }
    }, 150);
  });
});
