import type { Json } from "../../../src/index";

// A delta as it is written on the wire; lengths are UTF-16 units.
export type Attributes = { readonly [name: string]: Json };
export type Insert = { readonly insert: string; readonly attributes?: Attributes };
export type Retain = { readonly retain: number; readonly attributes?: Attributes };
export type Delete = { readonly delete: number };
export type Op = Insert | Retain | Delete;
export type Ops = readonly Op[];

// A content is a delta of inserts only.
export type Content = readonly Insert[];

export const nothing: Content = [{ insert: "\n" }];

export function textOf(content: Content): string {
  return content.map(({ insert }) => insert).join("");
}

// Without the newline that every text ends with: what its writer would call its length.
export function unitsOf(content: Content): number {
  return Math.max(0, content.reduce((sum, { insert }) => sum + insert.length, 0) - 1);
}

export function isBlank(content: Content): boolean {
  return content.every(({ insert }) => insert.trim() === "");
}

// Puts neighbours with the same attributes together.
export function joined(content: Content): Content {
  const ops: Insert[] = [];
  for (const op of content) {
    const last = ops.at(-1);
    if (op.insert === "") continue;
    if (last && sameAttributes(last.attributes, op.attributes)) ops[ops.length - 1] = { ...last, insert: last.insert + op.insert };
    else ops.push(op);
  }
  return ops;
}

export function sameAttributes(a: Attributes = {}, b: Attributes = {}): boolean {
  const [mine, yours] = [Object.keys(a), Object.keys(b)];
  return mine.length === yours.length && mine.every((name) => JSON.stringify(a[name]) === JSON.stringify(b[name]));
}
