import { isObject, type StoredEvent } from "../../../src/index";

// A history as it is read: one line an event, but what one person wrote in one text without pausing is one line.

export type Line =
  | { readonly kind: "event"; readonly event: StoredEvent }
  | Burst;

export interface Burst {
  readonly kind: "burst";
  readonly events: readonly StoredEvent[]; // newest first, two at least
  readonly written: number; // UTF-16 units
  readonly removed: number;
}

const pause_ms = 60_000;

// `events` come newest first, and so do the lines: a burst stands where its last letter does. Others may have acted
// in between.
export function linesOf(events: readonly StoredEvent[]): readonly Line[] {
  const lines: StoredEvent[][] = [];
  const open = new Map<string, StoredEvent[]>();
  for (const event of events) {
    const hand = `${event.stream} ${event.actor}`;
    const group = event.type === "text.edited" ? open.get(hand) : undefined;
    const later = group?.at(-1);
    if (group && later && Date.parse(later.time) - Date.parse(event.time) < pause_ms) {
      group.push(event);
      continue;
    }
    const own = [event];
    lines.push(own);
    if (event.type === "text.edited") open.set(hand, own);
    else if (event.stream.startsWith("text/")) closeAll(open, event.stream);
  }
  return lines.map(lineFrom);
}

// Someone's comment, or a restored version, parts what was written before it from what came after.
function closeAll(open: Map<string, StoredEvent[]>, stream: string): void {
  for (const hand of open.keys()) if (hand.startsWith(`${stream} `)) open.delete(hand);
}

function lineFrom(events: StoredEvent[]): Line {
  if (events.length === 1) return { kind: "event", event: events[0]! };
  let [written, removed] = [0, 0];
  for (const { data } of events) {
    for (const op of Array.isArray(data["change"]) ? data["change"] : []) {
      if (!isObject(op)) continue;
      if (typeof op["insert"] === "string") written += op["insert"].length;
      if (typeof op["delete"] === "number") removed += op["delete"];
    }
  }
  return { kind: "burst", events, written, removed };
}

export function eventsOf(line: Line): readonly StoredEvent[] {
  return line.kind === "event" ? [line.event] : line.events;
}

export function newestOf(line: Line): StoredEvent {
  return eventsOf(line)[0]!;
}

export function oldestOf(line: Line): StoredEvent {
  return eventsOf(line).at(-1)!;
}
