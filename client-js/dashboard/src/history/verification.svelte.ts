import type { StoredEvent } from "../../../src/index";
import type { EventVerdict, Gap, Good, Head, Shown, StoredBytes } from "../../../src/audit/index";

// One run of the verification, from the page's button to its answer. What checks is fetched when it is first used.

export interface Subject {
  readonly events: readonly StoredEvent[];
  readonly whole: boolean; // from the first event of each stream on, none filtered out
  readonly windowed?: boolean; // there are more events than were looked at
  readonly shown?: (Shown & { readonly size: number }) | undefined; // what a page makes of the first so many of the log
}

export interface Report {
  readonly head: Head;
  readonly verdicts: readonly EventVerdict[]; // of all that were checked
  readonly total: number;
  readonly gaps: readonly Gap[] | undefined; // undefined where it cannot be told
  readonly differs: readonly string[] | undefined; // parts of the page that its events do not make so
  readonly windowed: boolean;
  readonly stopped: boolean;
  readonly at: number; // ms
}

export type Stage =
  | { readonly name: "idle" }
  | { readonly name: "fetching"; readonly events: number }
  | { readonly name: "head" }
  | { readonly name: "checking"; readonly done: number; readonly total: number }
  | { readonly name: "waiting" }
  | { readonly name: "done"; readonly report: Report };

type Collect = (told: (events: number) => void, signal: AbortSignal) => Promise<Subject>;

const checkpoint_ms = 1_500; // a checkpoint follows its events within a second
const answer_ms = 30_000;

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
    const total = subject.events.length;

    const looked = async (): Promise<Head> => {
      tell({ name: "head" });
      return audit.checkHead(source, pins, () => new Date());
    };
    let head = await looked();
    let verdicts: readonly EventVerdict[] = [];
    const check = (events: readonly StoredBytes[], good: Good, before: number) => audit.checkEvents(events, good.checkpoint, source, {
      signal: run.signal, told: (done) => tell({ name: "checking", done: before + done, total }),
    });
    if (head.state === "good") {
      tell({ name: "checking", done: 0, total });
      verdicts = await check(subject.events, head, 0);
      const newer = new Set(verdicts.filter(({ state }) => state === "newer").map(({ position }) => position));
      if (newer.size > 0 && !run.signal.aborted) {
        tell({ name: "waiting" });
        await new Promise((over) => setTimeout(over, checkpoint_ms));
        head = await looked();
        if (head.state === "good") {
          const again = await check(subject.events.filter(({ position }) => newer.has(position)), head, total - newer.size);
          verdicts = [...verdicts.filter(({ state }) => state !== "newer"), ...again];
        }
      }
    }
    const gaps = subject.whole ? audit.gapsIn(subject.events) : undefined;
    const { shown } = subject;
    const differs = subject.whole && shown ? audit.differsFromEvents(subject.events.filter(({ position }) => position < shown.size), shown) : undefined;
    tell({ name: "done", report: { head, verdicts, total, gaps, differs, windowed: subject.windowed ?? false, stopped: run.signal.aborted, at: Date.now() } });
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

// What a report comes to. An alarm outweighs everything; then an event that was changed or lost.
export function verdictOf({ head, verdicts, total, gaps, differs, stopped }: Report): "verified" | "failed" | "blocked" | "stopped" {
  if (head.state === "alarm") return "failed";
  if (head.state === "blocked") return "blocked";
  const changed = verdicts.some(({ state }) => state === "other_bytes" || state === "bad_proof");
  if (changed || (gaps && gaps.length > 0) || (differs && differs.length > 0)) return "failed";
  if (stopped) return "stopped";
  return verdicts.length === total && verdicts.every(({ state }) => state === "included") ? "verified" : "blocked";
}
