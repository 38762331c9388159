import { quoteOf } from "./marks";
import type { Ops } from "./ops";

// Which formats a change gives and takes, each with the words that it is about.

export interface FormatChange {
  readonly name: string; // bold, link, header …
  readonly value: string | number | boolean | null; // null: taken away
  readonly quote: string;
}

const of_lines = new Set(["header", "list", "blockquote"]);
const changes_max = 40;
const quote_units = 60;

// `after`: the text as the change leaves it.
export function formatsIn(change: Ops, after: string): readonly FormatChange[] {
  const found: FormatChange[] = [];
  let at = 0;
  for (const op of change) {
    if ("delete" in op) continue;
    const end = at + ("insert" in op ? op.insert.length : op.retain);
    for (const [name, value] of Object.entries(op.attributes ?? {})) {
      if (typeof value === "object" && value !== null) continue;
      const quotes = of_lines.has(name) ? linesEnding(after, at, end) : [quoteOf(after, { from: at, to: end }, quote_units)];
      found.push(...quotes.filter((quote) => quote !== "").map((quote) => ({ name, value, quote })));
    }
    at = end;
  }
  return joined(found).slice(0, changes_max);
}

function linesEnding(text: string, from: number, to: number): readonly string[] {
  const quotes: string[] = [];
  for (let end = text.indexOf("\n", from); end !== -1 && end < to; end = text.indexOf("\n", end + 1)) {
    quotes.push(quoteOf(text, { from: text.lastIndexOf("\n", end - 1) + 1, to: end }, quote_units));
  }
  return quotes;
}

// What a passage of several looks is given is told once for each stretch; the same again tells nothing.
function joined(all: readonly FormatChange[]): readonly FormatChange[] {
  return all.filter((one, index) => all.findIndex(({ name, value, quote }) => name === one.name && value === one.value && quote === one.quote) === index);
}
