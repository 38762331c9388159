import { describe, expect, test } from "vitest";
import type { Note } from "./keeping";
import { pageLocks } from "./locks";
import { claimAny } from "./slots";

const topic = "text/proposal/p-1/objective";
const note = (slot: number, unsent: number, at: number): Note => ({ actor: "u-1", topic, slot, unsent, at });

async function slots(notes: readonly Note[], count: number): Promise<readonly number[]> {
  const locks = pageLocks();
  const taken: number[] = [];
  for (let tab = 0; tab < count; tab += 1) taken.push((await claimAny(locks, notes, "u-1", topic)).place.slot);
  return taken;
}

describe("a tab takes", () => {
  test("first the place with unsent work, then that with the newest text, then a fresh one", async () => {
    expect(await slots([note(0, 0, 10), note(1, 0, 30), note(2, 4, 20)], 4)).toEqual([2, 1, 0, 3]);
  });

  test("the lowest place where nothing is kept", async () => {
    expect(await slots([], 2)).toEqual([0, 1]);
  });
});
