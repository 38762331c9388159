import type { FeedRow } from "./types";

// Consecutive edits of one person in one document read as one sentence with a count.
export interface FeedGroup {
  readonly latest: FeedRow;
  readonly count: number;
  readonly oldest: FeedRow;
}

const edits = new Set([
  "proposal.edited", "proposal.budget_line_set", "proposal.budget_line_removed", "proposal.funding_source_set",
  "proposal.funding_source_removed", "proposal.indicator_set", "proposal.indicator_removed",
]);

// `rows` come newest first, and so do the groups.
export function grouped(rows: readonly FeedRow[]): readonly FeedGroup[] {
  const groups: FeedGroup[] = [];
  for (const row of rows) {
    const open = groups.at(-1);
    const joins = open && edits.has(row.type) && edits.has(open.latest.type)
      && row.actor === open.latest.actor && row.stream === open.latest.stream;
    if (joins) groups[groups.length - 1] = { ...open, count: open.count + 1, oldest: row };
    else groups.push({ latest: row, count: 1, oldest: row });
  }
  return groups;
}
