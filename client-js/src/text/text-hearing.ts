import { compose, nothing, transform } from "./delta";
import type { TextEvent } from "./events";
import { noted, notedAcknowledged, notedForgetting, notedWhole } from "./journal";
import { Rebasing, type Rebased } from "./rebase";
import { flightOf, pendingOf, replaced, textOf, type Committed, type SharedText } from "./shared-text";
import { inline_events_max, journal_pause_ms, knownRevision, ownClient } from "./text-session";
import type { TextEffect, TextMoment, TextSession, TextStep } from "./text-session";

// What the server tells of a text, and how it is brought together with what is unsent.

const gaps_max = 10; // other writers of the text on this connection may be answered first

// Asks for everything after what is known.
export function follow(session: TextSession): TextStep {
  const { held } = session;
  return [session, [{ type: "follow", after: knownRevision(session), ...(held && session.text ? { held } : {}) }]];
}

// The text, whole. What is held is only given up for it when it belongs to another history.
export function onWhole(session: TextSession, committed: Committed): TextStep {
  const { line, text } = session;
  if (line.state !== "catching-up" && line.state !== "current") return [session, []];
  const { held } = line;
  if (!text) {
    const first: SharedText = { state: "synced", committed };
    // Who held nothing was not away: what the server adds to an older whole is no news.
    const { away: _away, ...rest } = session;
    return [{ ...rest, text: first, held, mayBeErased: true, journal: notedWhole(session.journal) }, []];
  }
  if (session.held?.log === held.log && session.held.format === held.format) return [session, []];
  const { erased, revision } = text.committed;
  const { text: next, change } = replaced(text, erased && revision === committed.revision ? { ...committed, erased } : committed);
  return [
    { ...session, text: next, held, incoming: [], mayBeErased: true, isReplaced: true, journal: notedWhole(session.journal) },
    [{ type: "changed", change, why: "merge" }, { type: "heard", events: [] }, { type: "recover", beyond: committed.revision }],
  ];
}

export function onHistoryChanged(session: TextSession, log: string): TextStep {
  const { held: _held, job, ...rest } = session;
  const { line } = session;
  const next: TextSession = { ...rest, incoming: [] };
  const anew = line.state === "catching-up" || line.state === "current"
    ? { ...next, line: { state: "catching-up" as const, held: { ...line.held, log } } } : next;
  return [anew, job ? [{ type: "rebase-cancel" }] : []];
}

export function catchingUp(session: TextSession): TextSession {
  const { line } = session;
  return line.state === "current" ? { ...session, line: { ...line, state: "catching-up" } } : session;
}

// What is known already is ignored; what leaves a gap is asked for again.
export function onEvents(session: TextSession, events: readonly TextEvent[]): TextStep {
  const { line, job } = session;
  if (!session.text || (line.state !== "catching-up" && line.state !== "current")) return [session, []];
  const known = knownRevision(session);
  const fresh = events.filter(({ revision }) => revision > known);
  if (fresh.length === 0) return [session, []];
  if (!fresh.every(({ revision }, index) => revision === known + 1 + index)) return follow(catchingUp(session));
  if (fresh.some(({ type }) => type === "text.redacted")) return onRedacted(session);
  if (job && !job.ended) {
    return [{ ...session, job: { ...job, count: job.count + fresh.length } }, [{ type: "rebase-add", events: fresh }]];
  }
  const next: TextSession = { ...session, incoming: [...session.incoming, ...fresh] };
  return line.state === "catching-up" && !job && next.incoming.length > inline_events_max ? begin(next) : [next, []];
}

// What is left comes whole: so what is unsent stays where it was written, between the letters that stayed.
function onRedacted(session: TextSession): TextStep {
  const { line } = session;
  if (line.state !== "catching-up" && line.state !== "current") return [session, []];
  const [anew, cancelled] = onHistoryChanged(session, line.held.log);
  const [next, effects] = follow(anew);
  return [next, [...cancelled, ...effects]];
}

export function onCurrent(session: TextSession, revision: number): TextStep {
  const { line } = session;
  if (line.state !== "catching-up" && line.state !== "current") return [session, []];
  if (!session.text || !session.held || knownRevision(session) < revision) return onGap(session);
  return [{ ...session, gaps: 0, line: { ...line, state: "current" } }, []];
}

// Asking from what is known should fill it. A server that leaves it open again and again is asked for the whole.
function onGap(session: TextSession): TextStep {
  const gaps = session.gaps + 1;
  const [next, effects] = gaps > gaps_max && session.line.state === "catching-up"
    ? onHistoryChanged(session, session.line.held.log) : [session, []];
  const [last, more] = follow({ ...catchingUp(next), gaps });
  return [last, [...effects, ...more]];
}

// Shows what has come, once a catch-up is over: a few events here, many by a job.
export function fold(session: TextSession, moment: TextMoment): TextStep {
  const { text, job, incoming, line } = session;
  if (!text || line.state === "catching-up") return [session, []];
  if (job) return job.ended ? [session, []] : end(session, moment);
  if (incoming.length === 0) return [session, []];
  if (incoming.length > inline_events_max) {
    const [begun, effects] = begin(session);
    const [ended, more] = end(begun, moment);
    return [ended, [...effects, ...more]];
  }
  const rebasing = new Rebasing(text, ownClient(session));
  rebasing.add(incoming);
  return folded({ ...session, incoming: [] }, rebasing.result(session.away ?? moment.now), incoming, moment);
}

function begin(session: TextSession): TextStep {
  const { text, incoming } = session;
  if (!text) return [session, []];
  return [
    { ...session, incoming: [], job: { count: incoming.length, ended: false, late: nothing } },
    [{ type: "rebase", text, client: ownClient(session) }, { type: "rebase-add", events: incoming }],
  ];
}

function end(session: TextSession, moment: TextMoment): TextStep {
  const { job } = session;
  return [{ ...session, ...(job ? { job: { ...job, ended: true } } : {}) }, [{ type: "rebase-end", since: session.away ?? moment.now }]];
}

// What was typed during the job comes after all that it brought.
export function onRebased(session: TextSession, result: Rebased, moment: TextMoment): TextStep {
  const { job, text, ...rest } = session;
  if (!job || !text) return [session, []];
  const late = transform(result.change, job.late, "first");
  const typed = pendingOf(text);
  const change = compose(pendingOf(result.text)?.change ?? nothing, late);
  const merged: Rebased = {
    ...result,
    change: transform(job.late, result.change, "second"),
    text: textOf(result.text.committed, flightOf(result.text), typed && { ...typed, change }),
  };
  return folded({ ...rest, text }, merged, undefined, moment);
}

// `events` when an entry of the journal can say what happened.
function folded(session: TextSession, result: Rebased, events: readonly TextEvent[] | undefined, moment: TextMoment): TextStep {
  const { acknowledged, change, summary } = result;
  const landed = session.text !== undefined && flightOf(session.text) !== undefined && !flightOf(result.text);
  let journal = events && (acknowledged || !landed) ? noted(session.journal, { type: "heard", events }) : notedWhole(session.journal);
  const closes = result.text.committed.erased !== undefined && session.text?.committed.erased === undefined;
  if (closes) journal = notedForgetting(journal);
  else if (acknowledged) journal = notedAcknowledged(journal, { ...acknowledged, at: moment.now });
  const next: TextSession = {
    ...session, text: result.text, journal,
    ...(landed ? { carriage: "ready" as const, retries: 0, savedAt: moment.now } : {}),
  };
  const telling = session.away !== undefined && summary !== undefined;
  // Who stands where is told with what changed: the events come first.
  const effects: TextEffect[] = [{ type: "heard", events: events ?? [] }];
  if (change.length > 0) effects.push({ type: "changed", change, why: telling ? "merge" : summary || !acknowledged ? "others" : "repair" });
  if (telling) effects.push({ type: "merged", summary });
  if (journal.unsaved.entries.length === 1) effects.push({ type: "set-timer", timer: "journal", ms: journal_pause_ms });
  return [next, effects];
}
