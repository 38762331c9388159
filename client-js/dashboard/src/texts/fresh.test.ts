import { describe, expect, it } from "vitest";
import { Delta } from "../../../src/index";
import { freshAfter, moved } from "./fresh";
import type { Ops } from "./ops";

describe("what others have just written", () => {
  it("is where they inserted it", () => {
    expect(freshAfter([], [{ retain: 2 }, { insert: "abc" }, { delete: 4 }, { retain: 1 }, { insert: "d" }])).toEqual([{ from: 2, to: 5 }, { from: 6, to: 7 }]);
  });

  it("moves with what they write next, and is gone with what they delete", () => {
    const fresh = [{ from: 2, to: 5 }, { from: 10, to: 12 }];
    expect(freshAfter(fresh, [{ insert: "xx" }])).toEqual([{ from: 4, to: 7 }, { from: 12, to: 14 }, { from: 0, to: 2 }]);
    expect(freshAfter(fresh, [{ retain: 1 }, { delete: 5 }])).toEqual([{ from: 5, to: 7 }]);
    expect(moved([{ from: 2, to: 5 }], [{ retain: 2 }, { insert: "in front" }, { retain: 3 }, { insert: "behind" }])).toEqual([{ from: 10, to: 13 }]);
  });

  it("moves as quill-delta moves positions, for random changes", () => {
    const seed = Number(process.env["MOSTY_SEED"] ?? Math.floor(Math.random() * 2 ** 31));
    let state = seed;
    const random = (below: number) => { state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0; return (state >>> 8) % below; };
    for (let round = 0; round < 800; round += 1) {
      const change = new Delta();
      for (let index = 0; index < 4; index += 1) {
        const kind = random(3);
        if (kind === 0) change.insert("abc".slice(random(3)));
        else if (kind === 1) change.delete(1 + random(4));
        else change.retain(1 + random(5));
      }
      const place = { from: random(12), to: 13 + random(6) };
      const expected = { from: change.transformPosition(place.from), to: change.transformPosition(place.to, true) };
      const now = moved([place], change.ops as unknown as Ops);
      expect(now, `MOSTY_SEED=${seed}`).toEqual(expected.from < expected.to ? [expected] : []);
    }
  });
});
