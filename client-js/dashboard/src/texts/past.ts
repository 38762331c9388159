import type { AuthoredRun, Burst } from "../../../src/index";
import { quoteOf, type Place } from "./marks";

// Since when a reader wants to see what changed.
export type Since =
  | { readonly kind: "step" }
  | { readonly kind: "burst" }
  | { readonly kind: "version"; readonly revision: number; readonly name: string };

// Whose hand the revision belongs to: the last burst that had begun by then. `bursts` come newest first.
export function burstAt(bursts: readonly Burst[], revision: number): Burst | undefined {
  return bursts.find(({ from }) => from <= revision);
}

export interface Authored {
  readonly actor: string;
  readonly at: string;
  readonly revision: number;
  readonly quote: string;
}

const together_ms = 60_000;

// Who wrote the passage, stretch by stretch in the order of the text. Neighbours of one person within a minute are
// one stretch, and blank ones are nobody's news.
export function authorsOf(text: string, runs: readonly AuthoredRun[], { from, to }: Place): readonly Authored[] {
  const parts: (AuthoredRun & Place)[] = [];
  let at = 0;
  for (const run of runs) {
    const part = { from: Math.max(from, at), to: Math.min(to, at + run.length) };
    at += run.length;
    if (part.from >= part.to) continue;
    const last = parts.at(-1);
    const joins = last?.actor === run.actor && Math.abs(Date.parse(last.at) - Date.parse(run.at)) < together_ms;
    if (last && joins) parts[parts.length - 1] = { ...last, to: part.to, revision: Math.min(last.revision, run.revision) };
    else parts.push({ ...run, ...part });
  }
  return parts.map(({ actor, at: when, revision, ...place }) => ({ actor, at: when, revision, quote: quoteOf(text, place, 120) }))
    .filter(({ quote, actor }) => quote !== "" && actor !== "");
}
