import type { StoredEvent } from "../../../src/index";
import type { Difference, EventState, EventVerdict, Gap, Good, Head, Opening, Recorded, StoredBytes } from "../../../src/audit/index";
import type { Looked } from "./shown";

// One run of the verification, from the page's button to its answer. What checks is fetched when it is first used.

export interface Subject {
  readonly events: readonly StoredEvent[];
  readonly whole: boolean; // from the first event of each stream on, none filtered out
  readonly windowed?: boolean; // there are more events than were looked at
  readonly everything?: boolean; // of the whole log: no position after the first of them may be missing
  readonly more?: (from: number, to: number) => Promise<readonly StoredEvent[]>; // what was recorded meanwhile, where nothing may be missing
  readonly log?: WholeLog | undefined; // for whoever may read it: it alone shows that no end of a stream was kept back
  readonly isMissing?: boolean; // some of it did not come
  readonly compares?: boolean; // what a page makes of them is to be held against them
  readonly shown?: Looked | undefined; // that; undefined where some of it did not come
  readonly late?: readonly string[]; // streams of which the page shows less than their events tell
}

export interface WholeLog {
  readonly events: readonly StoredEvent[]; // asked for before those of the subject
  readonly leftOut: readonly number[]; // positions of those that belong to the subject, and did not come with it
}

// An event's verdict, also on what it is shown to say where that stands sealed.
export type Verdict = Omit<EventVerdict, "state"> & { readonly state: EventState | "other_words" | "bad_key" | "no_key" | "unrecorded" };

export interface Report {
  readonly head: Head;
  readonly verdicts: readonly Verdict[]; // of all that were checked
  readonly total: number;
  readonly opened: Readonly<Record<"agrees" | "destroyed" | "closed", number>>; // of those that stand sealed
  readonly gaps: readonly Gap[] | undefined; // undefined where it cannot be told
  readonly holes: readonly number[]; // positions of the log that were left out
  readonly differs: readonly Difference[] | undefined; // parts of the page that its events do not make so
  readonly late: readonly string[];
  readonly unsettled: readonly string[];
  readonly isMissing: boolean; // some of the events, or of what is shown, did not come
  readonly windowed: boolean;
  readonly everything: boolean;
  readonly stopped: boolean;
  readonly at: number; // ms
}

export type Stage =
  | { readonly name: "idle" }
  | { readonly name: "fetching"; readonly events: number }
  | { readonly name: "head" }
  | { readonly name: "checking"; readonly done: number; readonly total: number }
  | { readonly name: "opening" }
  | { readonly name: "waiting" }
  | { readonly name: "done"; readonly report: Report };

export type Collect = (told: (events: number) => void, signal: AbortSignal) => Promise<Subject>;

const checkpoint_ms = 1_500; // a checkpoint follows its events within a second
const answer_ms = 30_000;
const erases: ReadonlySet<string> = new Set(["text.erased", "text.redacted", "person.erased", "site.erased"]);

export class Verification {
  stage = $state.raw<Stage>({ name: "idle" });
  #run: AbortController | undefined;

  get report(): Report | undefined {
    return this.stage.name === "done" ? this.stage.report : undefined;
  }

  get isBusy(): boolean {
    return this.stage.name !== "idle" && this.stage.name !== "done";
  }

  async run(collect: Collect): Promise<void> {
    this.#run?.abort();
    const run = new AbortController();
    this.#run = run;
    const tell = (stage: Stage) => { if (this.#run === run) this.stage = stage; };
    tell({ name: "fetching", events: 0 });
    const audit = await import("../../../src/audit/index");
    const source = audit.proofsOver((url, init) => fetch(url, { signal: AbortSignal.timeout(answer_ms), ...init }));
    const pins = audit.localPins(() => localStorage);
    const subject = await collect((events) => tell({ name: "fetching", events }), run.signal);
    let all = subject.log ? joined(subject.log.events, subject.events) : subject.events;
    let total = all.length;
    let covered = 0; // so much of the log must be there

    const looked = async (): Promise<Head> => {
      tell({ name: "head" });
      return audit.checkHead(source, pins, () => new Date());
    };
    let head = await looked();
    let verdicts: readonly EventVerdict[] = [];
    let openings: ReadonlyMap<number, Opening> = new Map();
    const check = (events: readonly StoredBytes[], good: Good, before: number) => audit.checkEvents(events, good.checkpoint, source, {
      signal: run.signal, told: (done) => tell({ name: "checking", done: before + done, total }),
    });
    if (head.state === "good") {
      covered = head.checkpoint.size;
      const end = Math.max(-1, ...all.map(({ position }) => position)) + 1;
      if (subject.more && end < covered) all = joined(all, await subject.more(end, covered));
      total = all.length;
      tell({ name: "checking", done: 0, total });
      verdicts = await check(all, head, 0);
      const newer = new Set(verdicts.filter(({ state }) => state === "newer").map(({ position }) => position));
      if (newer.size > 0 && !run.signal.aborted) {
        tell({ name: "waiting" });
        await new Promise((over) => setTimeout(over, checkpoint_ms));
        head = await looked();
        if (head.state === "good") {
          const again = await check(all.filter(({ position }) => newer.has(position)), head, total - newer.size);
          verdicts = [...verdicts.filter(({ state }) => state !== "newer"), ...again];
        }
      }
      tell({ name: "opening" });
      openings = await audit.openSealed(subject.events, source, run.signal);
    }
    const { shown, late = [], log, everything = log !== undefined, windowed = false, isMissing = false, compares = false } = subject;
    tell({
      name: "done",
      report: {
        head, total, late, windowed, everything, isMissing: isMissing || (compares && !shown), verdicts: withWords(verdicts, openings, subject), opened: countsOf(openings),
        gaps: subject.whole ? audit.gapsIn(subject.events) : undefined,
        holes: everything ? [...audit.holesIn(all.map(({ position }) => position), covered), ...log?.leftOut ?? []] : [],
        differs: subject.whole && shown ? audit.differencesIn(subject.events.map((event) => recorded(event, openings)), shown) : undefined,
        unsettled: shown?.unsettled ?? [], stopped: run.signal.aborted, at: Date.now(),
      },
    });
  }

  stop(): void {
    this.#run?.abort();
  }

  // What was shown has changed: the old answer is not about it.
  reset(): void {
    this.#run?.abort();
    this.#run = undefined;
    this.stage = { name: "idle" };
  }

  // For a key that was changed on purpose: what is offered next is trusted as on a first visit.
  async trustAnew(): Promise<void> {
    const audit = await import("../../../src/audit/index");
    audit.localPins(() => localStorage).forget();
  }
}

function joined(one: readonly StoredEvent[], other: readonly StoredEvent[]): readonly StoredEvent[] {
  return [...new Map([...one, ...other].map((event) => [event.position, event])).values()];
}

function recorded({ data, ...event }: StoredEvent, openings: ReadonlyMap<number, Opening>): Recorded {
  return { ...event, data: openings.get(event.position)?.state === "destroyed" ? null : data };
}

// An event whose bytes stand in the log is not shown truly when its words are others. That a key is destroyed is
// believed of what an event of the same stream erases, as far as the whole history is there to tell.
function withWords(verdicts: readonly EventVerdict[], openings: ReadonlyMap<number, Opening>, { events, whole }: Subject): readonly Verdict[] {
  const erased = new Map<string, number>();
  for (const { stream, type, position } of events) if (erases.has(type)) erased.set(stream, Math.max(position, erased.get(stream) ?? 0));
  return verdicts.map((verdict): Verdict => {
    const opening = verdict.state === "included" ? openings.get(verdict.position) : undefined;
    switch (opening?.state) {
      case "other_words":
      case "bad_key":
      case "no_key":
        return { ...verdict, state: opening.state, detail: opening.detail ?? "" };
      case "destroyed":
        return whole && (erased.get(opening.stream) ?? -1) < verdict.position ? { ...verdict, state: "unrecorded" } : verdict;
      default:
        return verdict;
    }
  });
}

function countsOf(openings: ReadonlyMap<number, Opening>): Report["opened"] {
  const count = (state: Opening["state"]) => [...openings.values()].filter((opening) => opening.state === state).length;
  return { agrees: count("agrees"), destroyed: count("destroyed"), closed: count("closed") };
}

// What no honest server and no honest line make of an event.
export function isWrong({ state }: Verdict): boolean {
  return state === "other_bytes" || state === "bad_proof" || state === "other_words" || state === "bad_key" || state === "unrecorded";
}

// What a report comes to. An alarm outweighs everything; then what was changed, lost or kept back.
export function verdictOf({ head, verdicts, total, gaps = [], holes, differs = [], late, isMissing, stopped }: Report): "verified" | "failed" | "blocked" | "stopped" {
  if (head.state === "alarm") return "failed";
  if (head.state === "blocked") return "blocked";
  if (verdicts.some(isWrong) || gaps.length + holes.length + differs.length + late.length > 0) return "failed";
  if (stopped) return "stopped";
  return !isMissing && verdicts.length === total && verdicts.every(({ state }) => state === "included") ? "verified" : "blocked";
}
