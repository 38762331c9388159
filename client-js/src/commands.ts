import type { Done } from "./frames";
import type { JsonObject } from "./json";
import { passes, type Problem } from "./problem";

// A command on its way. `bytes` are made once: every retry sends the same.
export interface Pending {
  readonly id: string;
  readonly stream: string;
  readonly bytes: string;
  readonly state: "queued" | "sent";
}

export type Outcome =
  | { readonly state: "done"; readonly done: Done }
  | { readonly state: "refused"; readonly problem: Problem };

export interface Command {
  readonly id: string;
  readonly stream: string;
  readonly name: string;
  readonly data: JsonObject;
  readonly expected_revision?: number;
}

export function pendingFrom(command: Command): Pending {
  const bytes = JSON.stringify({ type: "command", ...command });
  return { id: command.id, stream: command.stream, bytes, state: "queued" };
}

// The commands that may go now: the oldest of each stream, unless it is under way already.
// One at a time in a stream keeps their order even when the server asks to send one again.
export function sendable(queue: readonly Pending[]): readonly Pending[] {
  const busy = new Set<string>();
  const ready: Pending[] = [];
  for (const pending of queue) {
    if (!busy.has(pending.stream) && pending.state === "queued") ready.push(pending);
    busy.add(pending.stream);
  }
  return ready;
}

export function markSent(queue: readonly Pending[], sent: readonly Pending[]): readonly Pending[] {
  const ids = new Set(sent.map((pending) => pending.id));
  return queue.map((pending) => ids.has(pending.id) ? { ...pending, state: "sent" } : pending);
}

// After a cut nothing tells which of the sent ones arrived: all are sent again, unchanged.
export function markUnsent(queue: readonly Pending[]): readonly Pending[] {
  return queue.map((pending) => pending.state === "sent" ? { ...pending, state: "queued" } : pending);
}

export type Answered =
  | { readonly kind: "unknown" } // answered before, or never asked
  | { readonly kind: "again"; readonly queue: readonly Pending[] } // send the same again later
  | { readonly kind: "final"; readonly queue: readonly Pending[] };

export function answer(queue: readonly Pending[], id: string, outcome: Outcome): Answered {
  const index = queue.findIndex((pending) => pending.id === id);
  if (index < 0) return { kind: "unknown" };
  if (outcome.state === "refused" && passes(outcome.problem)) {
    return { kind: "again", queue: queue.map((p, i) => i === index ? { ...p, state: "queued" } : p) };
  }
  return { kind: "final", queue: queue.filter((_, i) => i !== index) };
}
