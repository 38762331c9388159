import type { StoredEvent } from "../http";
import { lengthOf } from "./delta";
import type { Erasure } from "./open-text";
import type { Committed } from "./shared-text";

// When a text was forgotten, and what that means for what is held of it.

// The types of events that forget, as a filter of events names them.
export const erasing_types = "text.erased,text.redacted";

export function erasureFrom({ type, revision, actor, time, data }: StoredEvent): Erasure | undefined {
  if (type !== "text.erased" && type !== "text.redacted") return undefined;
  const { reason } = data;
  return { kind: type === "text.erased" ? "erased" : "redacted", revision, actor, at: time, reason: typeof reason === "string" ? reason : "" };
}

// What is sent whole does not say that it was erased: it looks like a text of which everything was deleted. Such a
// text is asked about.
export function mayBeErased({ revision, content, said, erased }: Committed): boolean {
  return !erased && revision > 0 && lengthOf(content) === 1
    && said.threads.size + said.suggestions.size + said.versions.length === 0;
}

// By which erasure the text is closed at that revision; and by which what it said then was forgotten later.
export function closedAt(erasures: readonly Erasure[], revision: number): Erasure | undefined {
  const last = erasures.findLast((one) => one.revision <= revision);
  return last?.kind === "erased" ? last : undefined;
}

export function forgottenSince(erasures: readonly Erasure[], revision: number): Erasure | undefined {
  return revision > 0 ? erasures.find((one) => one.revision > revision) : undefined;
}
