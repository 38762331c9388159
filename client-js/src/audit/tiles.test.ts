import { expect, it } from "vitest";
import { TestLog } from "../testing/log";
import { leafHash, type Hash } from "./hash";
import type { Answer } from "./source";
import { ProvenTiles, tilePath, type TileSource } from "./tiles";

const log = await TestLog.begin("mosty.test/log", Array.from({ length: 70_000 }, (_, index) => `entry ${index}`));

// `bent` is what a liar makes of a tile.
const tiles = (bent: (name: string, hashes: readonly Hash[]) => readonly Hash[] = (_, hashes) => hashes, asked: string[] = []): TileSource => ({
  tile: async (level, number, width): Promise<Answer<readonly Hash[]>> => {
    asked.push(tilePath(level, number, width));
    const honest = await log.tile(level, number, width);
    return honest.ok ? { ok: true, value: bent(tilePath(level, number, width), honest.value) } : honest;
  },
});
const head = async (size: number) => ({ size, root: await log.root(0, size) });

it("names tiles as the specification does", () => {
  expect([tilePath(0, 0, 256), tilePath(1, 273, 17), tilePath(0, 1_234_067, 256), tilePath(2, 1_000, 1)])
    .toEqual(["tile/0/000", "tile/1/273.p/17", "tile/0/x001/x234/067", "tile/2/x001/000.p/1"]);
});

it("proves leaves of trees of all shapes", async () => {
  for (const size of [1, 2, 3, 255, 256, 257, 511, 512, 700, 65_536, 65_537, 70_000]) {
    const proven = new ProvenTiles(tiles(), await head(size));
    for (const position of new Set([0, 1, 254, 255, 256, 300, size - 257, size - 2, size - 1].filter((one) => one >= 0 && one < size))) {
      expect(await proven.leaf(position), `${position} of ${size}`).toEqual({ state: "proven", hash: await leafHash(`entry ${position}`) });
    }
  }
});

it("asks for each tile once, and for no more than it needs", async () => {
  const asked: string[] = [];
  const proven = new ProvenTiles(tiles(undefined, asked), await head(70_000));
  await Promise.all([0, 1, 2, 255, 69_999, 69_990].map((position) => proven.leaf(position)));
  expect(asked.sort()).toEqual(["tile/0/000", "tile/0/273.p/112", "tile/1/000", "tile/1/001.p/17", "tile/2/000.p/1"]);
});

it("believes no tile in which a bit was flipped, and none that hangs from it", async () => {
  const flip = (hashes: readonly Hash[], index: number) => hashes.map((hash, at) => at === index ? hash.map((byte, place) => place === 7 ? byte ^ 4 : byte) : hash);
  for (const spoiled of ["tile/0/000", "tile/0/273.p/112", "tile/1/000", "tile/1/001.p/17", "tile/2/000.p/1"]) {
    const proven = new ProvenTiles(tiles((name, hashes) => name === spoiled ? flip(hashes, 5 % hashes.length) : hashes), await head(70_000));
    const states = await Promise.all([0, 69_999].map(async (position) => (await proven.leaf(position)).state));
    expect(states, spoiled).toContain("bad_proof");
    const isOwn = spoiled === "tile/0/000" || spoiled === "tile/1/000";
    expect(states[0], spoiled).toBe("bad_proof");
    expect(states[1], spoiled).toBe(isOwn ? "proven" : "bad_proof");
  }
});

it("says which tile did not come", async () => {
  const proven = new ProvenTiles({ tile: async (level) => level === 0 ? { ok: false, detail: "tile/0" } : { ok: true, value: [] } }, await head(3));
  expect(await proven.leaf(1)).toEqual({ state: "no_proof", detail: "tile/0" });
});
