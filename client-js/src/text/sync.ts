import type { Sync } from "./open-text";
import { flightOf, mine, pendingOf, unsentCount } from "./shared-text";
import type { TextSession } from "./text-session";

// Where the person's work is, in one word.
export function syncOf(session: TextSession): Sync {
  const { text, line, journal, job, incoming } = session;
  if (!text) return line.state === "refused" ? line : { state: "opening" };
  const count = unsentCount(text);
  const since = (flightOf(text) ?? pendingOf(text))?.since ?? 0;
  const unsaved = count > 0 && journal.kept < session.typedMark;
  if (unsaved && journal.disk.state === "failing") return { state: "not-saved", problem: journal.disk.problem };
  if (line.state === "refused") return line;
  const behind = (job?.count ?? 0) + incoming.length;
  if (job) return mine(text).length > 0 ? { state: "merging", behind } : { state: "catching-up", behind };
  if (line.state === "catching-up") return { state: "catching-up", behind };
  if (count === 0) return { state: "saved-for-everyone", at: session.savedAt };
  if (unsaved) return { state: "saving-on-device" };
  return session.carriage === "sent" ? { state: "on-the-way", since, count } : { state: "saved-on-device", since, count };
}
