import type { Attributes, Content, Insert } from "./ops";

// A place in a text: [from, to).
export interface Place {
  readonly from: number;
  readonly to: number;
}

export interface Mark extends Place {
  readonly id: string;
}

// The content with the ids of the passages that cover each stretch, in an attribute of their own.
export function withMarks(content: Content, marks: readonly Mark[]): Content {
  const edges = [...new Set(marks.flatMap(({ from, to }) => [from, to]))].sort((a, b) => a - b);
  if (edges.length === 0) return content;
  const parts: Insert[] = [];
  let at = 0;
  for (const { insert, attributes } of content) {
    const end = at + insert.length;
    const cuts = [at, ...edges.filter((edge) => edge > at && edge < end), end];
    for (let index = 0; index + 1 < cuts.length; index += 1) {
      const [from, to] = [cuts[index]!, cuts[index + 1]!];
      const over = marks.filter((mark) => mark.from <= from && to <= mark.to).map(({ id }) => id);
      parts.push(piece(insert.slice(from - at, to - at), attributes, over));
    }
    at = end;
  }
  return parts;
}

function piece(insert: string, attributes: Attributes | undefined, over: readonly string[]): Insert {
  if (over.length === 0) return attributes ? { insert, attributes } : { insert };
  return { insert, attributes: { ...attributes, marks: over } };
}

export function marksOf(attributes: Attributes): readonly string[] {
  const marks = attributes["marks"];
  return Array.isArray(marks) ? marks.map(String) : [];
}

// The passage's own text, as a quote: at most `units_max`, cut visibly and never inside a pair.
export function quoteOf(text: string, { from, to }: Place, units_max = 300): string {
  const passage = text.slice(from, to).replace(/\s+/g, " ").trim();
  if (passage.length <= units_max) return passage;
  const cut = passage.slice(0, units_max - 1);
  return `${/[\uD800-\uDBFF]$/.test(cut) ? cut.slice(0, -1) : cut}…`;
}
