import { pauseBefore } from "../backoff";
import type { Outcome } from "../commands";
import { endingOf } from "../ending";
import type { Fetched } from "../http";
import { endsReading, localProblem, passes, type Problem } from "../problem";
import { compose, insertedText, removedUnits, replacement, type Operations } from "./delta";
import { begun, due, hurried, noted, notedForgetting, notedWhole, refused, retried, written } from "./journal";
import type { Acknowledged, Shelved } from "./keeping";
import { closedAt, mayBeErased } from "./erasures";
import type { Erasure } from "./open-text";
import { unsaid } from "./said";
import { flightOf, frozen, mine, reverted, settled, shown, typed, unfrozen, unsentCount, type Flight, type SharedText } from "./shared-text";
import { catchingUp, fold, follow, onCurrent, onEvents, onHistoryChanged, onRebased, onWhole } from "./text-hearing";
import { isSettled, newTextSession } from "./text-session";
import type { TextEffect, TextHappening, TextMoment, TextSession, TextStep, TextTimer } from "./text-session";

// The whole behaviour of one writer: what happened and when, to the state after it and what to do.
export function stepText(session: TextSession, happening: TextHappening, moment: TextMoment): TextStep {
  return chain(session, [
    (now) => onHappening(now, happening, moment),
    (now) => fold(now, moment),
    (now) => afterJob(now, moment),
    (now) => [listening(now), []],
    askForErasures,
    (now) => closeErased(now, moment),
    askForClient,
    (now) => [freeze(now), []],
    send,
    (now) => write(now, moment),
  ]);
}

function chain(session: TextSession, steps: readonly ((now: TextSession) => TextStep)[]): TextStep {
  const effects: TextEffect[] = [];
  let now = session;
  for (const one of steps) {
    const [next, more] = one(now);
    now = next;
    effects.push(...more);
  }
  return [now, effects];
}

function onHappening(session: TextSession, happening: TextHappening, moment: TextMoment): TextStep {
  switch (happening.type) {
    case "opened":
      return [opened(session, happening), []];
    case "typed":
      return [onTyped(session, happening.change, moment), []];
    case "put-aside":
      return onPutAside(session, happening.change, happening.problem, moment);
    case "welcomed":
      return follow({ ...session, line: { state: "catching-up", held: happening.held }, carriage: "ready", gaps: 0, mayBeErased: true });
    case "lost":
      return [{ ...session, line: { state: "away" }, carriage: "ready", away: session.away ?? moment.now }, []];
    case "whole":
      return onWhole(session, happening.committed);
    case "events":
      return onEvents(session, happening.events);
    case "current":
      return onCurrent(session, happening.revision);
    case "history-changed":
      return onHistoryChanged(session, happening.log);
    case "resync":
      return [catchingUp(session), []];
    case "topic-refused":
      if (endsReading(happening.problem)) return onEnded(session, happening.problem);
      return [{ ...session, line: { state: "refused", problem: happening.problem } }, []];
    case "answered":
    case "client":
    case "erasures":
      if (session.job) return [{ ...session, waiting: [...session.waiting, happening] }, []];
      if (happening.type === "erasures") return [onErasures(session, happening.answer), []];
      return happening.type === "client"
        ? onClient(session, happening.answer, moment)
        : onAnswer(session, happening.id, happening.outcome, moment);
    case "rebased":
      return onRebased(session, happening.result, moment);
    case "written":
      return [{ ...session, journal: written(session.journal) }, []];
    case "not-written": {
      const journal = refused(session.journal, happening.problem);
      return [{ ...session, journal }, [timer("disk", pauseBefore(journal.attempts, moment.fraction))]];
    }
    case "recovered":
      return onRecovered(session, happening.lost, moment);
    case "leaving":
      return [{ ...session, journal: hurried(session.journal) }, []];
    case "timer":
      return [onTimer(session, happening.timer), []];
  }
}

// Whoever may not read the text any more is shown nothing of it, and keeps nothing, of what was unsent neither: it
// could never be sent. Where the right comes back the text comes whole, as if it had been empty.
function onEnded(session: TextSession, problem: Problem): TextStep {
  const { text, job, place } = session;
  const ended: TextSession = { ...newTextSession(place), line: { state: "refused", problem } };
  const effects: TextEffect[] = [...(job ? [{ type: "rebase-cancel" as const }] : []), { type: "forget" }];
  if (!text) return [ended, effects];
  const empty: SharedText = { state: "synced", committed: { revision: 0, content: [{ insert: "\n" }], said: unsaid } };
  const change = replacement(shown(text), empty.committed.content);
  return [{ ...ended, text: empty }, [...effects, { type: "heard", events: [] }, { type: "changed", change, why: "others" }]];
}

// Of a seed, which was kept for another writer, this place holds nothing yet.
function opened(session: TextSession, { kept, seed, at }: Extract<TextHappening, { type: "opened" }>): TextSession {
  if (!kept) return { ...session, away: at };
  const { held, text, writer } = kept;
  return {
    ...session, away: at, text, ...(held ? { held } : {}),
    writer: writer ? { state: "known", ...writer } : { state: "none" },
    journal: seed ? notedWhole(session.journal) : session.journal,
  };
}

function onTyped(session: TextSession, change: Operations, { now }: TextMoment): TextSession {
  if (!session.text || change.length === 0) return session;
  const { job } = session;
  const journal = noted(session.journal, { type: "typed", change, at: now });
  return {
    ...session, journal, typedMark: journal.made, text: typed(session.text, change, now),
    ...(job ? { job: { ...job, late: compose(job.late, change) } } : {}),
  };
}

function onPutAside(session: TextSession, change: Operations, problem: Problem, moment: TextMoment): TextStep {
  const parked = parkedFrom(session, change, problem, moment);
  return [{ ...session, journal: notedWhole(session.journal, [parked]) }, [{ type: "parked", parked }]];
}

function onTimer(session: TextSession, which: TextTimer): TextSession {
  switch (which) {
    case "again":
      return session.carriage === "pausing" ? { ...session, carriage: "ready" } : session;
    case "journal":
      return { ...session, journal: hurried(session.journal) };
    case "disk":
      return { ...session, journal: retried(session.journal) };
  }
}

function afterJob(session: TextSession, moment: TextMoment): TextStep {
  if (session.job || session.waiting.length === 0) return [session, []];
  const steps = session.waiting.map((happening) => (now: TextSession) => onHappening(now, happening, moment));
  return chain({ ...session, waiting: [] }, steps);
}

// Others are heard again as they write.
function listening(session: TextSession): TextSession {
  if (session.away === undefined || !isSettled(session)) return session;
  const { away: _away, ...rest } = session;
  return rest;
}

function askForErasures(session: TextSession): TextStep {
  const { text, line } = session;
  if (!session.mayBeErased || !text || line.state !== "current" || !isSettled(session)) return [session, []];
  const asks = session.isReplaced || mayBeErased(text.committed);
  return [{ ...session, mayBeErased: false, isReplaced: false }, asks ? [{ type: "ask-erasures" }] : []];
}

// Where nobody could be asked, the next connection asks again.
function onErasures(session: TextSession, answer: Fetched<readonly Erasure[]>): TextSession {
  const { text } = session;
  if (!text || !answer.ok || answer.value.length === 0) return session;
  const erased = mayBeErased(text.committed) ? closedAt(answer.value, text.committed.revision) : undefined;
  const known = erased ? { ...text, committed: { ...text.committed, erased } } : text;
  return { ...session, text: known, journal: notedForgetting(session.journal) };
}

// Nothing can be written in it any more: what is unsent is put aside for its writer to copy.
function closeErased(session: TextSession, moment: TextMoment): TextStep {
  const { text } = session;
  if (!text?.committed.erased || text.state === "synced") return [session, []];
  return park(session, localProblem("erased", "This text was erased for ever. Nothing can be written here."), moment);
}

function askForClient(session: TextSession): TextStep {
  const { text, writer, carriage } = session;
  if (text?.state !== "pending" || writer.state !== "none" || carriage !== "ready" || !isSettled(session)) return [session, []];
  return [{ ...session, writer: { state: "asking" } }, [{ type: "ask-client" }]];
}

function freeze(session: TextSession): TextSession {
  const { text, writer, carriage, place } = session;
  if (text?.state !== "pending" || writer.state !== "known" || carriage !== "ready" || !isSettled(session)) return session;
  const next = frozen(text, place.topic, writer);
  const flight = flightOf(next);
  if (!flight) return session;
  const pending = next.state === "in-flight-and-pending" ? next.pending : undefined;
  const journal = noted(session.journal, { type: "frozen", flight, pending });
  return { ...session, text: next, writer: { ...writer, next: writer.next + 1 }, journal, frozenMark: journal.made };
}

// Never before the frozen bytes are on this device; unless it refuses to keep them, and the server may be willing.
function send(session: TextSession): TextStep {
  const { text, carriage, journal } = session;
  const flight = text && flightOf(text);
  if (!flight || carriage !== "ready" || !isSettled(session)) return [session, []];
  if (journal.kept < session.frozenMark && journal.attempts === 0) return [session, []];
  return [{ ...session, carriage: "sent" }, [{ type: "send", id: idOf(flight), bytes: flight.bytes }]];
}

function write(session: TextSession, { now }: TextMoment): TextStep {
  const { text, held, writer, place } = session;
  if (!text || !due(session.journal)) return [session, []];
  const known = writer.state === "known" ? { client: writer.client, next: writer.next } : undefined;
  const note = { ...place, unsent: unsentCount(text), at: now };
  const [journal, writing] = begun(session.journal, { held, text, writer: known }, note);
  return [{ ...session, journal }, [{ type: "write", writing }]];
}

function onClient(session: TextSession, answer: Fetched<string>, moment: TextMoment): TextStep {
  if (answer.ok) return [{ ...session, writer: { state: "known", client: answer.value, next: 1 } }, []];
  const next: TextSession = { ...session, writer: { state: "none" } };
  return comesAgain(answer.problem) ? pause(next, moment) : park(next, answer.problem, moment);
}

function onAnswer(session: TextSession, id: string, outcome: Outcome, moment: TextMoment): TextStep {
  const flight = session.text && flightOf(session.text);
  if (!session.text || !flight || idOf(flight) !== id) return [session, []];
  if (outcome.state === "done") {
    const { text, change } = settled(session.text, outcome.done.revision);
    if (flightOf(text)) return [{ ...session, text, retries: 0 }, []];
    const landed: TextSession = { ...session, text, carriage: "ready", retries: 0, savedAt: moment.now };
    return [{ ...landed, journal: notedWhole(session.journal) }, [{ type: "changed", change, why: "others" }]];
  }
  const { problem } = outcome;
  if (comesAgain(problem)) return pause(session, moment);
  if (problem.code === "base_from_future") return setBack(session, moment);
  const next: TextSession = { ...session, mayBeErased: session.mayBeErased || problem.code === "erased" };
  return flight.doubtful || of_the_writer.has(problem.code) || isOfTheBase(problem) ? requeue(next, moment) : park(next, problem, moment);
}

const of_the_writer = new Set(["sequence_reused", "command_id_reused", "unknown_client", "sequence_gap"]);

// A passage was erased while it was under way, and what it was made on is forgotten. The text is followed anew.
function isOfTheBase({ code, params }: Problem): boolean {
  return code === "erased" && params["revision"] !== undefined;
}

// The refusal is about who writes, or about a log that was set back; not about the change. It is not committed, and
// goes again as another writer's.
function requeue(session: TextSession, moment: TextMoment): TextStep {
  if (!session.text) return [session, []];
  const next: TextSession = {
    ...session, text: unfrozen(session.text), writer: { state: "none" }, journal: notedWhole(session.journal),
  };
  return pause(next, moment);
}

// The server knows less than what is held here came from: the text is asked for anew.
function setBack(session: TextSession, moment: TextMoment): TextStep {
  const { line } = session;
  return chain(session, [
    (now) => requeue(now, moment),
    (now) => line.state === "current" ? onHistoryChanged(now, line.held.log) : [now, []],
    follow,
  ]);
}

function pause(session: TextSession, moment: TextMoment): TextStep {
  const ms = pauseBefore(session.retries, moment.fraction);
  return [{ ...session, carriage: "pausing", retries: session.retries + 1 }, [timer("again", ms)]];
}

// The edit is refused for good. It is put aside with all that rests on it, and the text is what is committed.
function park(session: TextSession, problem: Problem, moment: TextMoment): TextStep {
  if (!session.text || session.text.state === "synced") return [session, []];
  const parked = parkedFrom(session, mine(session.text), problem, moment);
  const { text, change } = reverted(session.text);
  return [
    { ...session, text, carriage: "ready", retries: 0, journal: notedWhole(session.journal, [parked]) },
    [{ type: "parked", parked }, { type: "changed", change, why: "parked" }],
  ];
}

function onRecovered(session: TextSession, lost: readonly Acknowledged[], moment: TextMoment): TextStep {
  const problem = localProblem("history_changed", "The server was set back to a time before this was saved.");
  const parked = lost.map(({ flight }, index) =>
    ({ ...parkedFrom(session, flight.change, problem, moment), id: `${moment.id}-${index}` }));
  if (parked.length === 0) return [session, []];
  return [
    { ...session, journal: notedWhole(session.journal, parked) },
    parked.map((one): TextEffect => ({ type: "parked", parked: one })),
  ];
}

function parkedFrom(session: TextSession, change: Operations, problem: Problem, { now, id }: TextMoment): Shelved {
  const revision = session.text?.committed.revision ?? 0;
  return { id, problem, at: now, change, revision, text: insertedText(change), removed: removedUnits(change) };
}

// The same may be taken later.
function comesAgain(problem: Problem): boolean {
  return passes(problem) || problem.code === "unreachable" || problem.code === "unexpected" || endingOf(problem.code) !== undefined;
}

function idOf({ client, sequence }: Flight): string {
  return `${client}-${sequence}`;
}

function timer(which: TextTimer, ms: number): TextEffect {
  return { type: "set-timer", timer: which, ms };
}
