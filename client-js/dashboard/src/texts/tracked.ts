import { shown_only } from "./blocks";
import { joined, type Attributes, type Content, type Insert, type Ops } from "./ops";

// A change as a reader is asked to judge it: the content with what would come and what would go.
export function tracked(content: Content, change: Ops): Content {
  const shown: Insert[] = [];
  let coming: Insert[] = []; // shown behind what goes in its place
  const rest = new Reader(content);
  for (const op of change) {
    if ("insert" in op) coming.push({ insert: op.insert, attributes: { ...op.attributes, inserted: true } });
    else if ("delete" in op) shown.push(...rest.take(op.delete).map(gone));
    else {
      shown.push(...coming, ...rest.take(op.retain).map((part) => op.attributes ? looksOtherwise(part, op.attributes) : part));
      coming = [];
    }
  }
  return joined([...shown, ...coming, ...rest.take(Number.MAX_SAFE_INTEGER)]);
}

// Only the lines around what changes: nobody looks for one word in ten pages.
export function excerpt(shown: Content): Content {
  const lines: { ops: Insert[]; changed: boolean }[] = [{ ops: [], changed: false }];
  for (const { insert, attributes } of shown) {
    const changed = attributes !== undefined && ["inserted", shown_only, "formatted"].some((name) => name in attributes);
    for (const part of insert.match(/[^\n]*\n|[^\n]+/g) ?? []) {
      const line = lines.at(-1)!;
      line.ops.push(attributes ? { insert: part, attributes } : { insert: part });
      line.changed ||= changed;
      if (part.endsWith("\n")) lines.push({ ops: [], changed: false });
    }
  }
  const kept = lines.filter(({ changed }) => changed).flatMap(({ ops }) => ops);
  return joined(kept.at(-1)?.insert.endsWith("\n") ? kept : [...kept, { insert: "\n" }]);
}

function gone({ insert, attributes = {} }: Insert): Insert {
  const { header: _header, list: _list, blockquote: _quote, ...own } = attributes;
  return { insert: insert.replaceAll("\n", "¶"), attributes: { ...own, [shown_only]: true } };
}

function looksOtherwise(part: Insert, change: Attributes): Insert {
  const own = Object.entries({ ...part.attributes, ...change }).filter(([, value]) => value !== null);
  return { insert: part.insert, attributes: { ...Object.fromEntries(own), formatted: true } };
}

// Reads a content from its beginning, some units at a time.
class Reader {
  readonly #content: Content;
  #op = 0;
  #at = 0;

  constructor(content: Content) {
    this.#content = content;
  }

  take(units: number): Insert[] {
    const taken: Insert[] = [];
    let left = units;
    while (left > 0) {
      const op = this.#content[this.#op];
      if (!op) break;
      const part = op.insert.slice(this.#at, this.#at + left);
      taken.push({ ...op, insert: part });
      left -= part.length;
      this.#at += part.length;
      if (this.#at < op.insert.length) continue;
      this.#op += 1;
      this.#at = 0;
    }
    return taken;
  }
}
