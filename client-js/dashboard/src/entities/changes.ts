import { equals, isObject, type JsonObject } from "../../../src/index";

const told_apart = new Set(["budget", "sources", "indicators", "accepted", "confirmed", "approval", "facts", "partners"]);
const bookkeeping = new Set(["revision", "changed", "facts"]);

// Which parts of a view differ: `title`, or `budget.l1` for a member of a collection.
export function changedPaths(before: JsonObject, after: JsonObject): ReadonlySet<string> {
  const paths = new Set<string>();
  for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
    if (bookkeeping.has(key) || equals(before[key], after[key])) continue;
    paths.add(key);
    const [old, next] = [before[key], after[key]];
    if (!told_apart.has(key)) continue;
    const members = new Set([...Object.keys(isObject(old) ? old : {}), ...Object.keys(isObject(next) ? next : {})]);
    for (const member of members) {
      if (!equals(isObject(old) ? old[member] : undefined, isObject(next) ? next[member] : undefined)) paths.add(`${key}.${member}`);
    }
  }
  return paths;
}
