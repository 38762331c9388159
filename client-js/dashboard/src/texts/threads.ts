import type { Suggestion, Thread } from "../../../src/index";
import type { Mark } from "./marks";

// A comment is open until it is resolved, advice until it is answered.
export function isOpen(thread: Thread): boolean {
  return thread.kind === "advice" ? thread.answer === undefined : thread.resolved === undefined;
}

// In the order of the text; those without a passage last, as they began.
export function inOrder(threads: readonly Thread[]): readonly Thread[] {
  return [...threads].sort((a, b) => Number(a.orphaned) - Number(b.orphaned) || a.from - b.from || a.revision - b.revision);
}

// The passages that a reader should see are being talked about.
export function marksOfThreads(threads: readonly Thread[]): readonly Mark[] {
  return threads.filter((thread) => isOpen(thread) && !thread.orphaned && thread.from < thread.to).map(({ id, from, to }) => ({ id, from, to }));
}

// Open ones first, then the latest.
export function suggestionsInOrder(suggestions: readonly Suggestion[]): readonly Suggestion[] {
  return [...suggestions].sort((a, b) => Number(b.status === "open") - Number(a.status === "open") || b.revision - a.revision);
}
