import { expect, it } from "vitest";
import { Page, Profile, settle } from "../testing/device";
import { TextServer } from "../testing/text-server";
import { FakeClock, SeededChance } from "../testing/world";
import { lengthOf, type Operations } from "./delta";
import { Rebasing, type Rebaser } from "./rebase";

const topic = "text/proposal/p-1/objective";

// A worker's part is done apart from the page; what the page does at a stretch is measured, in processor time, and printed.
it("5,000 keystrokes made offline meet 20,000 edits of others, and the page is never busy for long", async () => {
  const chance = new SeededChance(11);
  const clock = new FakeClock();
  const server = new TextServer();
  const work: (() => void)[] = [];
  const rebaser: Rebaser = (begun, client) => {
    const rebasing = new Rebasing(structuredClone(begun), client);
    return {
      add: (events) => { const copy = structuredClone(events); work.push(() => { rebasing.add(copy); }); },
      end: (since) => new Promise((resolve) => { work.push(() => { resolve(structuredClone(rebasing.result(since))); }); }),
      cancel: () => {},
    };
  };
  const page = new Page(new Profile("u-oksana"), server, topic, clock, chance, { rebaser });
  server.edit(topic, "u-reka", [{ insert: "Спільна вода для обох берегів.\n".repeat(300) }]);
  await settle();
  let longest = 0;
  const timed = async (step: () => void) => {
    const before = process.cpuUsage();
    step();
    await settle();
    const { user, system } = process.cpuUsage(before);
    longest = Math.max(longest, (user + system) / 1_000);
  };
  const flow = async () => {
    for (let busy = true; busy;) {
      busy = false;
      for (const connection of server.connections) {
        busy ||= connection.busy;
        connection.toServer();
        await timed(() => { connection.toClient(20); }); // pieces of a thousand events
      }
    }
  };
  await flow();

  page.offline();
  for (let i = 0; i < 5_000; i += 1) {
    const at = Math.floor(i / 125) * 200 + (i % 125);
    await timed(() => { page.type(at === 0 ? [{ insert: "ї" }] : [{ retain: at }, { insert: "ї" }]); });
  }
  const typing = longest;
  longest = 0;
  for (let i = 0; i < 20_000; i += 1) {
    const at = 1 + chance.below(lengthOf(server.content(topic)) - 2);
    const change: Operations = chance.below(4) === 0 ? [{ retain: at }, { delete: 1 }] : [{ retain: at }, { insert: "б" }];
    server.edit(topic, "u-reka", change);
  }
  page.online();
  await settle();
  await flow();
  expect(page.text.sync.current).toMatchObject({ state: "merging", behind: 20_000 });
  let worker = 0;
  for (let step = work.shift(); step; step = work.shift()) {
    const begun = performance.now();
    step();
    worker += performance.now() - begun;
    await timed(() => {});
  }
  for (let i = 0; i < 2_000; i += 1) await timed(() => { clock.advance(1); });
  await flow();
  console.log(`5,000 keystrokes over 20,000 edits: worker ${Math.round(worker)} ms; the page at a stretch at most `
    + `${Math.round(longest)} ms (a keystroke ${Math.round(typing)} ms)`);
  expect(page.text.content.ops).toEqual(server.content(topic));
  expect(page.editor).toEqual(server.content(topic));
  expect(page.text.merge.current).toMatchObject({ edits: 20_000, by: [{ actor: "u-reka" }] });
});
