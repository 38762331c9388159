import { sameBytes, toHex } from "./bytes";
import type { Checkpoint } from "./checkpoint";
import type { StoredBytes } from "../entries";
import { leafHash } from "./hash";
import { verifyInclusion } from "./proof";
import type { ProofSource } from "./source";

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
  readonly detail?: string;
}

export interface Checking {
  readonly told?: (done: number, total: number) => void;
  readonly signal?: AbortSignal;
}

const at_once = 6; // as many as a browser asks of one host

// A verdict for each, in the order given. Stopped by `signal`, it answers those that are done.
export async function checkEvents(events: readonly StoredBytes[], checkpoint: Checkpoint, source: ProofSource, { told, signal }: Checking = {}): Promise<readonly EventVerdict[]> {
  const verdicts: EventVerdict[] = [];
  let next = 0;
  let done = 0;
  const work = async () => {
    while (next < events.length && !signal?.aborted) {
      const index = next++;
      verdicts[index] = await checkEvent(events[index]!, checkpoint, source);
      told?.(++done, events.length);
    }
  };
  await Promise.all(Array.from({ length: at_once }, work));
  return verdicts.filter(Boolean);
}

async function checkEvent({ position, entry }: StoredBytes, { size, root }: Checkpoint, source: ProofSource): Promise<EventVerdict> {
  const leaf = await leafHash(entry);
  const verdict = (state: EventState, detail?: string): EventVerdict => ({ position, leaf: toHex(leaf), state, ...(detail ? { detail } : {}) });
  if (position >= size) return verdict("newer");
  const answer = await source.inclusion(position, size);
  if (!answer.ok) return verdict("no_proof", answer.detail);
  if (await verifyInclusion(position, size, leaf, answer.value.proof, root)) return verdict("included");
  const differs = !sameBytes(answer.value.leaf, leaf);
  const proven = differs && await verifyInclusion(position, size, answer.value.leaf, answer.value.proof, root);
  return verdict(proven ? "other_bytes" : "bad_proof", toHex(answer.value.leaf));
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
