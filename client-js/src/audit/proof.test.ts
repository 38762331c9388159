import { existsSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { SeededChance } from "../testing/world";
import { TestLog } from "../testing/log";
import { fromBase64, toHex } from "./bytes";
import { emptyRoot, leafHash, type Hash } from "./hash";
import { verifyConsistency, verifyInclusion } from "./proof";

const vectors = new URL("../../../../shared/data/merkle-inclusion-vectors.json", import.meta.url);

interface Vector {
  readonly leafIdx: number; readonly treeSize: number; readonly root: string; readonly leafHash: string;
  readonly proof: readonly string[] | null; readonly desc: string; readonly wantErr: boolean;
}

// Not even base64: then no proof either.
const hashOf = (text: string): Hash => fromBase64(text) ?? new Uint8Array(0);

it("answers all inclusion vectors of transparency-dev/merkle as they ask", async () => {
  if (!existsSync(vectors)) {
    console.log("skipped: data absent");
    return;
  }
  const all = Object.entries(JSON.parse(readFileSync(vectors, "utf8")) as Record<string, Vector>);
  expect(all.length).toBeGreaterThanOrEqual(98);
  for (const [name, { leafIdx, treeSize, root, leafHash: leaf, proof, desc, wantErr }] of all) {
    const holds = await verifyInclusion(leafIdx, treeSize, hashOf(leaf), (proof ?? []).map(hashOf), hashOf(root));
    expect(holds, `${name}: ${desc}`).toBe(!wantErr);
  }
  expect(all.some(([, { wantErr }]) => !wantErr)).toBe(true);
});

it("hashes an empty tree and an empty leaf as RFC 6962 does", async () => {
  expect(toHex(await emptyRoot())).toBe("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  expect(toHex(await leafHash(""))).toBe("6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d");
});

const sizes_max = 33;
const log = await TestLog.begin("mosty.test/log", Array.from({ length: sizes_max }, (_, index) => `entry ${index}`));

it("proves each leaf of each tree, and nowhere else", async () => {
  for (let size = 1; size <= sizes_max; size += 1) {
    const root = await log.root(0, size);
    for (let index = 0; index < size; index += 1) {
      const [leaf, proof] = [await leafHash(log.entries[index]!), await log.path(index, 0, size)];
      expect(await verifyInclusion(index, size, leaf, proof, root)).toBe(true);
      for (const other of [index - 1, index + 1, size]) expect(await verifyInclusion(other, size, leaf, proof, root)).toBe(false);
      expect(await verifyInclusion(index, size, await leafHash("another"), proof, root)).toBe(false);
    }
  }
});

it("proves that each tree begins with each smaller one", async () => {
  for (let to = 1; to <= sizes_max; to += 1) {
    for (let from = 1; from <= to; from += 1) {
      const [old, grown] = [await log.root(0, from), await log.root(0, to)];
      expect(await verifyConsistency(from, to, old, grown, await log.between(from, 0, to, true)), `${from} of ${to}`).toBe(true);
    }
  }
});

it("takes no proof in which anything was changed", async () => {
  const seed = Number(process.env["MOSTY_SEED"] ?? Date.now() % 1_000_000);
  console.log(`seed ${seed}`);
  const chance = new SeededChance(seed);
  const below = (n: number) => Math.floor(chance.fraction() * n);
  // Each way to spoil a list of hashes; a list that it leaves as it was is spoiled in another way.
  const spoiled = (proof: readonly Hash[]): Hash[] => {
    const copy = proof.map((hash) => hash.slice());
    const at = below(Math.max(1, copy.length));
    switch (copy.length === 0 ? 3 : below(5)) {
      case 0: copy[at]![below(32)]! ^= 1 << below(8); return copy;
      case 1: copy.splice(at, 1); return copy;
      case 2: copy.splice(at, 0, copy[at]!.slice()); return copy;
      case 3: copy.push(new Uint8Array(32)); return copy;
      default: copy[at] = copy[at]!.slice(1); return copy;
    }
  };
  for (let round = 0; round < 500; round += 1) {
    const size = 2 + below(sizes_max - 1);
    const index = below(size);
    const [leaf, root, path] = [await leafHash(log.entries[index]!), await log.root(0, size), await log.path(index, 0, size)];
    expect(await verifyInclusion(index, size, leaf, spoiled(path), root), `seed ${seed}, round ${round}`).toBe(false);
    const from = 1 + below(size);
    const [old, between] = [await log.root(0, from), await log.between(from, 0, size, true)];
    expect(await verifyConsistency(from, size, old, root, spoiled(between)), `seed ${seed}, round ${round}`).toBe(false);
    const other = log.fork(log.entries.map((entry, at) => at === below(from) ? `${entry}!` : entry));
    const forked = await other.root(0, size);
    if (toHex(forked) === toHex(root)) continue;
    const holds = await verifyConsistency(from, size, old, forked, await other.between(from, 0, size, true));
    expect(holds && toHex(await other.root(0, from)) !== toHex(old), `seed ${seed}, round ${round}`).toBe(false);
  }
});

it("knows what two equal trees, an empty one and a shrunken one prove", async () => {
  const root = await log.root(0, 5);
  expect(await verifyConsistency(5, 5, root, root, [])).toBe(true);
  expect(await verifyConsistency(5, 5, root, root, [root])).toBe(false);
  expect(await verifyConsistency(5, 5, root, await log.root(0, 6), [])).toBe(false);
  expect(await verifyConsistency(0, 5, await emptyRoot(), root, [])).toBe(true);
  expect(await verifyConsistency(0, 5, root, root, [])).toBe(false);
  expect(await verifyConsistency(6, 5, await log.root(0, 6), root, [])).toBe(false);
});

it("counts beyond 32 bits", async () => {
  const size = 2 ** 40 + 1;
  const leaf = await leafHash("last");
  const left = await leafHash("everything before");
  const { nodeHash } = await import("./hash");
  const root = await nodeHash(left, leaf);
  expect(await verifyInclusion(size - 1, size, leaf, [left], root)).toBe(true);
  expect(await verifyInclusion(size - 2 ** 32, size, leaf, [left], root)).toBe(false);
  expect(await verifyConsistency(size - 1, size, left, root, [leaf])).toBe(true);
});
