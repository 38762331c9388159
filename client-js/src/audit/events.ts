import { sameBytes, toHex } from "./bytes";
import type { Checkpoint } from "./checkpoint";
import type { StoredBytes } from "../entries";
import { leafHash, type Hash } from "./hash";
import { verifyInclusion } from "./proof";
import type { ProofSource } from "./source";
import { ProvenTiles } from "./tiles";

//   included     these very bytes stand at this position of the tree that was signed
//   newer        recorded after the checkpoint: the next one will tell
//   other_bytes  other bytes than these stand there
//   bad_proof    what the server sent does not lead to the signed root
//   no_proof     no proof came, so nothing is known
export type EventState = "included" | "newer" | "other_bytes" | "bad_proof" | "no_proof";

export interface EventVerdict {
  readonly position: number;
  readonly leaf: string; // hex
  readonly state: EventState;
  readonly detail?: string; // the hash that stands there instead, or what did not come
}

export interface Checking {
  readonly told?: (done: number, total: number) => void;
  readonly signal?: AbortSignal;
}

const at_once = 6; // as many as a browser asks of one host
const few = 16; // up to here each gets a proof of its own; more of them share tiles

type Prove = (position: number, leaf: Hash) => Promise<Pick<EventVerdict, "state" | "detail">>;

// A verdict for each, in the order given. Stopped by `signal`, it answers those that are done.
export async function checkEvents(events: readonly StoredBytes[], checkpoint: Checkpoint, source: ProofSource, { told, signal }: Checking = {}): Promise<readonly EventVerdict[]> {
  const prove = events.length > few ? byTiles(checkpoint, source) : byProofs(checkpoint, source);
  const verdicts: EventVerdict[] = [];
  let next = 0;
  let done = 0;
  const work = async () => {
    while (next < events.length && !signal?.aborted) {
      const index = next++;
      const { position, entry } = events[index]!;
      const leaf = await leafHash(entry);
      const proof = position < checkpoint.size ? await prove(position, leaf) : { state: "newer" as const };
      verdicts[index] = { position, leaf: toHex(leaf), ...proof };
      told?.(++done, events.length);
    }
  };
  await Promise.all(Array.from({ length: at_once }, work));
  return verdicts.filter(Boolean);
}

function byTiles(checkpoint: Checkpoint, source: ProofSource): Prove {
  const tiles = new ProvenTiles(source, checkpoint);
  return async (position, leaf) => {
    const found = await tiles.leaf(position);
    if (found.state !== "proven") return found;
    return sameBytes(found.hash, leaf) ? { state: "included" } : { state: "other_bytes", detail: toHex(found.hash) };
  };
}

function byProofs({ size, root }: Checkpoint, source: ProofSource): Prove {
  return async (position, leaf) => {
    const answer = await source.inclusion(position, size);
    if (!answer.ok) return { state: "no_proof", detail: answer.detail };
    const { leaf: claimed, proof } = answer.value;
    if (await verifyInclusion(position, size, leaf, proof, root)) return { state: "included" };
    const isOther = !sameBytes(claimed, leaf) && await verifyInclusion(position, size, claimed, proof, root);
    return isOther ? { state: "other_bytes", detail: toHex(claimed) } : { state: "bad_proof" };
  };
}

export interface Gap {
  readonly stream: string;
  readonly revision: number; // the first that is missing, or comes again
}

// Streams whose revisions do not count 1, 2, 3 … in the order of their positions. For a history that is whole.
export function gapsIn(events: readonly { readonly position: number; readonly stream: string; readonly revision: number }[]): readonly Gap[] {
  const reached = new Map<string, number>();
  const gaps = new Map<string, Gap>();
  for (const { stream, revision } of [...events].sort((a, b) => a.position - b.position)) {
    const wanted = (reached.get(stream) ?? 0) + 1;
    if (revision !== wanted && !gaps.has(stream)) gaps.set(stream, { stream, revision: wanted });
    reached.set(stream, revision);
  }
  return [...gaps.values()];
}

// The first positions of those that are missing between the first event and the size of the log, one for each hole. For
// a history of the whole log: nobody can leave out of it a stream, or the end of one.
export function holesIn(positions: readonly number[], size: number): readonly number[] {
  const ordered = [...new Set(positions)].sort((a, b) => a - b);
  const holes = ordered.slice(1).flatMap((position, index) => position > ordered[index]! + 1 ? [ordered[index]! + 1] : []);
  const next = ordered.length === 0 ? 0 : ordered.at(-1)! + 1;
  return [...holes.filter((hole) => hole < size), ...(next < size ? [next] : [])];
}
