import { describe, expect, it } from "vitest";
import { Letters, randomEdit } from "../testing/edits";
import { forEachSeed, type SeededChance } from "../testing/world";
import { Composer } from "./composer";
import { compose, Delta, deltaOf, empty_text, endsWithNewline, nothing, operationsFrom, plainText, replacement, transformPosition, type Operations } from "./delta";
import { split } from "./split";

function randomText(chance: SeededChance, letters: Letters, edits = 12): Operations {
  let text = empty_text;
  for (let i = 0; i < edits; i += 1) text = compose(text, randomEdit(chance, text, letters, { deletions: true }));
  return text;
}

function bytes(change: Operations): number {
  return new TextEncoder().encode(JSON.stringify(change)).length;
}

describe("many changes as one", () => {
  it("are what they are one after the other", () => {
    forEachSeed((chance) => {
      const letters = new Letters();
      const start = randomText(chance, letters);
      const composer = new Composer();
      let text = start;
      for (let i = chance.below(40); i > 0; i -= 1) {
        const edit = randomEdit(chance, text, letters, { deletions: true });
        composer.add(edit);
        text = compose(text, edit);
      }
      expect(compose(start, composer.total())).toEqual(text);
    }, 100);
  });
});

describe("a change that is split", () => {
  it("does what it did, in pieces that fit, whole characters each", () => {
    forEachSeed((chance) => {
      const letters = new Letters();
      const start = randomText(chance, letters);
      let change: Operations = nothing;
      for (let i = 1 + chance.below(60); i > 0; i -= 1) {
        change = compose(change, randomEdit(chance, compose(start, change), letters, { deletions: true }));
      }
      let text = start;
      for (let rest = change; rest.length > 0;) {
        const cut = split(rest, text, 500);
        expect(cut.first.length).toBeGreaterThan(0);
        expect(bytes(cut.first)).toBeLessThanOrEqual(500);
        expect(plainText(cut.first)).not.toMatch(/\p{Surrogate}/u);
        text = compose(text, cut.first);
        rest = cut.rest;
      }
      expect(text).toEqual(compose(start, change));
    });
  });

  it("leaves a newline at the end in between, also where it writes behind the last one", () => {
    const change = new Delta().retain(1).insert(`${"Підвал ".repeat(500)}\n`).ops;
    const { first, rest } = split(change, empty_text, 2_000);
    expect(rest.length).toBeGreaterThan(0);
    expect(endsWithNewline(compose(empty_text, first))).toBe(true);
    expect(compose(compose(empty_text, first), rest)).toEqual(compose(empty_text, change));
  });
});

describe("a replacement", () => {
  it("between any two texts leads from the one to the other, and between equal ones is nothing", () => {
    forEachSeed((chance) => {
      const letters = new Letters();
      const from = randomText(chance, letters);
      const to = chance.below(2) === 0 ? randomText(chance, letters) : compose(from, randomEdit(chance, from, letters, { deletions: true }));
      expect(compose(from, replacement(from, to))).toEqual(to);
      expect(replacement(to, to)).toEqual([]);
    });
  });

  it("touches only where they differ, and no half of a character", () => {
    const text = (middle: string): Operations => [{ insert: `Вода ${middle} для обох\n` }];
    expect(replacement(text("😀"), text("😁"))).toEqual([{ retain: 5 }, { insert: "😁" }, { delete: 2 }]);
  });
});

describe("a place", () => {
  it("moves as quill-delta has it", () => {
    forEachSeed((chance) => {
      const letters = new Letters();
      const text = randomText(chance, letters);
      let change: Operations = nothing;
      for (let i = 1 + chance.below(6); i > 0; i -= 1) {
        change = compose(change, randomEdit(chance, compose(text, change), letters, { deletions: true }));
      }
      for (let at = 0; at <= plainText(text).length; at += 1) {
        expect(transformPosition(change, at, "first")).toBe(deltaOf(change).transformPosition(at, true));
        expect(transformPosition(change, at, "second")).toBe(deltaOf(change).transformPosition(at, false));
      }
    }, 100);
  });
});

describe("operations from outside", () => {
  it.each([
    [[{ insert: "" }]], [[{ retain: 0 }]], [[{ delete: -1 }]], [[{ retain: 1.5 }]], [[{}]], [[{ insert: null }]],
    [[{ insert: "a", retain: 1 }]], [[{ insert: { image: "x" } }]], [[{ retain: 1, attributes: 5 }]], [{ insert: "a" }], ["a"],
  ])("%j are none", (value) => {
    expect(operationsFrom(value as never)).toBeUndefined();
  });
});
