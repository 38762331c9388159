import { joined, sameAttributes, textOf, type Attributes, type Content, type Insert } from "./ops";
import { shown_only } from "./blocks";

// Two contents as one that shows what came and what went. For eyes only: nothing is ever written from it.

interface Token {
  readonly text: string;
  readonly attributes: Attributes;
}

const steps_max = 600; // beyond, everything between the first and the last difference counts as rewritten

// Insertions bear `inserted`, deletions `deleted`, and what only looks otherwise `formatted`.
export function difference(before: Content, after: Content): Content {
  const [a, b] = [tokensOf(before), tokensOf(after)];
  let head = 0;
  while (head < a.length && head < b.length && a[head]!.text === b[head]!.text) head += 1;
  let tail = 0;
  while (tail < a.length - head && tail < b.length - head && a[a.length - 1 - tail]!.text === b[b.length - 1 - tail]!.text) tail += 1;

  const shown: Insert[] = [];
  const keep = (i: number, j: number) => shown.push(formatted(a[i]!, b[j]!));
  for (let index = 0; index < head; index += 1) keep(index, index);
  for (const step of script(a.slice(head, a.length - tail), b.slice(head, b.length - tail))) {
    if (step.kind === "keep") keep(head + step.a, head + step.b);
    else if (step.kind === "insert") shown.push(marked(b[head + step.b]!, "inserted"));
    else shown.push(gone(a[head + step.a]!));
  }
  for (let index = tail; index > 0; index -= 1) keep(a.length - index, b.length - index);
  return joined(shown);
}

export function isChanged(content: Content): boolean {
  return content.some(({ attributes = {} }) => ["inserted", shown_only, "formatted"].some((name) => name in attributes));
}

// Words, and each other character by itself.
function tokensOf(content: Content): readonly Token[] {
  return content.flatMap(({ insert, attributes = {} }) =>
    (insert.match(/[\p{L}\p{M}\p{N}’'ʼ]+|[^\S\n]+|[\s\S]/gu) ?? []).map((text) => ({ text, attributes })));
}

function marked({ text, attributes }: Token, mark: string): Insert {
  return { insert: text, attributes: { ...attributes, [mark]: true } };
}

// A line end that went is shown as its sign: the line itself is no longer there.
function gone({ text, attributes }: Token): Insert {
  const { header: _header, list: _list, blockquote: _quote, ...own } = attributes;
  return { insert: text.replaceAll("\n", "¶"), attributes: { ...own, [shown_only]: true } };
}

function formatted(before: Token, after: Token): Insert {
  if (sameAttributes(before.attributes, after.attributes)) return { insert: after.text, attributes: after.attributes };
  return marked(after, "formatted");
}

type Step = { readonly kind: "keep"; readonly a: number; readonly b: number }
  | { readonly kind: "insert"; readonly b: number }
  | { readonly kind: "delete"; readonly a: number };

// Myers' shortest script; what goes stands before what came.
function script(a: readonly Token[], b: readonly Token[]): readonly Step[] {
  const trace: Map<number, number>[] = [];
  const reach = new Map<number, number>([[1, 0]]);
  const most = Math.min(a.length + b.length, steps_max);
  for (let d = 0; d <= most; d += 1) {
    trace.push(new Map(reach));
    for (let k = -d; k <= d; k += 2) {
      const down = k === -d || (k !== d && (reach.get(k - 1) ?? -1) < (reach.get(k + 1) ?? -1));
      let x = down ? reach.get(k + 1) ?? 0 : (reach.get(k - 1) ?? 0) + 1;
      while (x < a.length && x - k < b.length && a[x]!.text === b[x - k]!.text) x += 1;
      reach.set(k, x);
      if (x >= a.length && x - k >= b.length) return walkBack(trace, a.length, b.length);
    }
  }
  return [...a.map((_, index): Step => ({ kind: "delete", a: index })), ...b.map((_, index): Step => ({ kind: "insert", b: index }))];
}

function walkBack(trace: readonly ReadonlyMap<number, number>[], aLength: number, bLength: number): readonly Step[] {
  const steps: Step[] = [];
  let [x, y] = [aLength, bLength];
  for (let d = trace.length - 1; d >= 0; d -= 1) {
    const reach = trace[d]!;
    const k = x - y;
    const down = k === -d || (k !== d && (reach.get(k - 1) ?? -1) < (reach.get(k + 1) ?? -1));
    const [fromX, fromK] = down ? [reach.get(k + 1) ?? 0, k + 1] : [reach.get(k - 1) ?? 0, k - 1];
    const fromY = fromX - fromK;
    while (x > fromX && y > fromY) {
      x -= 1;
      y -= 1;
      steps.push({ kind: "keep", a: x, b: y });
    }
    if (d > 0) steps.push(down ? { kind: "insert", b: fromY } : { kind: "delete", a: fromX });
    [x, y] = [fromX, fromY];
  }
  return deletionsFirst(steps.reverse());
}

function deletionsFirst(steps: readonly Step[]): readonly Step[] {
  const ordered: Step[] = [];
  let inserted: Step[] = [];
  for (const step of steps) {
    if (step.kind === "insert") inserted.push(step);
    else if (step.kind === "delete") ordered.push(step);
    else {
      ordered.push(...inserted, step);
      inserted = [];
    }
  }
  return [...ordered, ...inserted];
}

// The letters that are in the text after the change, for a test: what is shown never lies about it.
export function afterOf(shown: Content): string {
  return textOf(shown.filter(({ attributes = {} }) => !(shown_only in attributes)));
}
