import { checkpointFrom, type Checkpoint } from "./checkpoint";
import { keyFrom, signedBy } from "./note";
import type { Pin, PinStore } from "./pin";
import { verifyConsistency } from "./proof";
import type { ProofSource } from "./source";

// Why a check could not be made, which is no accusation …
export type Obstacle =
  | { readonly kind: "no_crypto" } // the page was not opened over a secure connection
  | { readonly kind: "unreachable"; readonly detail: string };

// … and what must never happen with an honest server and an honest line.
export type Alarm =
  | { readonly kind: "key_changed"; readonly pinned: string; readonly offered: string }
  | { readonly kind: "bad_key"; readonly offered: string }
  | { readonly kind: "bad_checkpoint" }
  | { readonly kind: "unsigned"; readonly pinned: string }
  | { readonly kind: "forged"; readonly pinned: string }
  | { readonly kind: "other_log"; readonly pinned: string; readonly offered: string }
  | { readonly kind: "shrunk"; readonly from: number; readonly to: number }
  | { readonly kind: "rewritten"; readonly from: number; readonly to: number };

export interface Good {
  readonly state: "good";
  readonly checkpoint: Checkpoint;
  readonly pin: Pin;
  readonly first: boolean; // nothing was remembered: the key is trusted because it came
  readonly before: number | undefined; // the size of the checkpoint that this one grew out of
  readonly kept: boolean; // false: this device remembers nothing, so the next check begins anew
}

export type Head =
  | Good
  | { readonly state: "blocked"; readonly why: Obstacle }
  | { readonly state: "alarm"; readonly why: Alarm };

export function canVerify(): boolean {
  return typeof crypto !== "undefined" && (crypto.subtle as SubtleCrypto | undefined) !== undefined;
}

// Fetches the newest checkpoint and holds it against what this device remembers: the same key has signed it, and it
// grew out of the last one. What is seen for the first time is trusted, and remembered.
export async function checkHead(source: ProofSource, pins: PinStore, now: () => Date): Promise<Head> {
  if (!canVerify()) return blocked({ kind: "no_crypto" });
  const pin = pins.load();
  const offered = await source.key();
  if (!offered.ok && !pin) return blocked({ kind: "unreachable", detail: offered.detail });
  const offeredText = offered.ok ? offered.value.trim() : pin!.key;
  if (pin && offeredText !== pin.key) return alarm({ kind: "key_changed", pinned: pin.key, offered: offeredText });
  const key = await keyFrom(pin?.key ?? offeredText);
  if (!key) return alarm({ kind: "bad_key", offered: offeredText });

  const answer = await source.checkpoint();
  if (!answer.ok) return blocked({ kind: "unreachable", detail: answer.detail });
  const checkpoint = checkpointFrom(answer.value);
  if (!checkpoint) return alarm({ kind: "bad_checkpoint" });
  const signed = await signedBy(checkpoint.note, key);
  if (signed !== "signed") return alarm({ kind: signed, pinned: key.text });
  if (checkpoint.origin !== key.name) return alarm({ kind: "other_log", pinned: key.name, offered: checkpoint.origin });

  const last = pin && checkpointFrom(pin.checkpoint);
  const grown = last ? await grownFrom(last, checkpoint, source) : undefined;
  if (grown) return grown;
  const at = now().toISOString();
  const next: Pin = { key: key.text, since: pin?.since ?? at, checkpoint: checkpoint.text, checked: at };
  return { state: "good", checkpoint, pin: next, first: !pin, before: last?.size, kept: pins.save(next) };
}

async function grownFrom(last: Checkpoint, checkpoint: Checkpoint, source: ProofSource): Promise<Head | undefined> {
  const sizes = { from: last.size, to: checkpoint.size };
  if (sizes.to < sizes.from) return alarm({ kind: "shrunk", ...sizes });
  const asked = sizes.from > 0 && sizes.from < sizes.to;
  const proof = asked ? await source.consistency(sizes.from, sizes.to) : { ok: true as const, value: [] };
  if (!proof.ok) return blocked({ kind: "unreachable", detail: proof.detail });
  const holds = await verifyConsistency(sizes.from, sizes.to, last.root, checkpoint.root, proof.value);
  return holds ? undefined : alarm({ kind: "rewritten", ...sizes });
}

function blocked(why: Obstacle): Head {
  return { state: "blocked", why };
}

function alarm(why: Alarm): Head {
  return { state: "alarm", why };
}
