import "fake-indexeddb/auto";
import { beforeEach, describe, expect, it } from "vitest";
import { indexedUses } from "./indexed-uses";
import { afterLook, afterUse, idle_ms_max, idlePeople, isIdle, noteUse, type Use, type UseKeeping } from "./use";

const day = 24 * 60 * 60 * 1000;
const noon = Date.UTC(2027, 2, 27, 12);

describe("thirty days without use", () => {
  const use = afterUse(undefined, noon, false);

  it("are over after thirty days, and not before", () => {
    expect(isIdle(use, noon)).toBe(false);
    expect(isIdle(use, noon + idle_ms_max - 1)).toBe(false);
    expect(isIdle(use, noon + 30 * day)).toBe(true);
  });

  it("begin anew with each use", () => {
    const again = afterUse(use, noon + 29 * day, false);
    expect(isIdle(again, noon + 58 * day)).toBe(false);
    expect(isIdle(again, noon + 59 * day)).toBe(true);
  });

  it("are not prolonged by a clock that is set back, once a later day was seen", () => {
    const looked = afterLook(use, noon + 30 * day);
    expect(isIdle(looked, noon)).toBe(true);
    const seen = afterLook(use, noon + 20 * day);
    expect(isIdle(seen, noon)).toBe(false);
    // Using it with the clock set back counts as no later use than the last one.
    const back = afterUse(seen, noon - 100 * day, false);
    expect(back).toEqual({ used: noon, seen: noon + 20 * day });
    expect(isIdle(back, noon + 30 * day)).toBe(true);
  });

  it("are believed of a clock that is far ahead", () => {
    expect(isIdle(use, noon + 3_650 * day)).toBe(true);
  });

  it("are counted right again after a clock that was far ahead, as soon as the server confirms who is here", () => {
    const ahead = afterUse(use, noon + 3_650 * day, false);
    expect(isIdle(ahead, noon + 365 * day)).toBe(false);
    const confirmed = afterUse(ahead, noon + 2 * day, true);
    expect(isIdle(confirmed, noon + 31 * day)).toBe(false);
    expect(isIdle(confirmed, noon + 32 * day)).toBe(true);
  });
});

let databases = 0;

describe("uses kept in IndexedDB", () => {
  let uses: UseKeeping;
  let writes: Use[];
  beforeEach(() => {
    const kept = indexedUses(`uses-${databases += 1}`);
    writes = [];
    uses = { ...kept, put: (actor, use) => { writes.push(use); return kept.put(actor, use); } };
  });

  it("are written at most once an hour", async () => {
    for (let second = 0; second < 7_200; second += 60) await noteUse(uses, "u-1", noon + second * 1_000, true);
    expect(writes).toHaveLength(2);
  });

  it("tell who was not here for so long, each person by themselves", async () => {
    await noteUse(uses, "u-1", noon, true);
    await noteUse(uses, "u-2", noon, true);
    await noteUse(uses, "u-2", noon + 20 * day, true);
    expect(await idlePeople(uses, noon + 29 * day)).toEqual([]);
    expect(await idlePeople(uses, noon + 30 * day)).toEqual(["u-1"]);
    await uses.remove("u-1");
    expect(await idlePeople(uses, noon + 30 * day)).toEqual([]);
  });

  it("remember the greatest moment, whoever looked", async () => {
    await noteUse(uses, "u-1", noon, false);
    await idlePeople(uses, noon + 29 * day);
    await noteUse(uses, "u-1", noon, false); // the clock is set back
    expect(await idlePeople(uses, noon + 2 * day)).toEqual([]);
    expect((await uses.all()).get("u-1")).toEqual({ used: noon, seen: noon + 29 * day });
    await idlePeople(uses, noon + 30 * day);
    expect(await idlePeople(uses, noon)).toEqual(["u-1"]);
  });

  it("are gone when they are removed", async () => {
    await noteUse(uses, "u-1", noon, true);
    await noteUse(uses, "u-2", noon, true);
    await uses.remove();
    expect([...await uses.all()]).toEqual([]);
  });
});
