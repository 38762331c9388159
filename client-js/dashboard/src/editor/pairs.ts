import { Delta } from "../../../src/index";
import { isEqual, unitsFrom, type Unit } from "./units";

// An editor compares texts unit by unit and may cut a letter outside the first plane in half, where two such
// letters share a half. Such a change says the same thing again, with whole letters.
export function withWholePairs(change: Delta, before: Delta): Delta {
  if (!cutsPair(change, before)) return change;
  const [a, b] = [unitsFrom(before), unitsFrom(before.compose(change))];
  let head = 0;
  while (head < a.length && head < b.length && isEqual(a[head], b[head])) head += 1;
  if (isHigh(a[head - 1])) head -= 1;
  let tail = 0;
  while (tail < a.length - head && tail < b.length - head && isEqual(a[a.length - 1 - tail], b[b.length - 1 - tail])) tail += 1;
  if (isLow(a[a.length - tail])) tail -= 1;
  return new Delta().retain(head).delete(a.length - head - tail).concat(before.compose(change).slice(head, b.length - tail)).chop();
}

function cutsPair(change: Delta, before: Delta): boolean {
  const text = before.ops.map(({ insert }) => insert).join("");
  let at = 0;
  const inside = (index: number) => /^[\uD800-\uDBFF][\uDC00-\uDFFF]/.test(text.slice(index - 1, index + 1));
  for (const { insert, retain, delete: deleted } of change.ops) {
    if (typeof insert === "string") {
      if (/^[\uDC00-\uDFFF]|[\uD800-\uDBFF]$/.test(insert) || inside(at)) return true;
    } else {
      if (inside(at)) return true;
      at += typeof retain === "number" ? retain : deleted ?? 0;
      if (inside(at)) return true;
    }
  }
  return false;
}

const isHigh = (unit: Unit | undefined) => unit !== undefined && /[\uD800-\uDBFF]/.test(unit.unit);
const isLow = (unit: Unit | undefined) => unit !== undefined && /[\uDC00-\uDFFF]/.test(unit.unit);
