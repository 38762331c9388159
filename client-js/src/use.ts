// How long somebody has not used the app on this device, by the device's own clock, which may be wrong.
//
// Set back, it wins no time: the greatest moment that it has shown here counts. Far ahead, it is believed: what is kept
// goes too early rather than too late. What a wrong clock left in the record is put right as soon as the server
// has confirmed the sign-in, since from then on the server's own rules hold.

export const idle_ms_max = 30 * 24 * 60 * 60 * 1000;
export const stamp_ms = 60 * 60 * 1000; // a use is noted again after an hour, not with every touch

export interface Use {
  readonly used: number; // the app was used then
  readonly seen: number; // the greatest moment that the clock has shown, whoever looked
}

export function isIdle({ used, seen }: Use, now: number): boolean {
  return Math.max(seen, now) - used >= idle_ms_max;
}

// The record after a use. `confirmed`: the server says who is here.
export function afterUse(use: Use | undefined, now: number, confirmed: boolean): Use {
  if (!use || confirmed) return { used: now, seen: now };
  const used = Math.max(use.used, now);
  return { used, seen: Math.max(use.seen, used) };
}

// The record after the clock was only looked at.
export function afterLook(use: Use, now: number): Use {
  return now > use.seen ? { ...use, seen: now } : use;
}

// Whether the difference is worth a write.
export function isWorthNoting(before: Use | undefined, after: Use): boolean {
  return !before || Math.abs(after.used - before.used) >= stamp_ms || Math.abs(after.seen - before.seen) >= stamp_ms;
}

// Where it is kept, one record a person. Every promise rejects when the device refuses.
export interface UseKeeping {
  all(): Promise<ReadonlyMap<string, Use>>;
  put(actor: string, use: Use): Promise<void>;
  remove(actor?: string): Promise<void>; // without a person: all
}

// Notes that somebody uses the app.
export async function noteUse(keeping: UseKeeping, actor: string, now: number, confirmed: boolean): Promise<void> {
  const before = (await keeping.all()).get(actor);
  const after = afterUse(before, now, confirmed);
  if (isWorthNoting(before, after)) await keeping.put(actor, after);
}

// Who has not used the app for so long that what is kept of them must go.
export async function idlePeople(keeping: UseKeeping, now: number): Promise<readonly string[]> {
  const idle: string[] = [];
  for (const [actor, use] of await keeping.all()) {
    if (isIdle(use, now)) idle.push(actor);
    const after = afterLook(use, now);
    if (isWorthNoting(use, after)) await keeping.put(actor, after);
  }
  return idle;
}
