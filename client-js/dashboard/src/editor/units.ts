import type { Delta } from "../../../src/index";

// One UTF-16 unit of a content, with its look.
export interface Unit {
  readonly unit: string;
  readonly look: string;
}

export function unitsFrom(content: Delta): readonly Unit[] {
  return content.ops.flatMap(({ insert, attributes }) => {
    const look = JSON.stringify(Object.entries(attributes ?? {}).sort(([a], [b]) => (a < b ? -1 : 1)));
    return typeof insert === "string" ? insert.split("").map((unit) => ({ unit, look })) : [];
  });
}

export function isEqual(a: Unit | undefined, b: Unit | undefined): boolean {
  return a !== undefined && b !== undefined && a.unit === b.unit && a.look === b.look;
}
