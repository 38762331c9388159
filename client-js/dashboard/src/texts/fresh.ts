import type { Place } from "./marks";
import type { Ops } from "./ops";

// No thread has such an id.
export const fresh_mark = "*fresh";

// The places of what others have just written, after one more change of theirs.
export function freshAfter(fresh: readonly Place[], change: Ops): readonly Place[] {
  return [...moved(fresh, change), ...inserted(change)];
}

// Places after a change: what is inserted at their edges stays outside, and one of which nothing is left is gone.
export function moved(places: readonly Place[], change: Ops): readonly Place[] {
  return places.map(({ from, to }) => ({ from: after(from, change, true), to: after(to, change, false) })).filter(({ from, to }) => from < to);
}

function inserted(change: Ops): readonly Place[] {
  const places: Place[] = [];
  let at = 0;
  for (const op of change) {
    if ("insert" in op) places.push({ from: at, to: at + op.insert.length });
    if (!("delete" in op)) at += "insert" in op ? op.insert.length : op.retain;
  }
  return places;
}

// `pushed`: text inserted just here moves the place.
function after(place: number, change: Ops, pushed: boolean): number {
  let [old, now] = [0, 0];
  for (const op of change) {
    if (old > place || (old === place && !("insert" in op))) break;
    if ("insert" in op) {
      if (old === place && !pushed) break;
      now += op.insert.length;
    } else if ("delete" in op) {
      if (place < old + op.delete) return now;
      old += op.delete;
    } else {
      const step = Math.min(op.retain, place - old);
      old += step;
      now += step;
      if (step < op.retain && old === place) break;
    }
  }
  return now + Math.max(0, place - old);
}
