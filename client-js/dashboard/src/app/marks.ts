import { nothing_unsent, sumOfUnsent, type Unsent } from "../../../src/index";

// What must outlive a page about forgetting itself: what is still to be deleted, what is still to be told to the
// server, and what was deleted without the person's asking. None of it says anything about anybody but an id.

const keys = { condemned: "mosty.condemned", signOut: "mosty.sign-out", deleted: "mosty.deleted" } as const;
export const markKeys: readonly string[] = Object.values(keys);

// Why, and what of it no server had. `unfinished`: the device has not done it all yet.
export interface Deletion {
  readonly why: "signed_out" | "idle" | "idle_other"; // the last: of somebody who was not the last one here
  readonly unsent: Unsent;
  readonly unfinished: boolean;
}

export const everybody = "*";

// Those of whom everything is to be deleted.
export function condemned(): readonly string[] {
  return read<readonly string[]>(keys.condemned) ?? [];
}

export function condemn(actor: string): void {
  write(keys.condemned, [...condemned().filter((other) => other !== actor), actor]);
}

export function absolve(actor: string): void {
  const left = condemned().filter((other) => other !== actor);
  write(keys.condemned, left.length > 0 ? left : undefined);
}

// A sign-out that the server has not heard of yet.
export function isSignOutDue(): boolean {
  return read<boolean>(keys.signOut) === true;
}

export function markSignOut(due: boolean): void {
  write(keys.signOut, due ? true : undefined);
}

// What was deleted and nobody has read yet.
export function deletion(): Deletion | undefined {
  const kept = read<Deletion>(keys.deleted);
  return kept && { why: kept.why, unsent: { ...nothing_unsent, ...kept.unsent }, unfinished: kept.unfinished };
}

// Several tabs each count what they took.
export function noteDeletion({ why, unsent, unfinished }: Deletion): Deletion {
  const before = deletion();
  const all = { why: before && why === "idle_other" ? before.why : why, unsent: before ? sumOfUnsent(before.unsent, unsent) : unsent, unfinished };
  write(keys.deleted, all);
  return all;
}

// Calls back when another tab notes one, or it was read there.
export function onDeletion(changed: (deletion: Deletion | undefined) => void): void {
  addEventListener("storage", ({ key }) => { if (key === keys.deleted) changed(deletion()); });
}

export function forgetDeletion(): void {
  write(keys.deleted, undefined);
}

function read<T>(key: string): T | undefined {
  try {
    const text = localStorage.getItem(key);
    return text === null ? undefined : JSON.parse(text) as T;
  } catch {
    return undefined;
  }
}

function write(key: string, value: unknown): void {
  try {
    if (value === undefined) localStorage.removeItem(key);
    else localStorage.setItem(key, JSON.stringify(value));
  } catch {
    // Where storage is closed nothing is kept, and nothing is to be deleted later.
  }
}
