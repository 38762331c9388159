import type { JsonObject } from "./json";

// A list's entry. `order` is given at creation and never changes.
export interface Row extends JsonObject {
  readonly id: string;
  readonly order: string;
}

// The part of a list that a client holds, without holes: of `total` rows those from `floor` up,
// or all of them when there is no floor.
export interface RowWindow {
  readonly rows: readonly Row[];
  readonly total: number;
  readonly floor?: string;
}

export function windowFrom(rows: readonly Row[], total: number): RowWindow {
  const sorted = [...rows].sort(greatestFirst);
  const last = sorted.at(-1);
  return last && sorted.length < total ? { rows: sorted, total, floor: last.order } : { rows: sorted, total };
}

export interface RowChange {
  readonly total: number;
  readonly upsert: readonly Row[];
  readonly remove: readonly string[];
}

// Applies a change. A row below the floor is left out, because rows between would be missing.
export function applyRows(window: RowWindow, change: RowChange): RowWindow {
  const held = new Map(window.rows.map((row) => [row.id, row]));
  for (const id of change.remove) held.delete(id);
  for (const row of change.upsert) {
    if (window.floor === undefined || row.order >= window.floor) held.set(row.id, row);
  }
  return { ...window, rows: [...held.values()].sort(greatestFirst), total: change.total };
}

export function greatestFirst(a: Row, b: Row): number {
  return a.order < b.order ? 1 : a.order > b.order ? -1 : 0;
}
