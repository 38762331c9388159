import { Delta, equals, type Json } from "../../../src/index";
import { lineLook } from "../texts/blocks";

const of_lines = ["header", "list", "blockquote"] as const;

// Two people may make one line a heading and a list at once. An editor shows one of them, the one that came last;
// this is the change after which every editor, and the page, shows the same. Both contents are of one length.
export function settled(shown: Delta, held: Delta): Delta {
  const [is, must] = [lineEnds(shown), lineEnds(held)];
  const change = new Delta();
  let at = 0;
  for (const [place, attributes] of must) {
    const [now, wanted] = [is.get(place) ?? {}, lineLook(attributes)];
    const names = of_lines.filter((name) => !equals(now[name], wanted[name]));
    if (names.length === 0) continue;
    change.retain(place - at).retain(1, Object.fromEntries(names.map((name) => [name, wanted[name] ?? null])));
    at = place + 1;
  }
  return change;
}

// Whether a change speaks of the looks of lines at all.
export function touchesLines(change: Delta): boolean {
  return change.ops.some(({ attributes }) => attributes !== undefined && of_lines.some((name) => name in attributes));
}

function lineEnds(content: Delta): ReadonlyMap<number, Record<string, Json>> {
  const ends = new Map<number, Record<string, Json>>();
  let at = 0;
  for (const { insert, attributes = {} } of content.ops) {
    if (typeof insert !== "string") continue;
    for (let index = insert.indexOf("\n"); index >= 0; index = insert.indexOf("\n", index + 1)) ends.set(at + index, attributes as Record<string, Json>);
    at += insert.length;
  }
  return ends;
}
