import type { Json } from "../../../src/index";
import type { Attributes, Op, Ops } from "./ops";

// What a text may hold, and nothing else: the server refuses the rest.

const of_letters = ["bold", "italic", "underline", "link"] as const;
const of_lines = ["header", "list", "blockquote"] as const;
const link_bytes_max = 2_048;

export type Loose = { readonly insert?: unknown; readonly retain?: unknown; readonly delete?: unknown; readonly attributes?: Record<string, unknown> | undefined };

// Any delta as one of the schema's. Letters and line ends get only what is theirs; a value that takes a
// format away is `null` in a retain and is no attribute at all in an insert.
export function cleaned(ops: readonly Loose[]): Ops {
  return ops.flatMap((op): readonly Op[] => {
    if (typeof op.insert === "string") return inserts(op.insert, op.attributes);
    if (typeof op.retain === "number") {
      const attributes = kept(op.attributes, [...of_letters, ...of_lines], true);
      return [attributes ? { retain: op.retain, attributes } : { retain: op.retain }];
    }
    return typeof op.delete === "number" ? [{ delete: op.delete }] : [];
  });
}

// Without control characters, without those that override the direction of writing, and well-formed.
export function cleanText(text: string): string {
  return text
    .replace(/\r\n?|[\u2028\u2029\u0085]/g, "\n")
    .replace(/[\u0000-\u0008\u000B-\u001F\u007F\u202A-\u202E\u2066-\u2069]/g, "")
    .replace(/[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g, "");
}

function inserts(text: string, attributes: Record<string, unknown> | undefined): readonly Op[] {
  return cleanText(text).split(/(\n+)/).filter(Boolean).map((insert) => {
    const own = kept(attributes, insert.startsWith("\n") ? of_lines : of_letters, false);
    return own ? { insert, attributes: own } : { insert };
  });
}

function kept(attributes: Record<string, unknown> | undefined, names: readonly string[], nulls: boolean): Attributes | undefined {
  const own: Record<string, Json> = {};
  for (const name of names) {
    const value = attributes?.[name];
    if (value === undefined) continue;
    const good = valueOf(name, value);
    if (good !== undefined) own[name] = good;
    else if (nulls && (value === null || value === false || value === "")) own[name] = null;
  }
  return Object.keys(own).length > 0 ? own : undefined;
}

function valueOf(name: string, value: unknown): Json | undefined {
  switch (name) {
    case "header": {
      const level = Number(value);
      return level === 1 || level === 2 || level === 3 ? level : undefined;
    }
    case "list":
      return value === "ordered" ? "ordered" : typeof value === "string" && value !== "" ? "bullet" : undefined;
    case "link":
      return typeof value === "string" ? linkFrom(value) : undefined;
    default:
      return value === true ? true : undefined;
  }
}

// A link that a text may hold; a bare address gets the scheme that people leave out.
export function linkFrom(typed: string): string | undefined {
  const text = cleanText(typed).trim();
  if (text === "" || /\s/.test(text)) return undefined;
  const whole = /^[a-z][a-z0-9+.-]*:/i.test(text) && !/^[^/:]+\.[^/:]+:\d/.test(text) ? text : text.includes("@") && !text.includes("/") ? `mailto:${text}` : `https://${text}`;
  if (!/^(https?:\/\/[^/\s]|mailto:[^\s])/i.test(whole)) return undefined;
  return new TextEncoder().encode(whole).length <= link_bytes_max ? whole : undefined;
}
