import { sameBytes } from "./bytes";
import type { Checkpoint } from "./checkpoint";
import { hash_bytes, nodeHash, type Hash } from "./hash";
import type { Answer } from "./source";

// Many leaves of one tree, proven together by its tiles: c2sp.org/tlog-tiles v0.1.0. A tile of level L holds up to 256
// hashes, each of a whole subtree of 256^L leaves; a full tile's own hash stands in the level above. What is not full
// lies at the right edge of its level, and all edges together make the root.

const tile_hashes = 256;

export interface TileSource {
  tile(level: number, number: number, width: number): Promise<Answer<readonly Hash[]>>;
}

export type Leaf =
  | { readonly state: "proven"; readonly hash: Hash } // this stands there
  | { readonly state: "bad_proof" } // the tiles do not lead to the root
  | { readonly state: "no_proof"; readonly detail: string };

type Tile = { readonly state: "proven"; readonly hashes: readonly Hash[] } | Exclude<Leaf, { readonly state: "proven" }>;

export class ProvenTiles {
  readonly #source: TileSource;
  readonly #size: number;
  readonly #root: Hash;
  readonly #tiles = new Map<string, Promise<Tile>>();
  #edges: Promise<readonly Tile[]> | undefined;

  constructor(source: TileSource, { size, root }: Pick<Checkpoint, "size" | "root">) {
    this.#source = source;
    this.#size = size;
    this.#root = root;
  }

  // Of a position within the tree.
  async leaf(position: number): Promise<Leaf> {
    const tile = await this.#tile(0, Math.floor(position / tile_hashes));
    return tile.state === "proven" ? { state: "proven", hash: tile.hashes[position % tile_hashes]! } : tile;
  }

  #tile(level: number, number: number): Promise<Tile> {
    const name = `${level} ${number}`;
    const known = this.#tiles.get(name) ?? (this.#width(level, number) < tile_hashes ? this.#edge(level) : this.#full(level, number));
    this.#tiles.set(name, known);
    return known;
  }

  #width(level: number, number: number): number {
    return Math.min(tile_hashes, Math.floor(this.#size / tile_hashes ** level) - number * tile_hashes);
  }

  async #full(level: number, number: number): Promise<Tile> {
    const [answer, above] = await Promise.all([this.#source.tile(level, number, tile_hashes), this.#tile(level + 1, Math.floor(number / tile_hashes))]);
    if (!answer.ok) return { state: "no_proof", detail: answer.detail };
    if (above.state !== "proven") return above;
    const own = await rootOf(answer.value.map((hash) => ({ hash, leaves: 1 })));
    return sameBytes(own, above.hashes[number % tile_hashes]!) ? { state: "proven", hashes: answer.value } : { state: "bad_proof" };
  }

  async #edge(level: number): Promise<Tile> {
    this.#edges ??= this.#proveEdges();
    return (await this.#edges)[level]!;
  }

  // All edges at once, by level; where one is wrong, none is proven.
  async #proveEdges(): Promise<readonly Tile[]> {
    const levels: number[] = [];
    for (let level = 0; tile_hashes ** level <= this.#size; level += 1) levels.push(level);
    const answers = await Promise.all(levels.map((level): Promise<Answer<readonly Hash[]>> => {
      const width = Math.floor(this.#size / tile_hashes ** level) % tile_hashes;
      const number = Math.floor(this.#size / tile_hashes ** (level + 1));
      return width === 0 ? Promise.resolve({ ok: true, value: [] }) : this.#source.tile(level, number, width);
    }));
    const missing = answers.find((answer) => !answer.ok);
    if (missing && !missing.ok) return levels.map(() => ({ state: "no_proof", detail: missing.detail }));
    const edges = answers.map((answer) => answer.ok ? answer.value : []);
    const subtrees = levels.toReversed().flatMap((level) => edges[level]!.map((hash) => ({ hash, leaves: tile_hashes ** level })));
    const holds = sameBytes(await rootOf(subtrees), this.#root);
    return edges.map((hashes): Tile => holds ? { state: "proven", hashes } : { state: "bad_proof" });
  }
}

interface Subtree {
  readonly hash: Hash;
  readonly leaves: number; // a power of two
}

// Of whole subtrees from left to right, none smaller than the one after it: RFC 6962's tree over all their leaves.
async function rootOf(subtrees: readonly Subtree[]): Promise<Hash> {
  const left: Subtree[] = [];
  for (const subtree of subtrees) {
    let last = subtree;
    while (left.at(-1)?.leaves === last.leaves) last = { hash: await nodeHash(left.pop()!.hash, last.hash), leaves: last.leaves * 2 };
    left.push(last);
  }
  let root = left.pop()?.hash ?? new Uint8Array(hash_bytes);
  while (left.length > 0) root = await nodeHash(left.pop()!.hash, root);
  return root;
}

// `tile/<level>/<number>[.p/<width>]`, the number in groups of three digits: 1234067 is x001/x234/067.
export function tilePath(level: number, number: number, width: number): string {
  const digits = String(number);
  const groups = digits.padStart(Math.ceil(digits.length / 3) * 3, "0").match(/\d{3}/g)!;
  const place = groups.map((group, index) => index < groups.length - 1 ? `x${group}` : group).join("/");
  return `tile/${level}/${place}${width < tile_hashes ? `.p/${width}` : ""}`;
}
