import { describe, expect, it } from "vitest";
import type { Json, JsonObject } from "./json";
import { applyPatch, patchBetween } from "./merge-patch";
import { applyRows, greatestFirst, windowFrom, type Row } from "./rows";
import { forEachSeed, type SeededChance } from "./testing/world";

describe("merge patch", () => {
  // The cases of RFC 7396, appendix A, whose target and patch are objects.
  it.each([
    [{ a: "b" }, { a: "c" }, { a: "c" }],
    [{ a: "b" }, { b: "c" }, { a: "b", b: "c" }],
    [{ a: "b" }, { a: null }, {}],
    [{ a: "b", b: "c" }, { a: null }, { b: "c" }],
    [{ a: ["b"] }, { a: "c" }, { a: "c" }],
    [{ a: "c" }, { a: ["b"] }, { a: ["b"] }],
    [{ a: { b: "c" } }, { a: { b: "d", c: null } }, { a: { b: "d" } }],
    [{ a: [{ b: "c" }] }, { a: [1] }, { a: [1] }],
    [{ e: null }, { a: 1 }, { e: null, a: 1 }],
    [{}, { a: { bb: { ccc: null } } }, { a: { bb: {} } }],
  ])("%j with %j is %j", (value, patch, expected) => {
    expect(applyPatch(value, patch)).toEqual(expected);
  });

  it("keeps untouched parts as the same objects", () => {
    const value = { a: { x: 1 }, b: { y: 1 } };
    expect(applyPatch(value, { b: { y: 2 } })["a"]).toBe(value.a);
  });

  it("treats __proto__ as an ordinary member", () => {
    const patched = applyPatch({}, JSON.parse("{\"__proto__\":{\"x\":1}}") as JsonObject);
    expect(Object.keys(patched)).toEqual(["__proto__"]);
    expect(Object.getPrototypeOf(patched)).toBe(Object.prototype);
  });

  it("between any two values leads from the one to the other", () => {
    forEachSeed((chance) => {
      const before = randomObject(chance, 3);
      const after = randomObject(chance, 3);
      expect(applyPatch(before, patchBetween(before, after))).toEqual(after);
      expect(patchBetween(after, after)).toEqual({});
    });
  });
});

describe("rows", () => {
  it("leave a row beyond the window's end out, so that there is no hole", () => {
    const window = windowFrom([row("c", 3), row("b", 2)], 3);
    const next = applyRows(window, { total: 3, upsert: [row("a", 1)], remove: [] });
    expect(next.rows.map(({ id }) => id)).toEqual(["c", "b"]);
  });

  it("hold, after any changes, exactly the greatest of the list", () => {
    forEachSeed((chance) => {
      const list = new Map<string, Row>();
      for (let i = 0; i < 8; i += 1) list.set(`r${i}`, row(`r${i}`, i));
      let window = windowFrom(sorted(list).slice(0, 4), list.size);
      for (let i = 8; i < 40; i += 1) {
        const ids = [...list.keys()];
        const old = ids[chance.below(ids.length)];
        const upsert: Row[] = [];
        const remove: string[] = [];
        if (chance.below(3) === 0) upsert.push(row(`r${i}`, i));
        else if (old && chance.below(2) === 0) upsert.push({ ...list.get(old), ...row(old, list.get(old)?.["n"] as number), changed: i });
        else if (old) remove.push(old);
        for (const id of remove) list.delete(id);
        for (const item of upsert) list.set(item.id, item);
        window = applyRows(window, { total: list.size, upsert, remove });
        expect(window.rows).toEqual(sorted(list).slice(0, window.rows.length));
      }
    });
  });
});

function row(id: string, n: number): Row {
  return { id, order: String(n).padStart(4, "0"), n };
}

function sorted(list: ReadonlyMap<string, Row>): Row[] {
  return [...list.values()].sort(greatestFirst);
}

function randomObject(chance: SeededChance, depth: number): JsonObject {
  const count = chance.below(4);
  return Object.fromEntries(Array.from({ length: count }, () => [`k${chance.below(5)}`, randomValue(chance, depth - 1)]));
}

function randomValue(chance: SeededChance, depth: number): Json {
  if (depth > 0 && chance.below(2) === 0) return randomObject(chance, depth);
  return [chance.below(3), `t${chance.below(3)}`, chance.below(2) === 0, [chance.below(3)]][chance.below(4)] ?? 0;
}
