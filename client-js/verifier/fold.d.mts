// The types of fold.mjs, for the page's own verification.

type Value = null | boolean | number | string | readonly Value[] | ValueObject;
interface ValueObject { readonly [name: string]: Value }

export interface FoldedEvent {
  readonly position: number;
  readonly id: string;
  readonly type: string;
  readonly stream: string;
  readonly time: string;
  readonly revision: number;
  readonly actor: string;
  readonly data: ValueObject | null;
}

export const known_types: ReadonlySet<string>;
export function viewOf(stream: string, events: readonly FoldedEvent[], sideOf?: (town: string) => string | undefined): ValueObject | undefined;
export function orderOf(position: number): string;
