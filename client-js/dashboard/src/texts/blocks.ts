import { sameAttributes, type Attributes, type Content } from "./ops";

// A content as the blocks that a page is made of. Pure: what is shown can be tested without a page.

// A stretch of one line with one look. `from` is its place in the text, in UTF-16 units.
export interface Run {
  readonly text: string;
  readonly from: number;
  readonly attributes: Attributes;
}

export type Line = readonly Run[];

export type Block =
  | { readonly kind: "paragraph"; readonly line: Line }
  | { readonly kind: "heading"; readonly level: 1 | 2 | 3; readonly line: Line }
  | { readonly kind: "quote"; readonly lines: readonly Line[] }
  | { readonly kind: "list"; readonly ordered: boolean; readonly items: readonly Line[] };

// Letters that are shown but are not in the text (what was deleted) do not count in the places.
export const shown_only = "deleted";

export function blocksOf(content: Content): readonly Block[] {
  const blocks: Block[] = [];
  for (const { line, attributes } of linesOf(content)) add(blocks, line, attributes);
  return blocks;
}

interface Ended {
  readonly line: Line;
  readonly attributes: Attributes; // of the newline
}

export function linesOf(content: Content): readonly Ended[] {
  const lines: Ended[] = [];
  let line: Run[] = [];
  let at = 0;
  for (const { insert, attributes = {} } of content) {
    const counts = attributes[shown_only] === undefined;
    for (const [index, part] of insert.split("\n").entries()) {
      if (index > 0) {
        lines.push({ line, attributes });
        line = [];
        if (counts) at += 1;
      }
      if (part !== "") line = withRun(line, { text: part, from: at, attributes: ofLetters(attributes) });
      if (counts) at += part.length;
    }
  }
  if (line.length > 0) lines.push({ line, attributes: {} });
  return lines;
}

function withRun(line: Run[], run: Run): Run[] {
  const last = line.at(-1);
  if (!last || !sameAttributes(last.attributes, run.attributes)) return [...line, run];
  return [...line.slice(0, -1), { ...last, text: last.text + run.text }];
}

const of_lines = new Set(["header", "list", "blockquote"]);

function ofLetters(attributes: Attributes): Attributes {
  return Object.fromEntries(Object.entries(attributes).filter(([name]) => !of_lines.has(name)));
}

// Two people may make one line a list, a heading and a quote at once: it shows as the first of these that it is.
export function lineLook({ list, header, blockquote }: Attributes): Attributes {
  if (list === "ordered" || list === "bullet") return { list };
  if (header === 1 || header === 2 || header === 3) return { header };
  return blockquote === true ? { blockquote } : {};
}

function add(blocks: Block[], line: Line, attributes: Attributes): void {
  const { list, header, blockquote } = lineLook(attributes);
  const last = blocks.at(-1);
  if (list) {
    const ordered = list === "ordered";
    if (last?.kind === "list" && last.ordered === ordered) blocks[blocks.length - 1] = { ...last, items: [...last.items, line] };
    else blocks.push({ kind: "list", ordered, items: [line] });
  } else if (header === 1 || header === 2 || header === 3) {
    blocks.push({ kind: "heading", level: header, line });
  } else if (blockquote === true) {
    if (last?.kind === "quote") blocks[blocks.length - 1] = { ...last, lines: [...last.lines, line] };
    else blocks.push({ kind: "quote", lines: [line] });
  } else {
    blocks.push({ kind: "paragraph", line });
  }
}
