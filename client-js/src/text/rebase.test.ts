import { describe, expect, it } from "vitest";
import { Letters, randomEdit } from "../testing/edits";
import { forEachSeed, type SeededChance } from "../testing/world";
import { compose, empty_text, transform, type Operations } from "./delta";
import type { TextEvent } from "./events";
import { inlineRebaser, Rebasing, type Rebased } from "./rebase";
import { unsaid } from "./said";
import { frozen, shown, typed, type SharedText } from "./shared-text";
import { workerRebaser, type ToWorker } from "./worker-rebaser";

const topic = "text/proposal/p-1/objective";

function textWith(content: Operations, revision: number): SharedText {
  return { state: "synced", committed: { revision, content, said: unsaid } };
}

function edited(revision: number, change: Operations, actor = "u-reka"): TextEvent {
  return { revision, actor, at: "2026-11-25T10:00:00.000Z", type: "text.edited", client: "k-9", sequence: revision, base: 0, change, repair: [] };
}

// A worker in this thread, which speaks through copies as a true one does.
function playedWorker(): Worker {
  let rebasing: Rebasing | undefined;
  const worker = {
    onmessage: null as ((message: { data: Rebased }) => void) | null,
    onerror: null,
    postMessage: (sent: ToWorker) => {
      const message = structuredClone(sent);
      if (message.type === "begin") rebasing = new Rebasing(message.text, message.client);
      else if (message.type === "add") rebasing?.add(message.events);
      else queueMicrotask(() => { if (rebasing) worker.onmessage?.({ data: structuredClone(rebasing.result(message.since)) }); });
    },
    terminate: () => { rebasing = undefined; },
  };
  return worker as unknown as Worker;
}

function randomJob(chance: SeededChance): { text: SharedText; events: readonly TextEvent[] } {
  const letters = new Letters();
  let content = empty_text;
  for (let i = 0; i < 10; i += 1) content = compose(content, randomEdit(chance, content, letters, { deletions: true }));
  let text = textWith(content, 0);
  for (let i = 1 + chance.below(5); i > 0; i -= 1) text = typed(text, randomEdit(chance, shown(text), letters, { deletions: true }), i);
  if (chance.below(2) === 0) {
    text = frozen(text, topic, { client: "k-1", next: 1 });
    text = typed(text, randomEdit(chance, shown(text), letters, { deletions: true }), 9);
  }
  const events: TextEvent[] = [];
  for (let revision = 1; revision <= 30; revision += 1) {
    const change = randomEdit(chance, content, letters, { deletions: true });
    events.push(edited(revision, change, `u-${chance.below(3)}`));
    content = compose(content, change);
  }
  return { text, events };
}

describe("re-basing in a worker", () => {
  it("ends as on the page, and with what is shown plus the change", async () => {
    const jobs: { text: SharedText; events: readonly TextEvent[] }[] = [];
    forEachSeed((chance) => { jobs.push(randomJob(chance)); }, 40);
    for (const { text, events } of jobs) {
      const results = await Promise.all([inlineRebaser, workerRebaser(playedWorker), workerRebaser(() => { throw new Error("none"); })]
        .map((rebaser) => {
          const job = rebaser(text, "k-1");
          job.add(events.slice(0, 11));
          job.add(events.slice(11));
          return job.end(5);
        }));
      const [first, ...others] = results;
      for (const other of others) expect(other).toEqual(first);
      if (!first) throw new Error("no result");
      expect(compose(shown(text), first.change)).toEqual(shown(first.text));
    }
  });

  it("steps over each event: composed ones would mislead where something is written and removed again", () => {
    const text = typed(textWith([{ insert: "a\n" }], 0), [{ insert: "Q" }], 1);
    const events = [edited(1, [{ retain: 1 }, { insert: "P" }]), edited(2, [{ delete: 1 }])];
    const rebasing = new Rebasing(text, undefined);
    rebasing.add(events);
    const stepwise = shown(rebasing.result(0).text);
    const composed = transform([{ insert: "P" }, { delete: 1 }], [{ insert: "Q" }], "first");
    expect(stepwise).toEqual([{ insert: "QP\n" }]);
    expect(compose([{ insert: "P\n" }], composed)).toEqual([{ insert: "PQ\n" }]);
  });
});
