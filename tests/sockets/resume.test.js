// A client that was away gets what it missed: nothing is missing, and nothing comes twice.
import assert from "node:assert/strict";
import { it } from "node:test";

import { until } from "./support/deadline.js";
import { officerWithProposal } from "./support/demo.js";
import { random } from "./support/random.js";
import { noHurry, Server } from "./support/server.js";

// Follows some topics over connections that are cut again and again, and keeps what it holds.
class Traveller {
  held = new Map();

  constructor(server, cookie, topics) {
    Object.assign(this, { server, cookie, topics });
  }

  async arrive() {
    this.client = await this.server.connect(this.cookie);
    const { log, format } = this.client.frames[0];
    for (const topic of this.topics) {
      const mine = this.held.get(topic);
      if (mine) {
        this.client.topics.set(topic, mine);
        this.client.send({ type: "follow", topic, log, format, after: mine.size, limit: 500 });
      } else {
        this.client.send({ type: "follow", topic, limit: 500 });
      }
    }
  }

  // The connection may die anywhere, even between two frames of one answer.
  leave() {
    this.client.socket.terminate();
    for (const [topic, value] of this.client.topics) if (value.size !== undefined) this.held.set(topic, value);
    // What came before must be smaller than what came after: nothing twice.
    const last = new Map();
    for (const frame of this.client.frames)
      if (frame.type === "patch" || frame.type === "rows") {
        const before = last.get(frame.topic) ?? -1;
        assert.ok(frame.size >= before, `${frame.topic} goes back from ${before} to ${frame.size}`);
        last.set(frame.topic, frame.size);
      }
  }
}

const rounds = process.env.MOSTY_LONG ? 200 : 25;

it(`over ${rounds} random cuts a follower misses nothing`, { timeout: 600_000 }, async (test) => {
  const { below, any } = random("resume");
  const server = await Server.start(test, { limits: noHurry });
  const world = await officerWithProposal(server);
  const writer = await server.connect(world.cookie);
  const topics = [world.proposal, `feed/${world.ua}`, `proposals/${world.ua}`, "programme", `partnerships/${world.ua}`, `visits/${world.ua}`];
  const travellers = [1, 2, 3].map(() => new Traveller(server, world.cookie, topics));
  for (const traveller of travellers) await traveller.arrive();

  const sizeBefore = (await writer.settle()).size;
  let writes = 0, visits = 0;
  const write = () => {
    ++writes;
    const kind = below(6);
    if (kind === 0)
      return writer.command(`visit/${world.partnership}_resume-${++visits}`, "plan_visit",
        { partnership: world.partnership, title: `Visit ${visits}`, host: "ua", kind: "meeting", from: "2030" });
    if (kind === 1 && visits) return writer.command(`visit/${world.partnership}_resume-${1 + below(visits)}`, "postpone_visit", { reason: `rain ${writes}` });
    if (kind === 2)
      return writer.command(world.proposal, "set_indicator", { indicator: `i-${below(5)}`, name: "Pipe", unit: "m", target: writes });
    if (kind === 3) return writer.command(world.proposal, "remove_indicator", { indicator: `i-${below(5)}` });
    return writer.command(world.proposal, "edit_proposal", { title: `Title ${writes}`, ...(below(2) ? { summary: "Much" } : { summary: null }) });
  };

  for (let round = 0; round < rounds; ++round) {
    const writing = Array.from({ length: below(12) }, write);
    const traveller = any(travellers);
    if (below(2)) await traveller.client.frame(() => true, "a frame", 50).catch(() => {});
    traveller.leave();
    writing.push(...Array.from({ length: below(12) }, write));
    if (below(2)) await Promise.all(writing);
    await traveller.arrive();
    await Promise.all(writing);
  }

  const { size } = await writer.settle();
  const fresh = new Traveller(server, world.cookie, topics);
  await fresh.arrive();
  for (const traveller of [...travellers, fresh]) {
    await until(() => topics.every((topic) => traveller.client.topics.get(topic)?.size >= 0), "every topic");
    await traveller.client.settle();
  }
  assert.ok(size > sizeBefore + rounds);
  for (const topic of topics) {
    const expected = fresh.client.topics.get(topic);
    for (const traveller of travellers) {
      const { value, rows, total } = traveller.client.topics.get(topic);
      assert.deepEqual(value, expected.value, topic);
      assert.equal(total, expected.total, topic);
      if (rows) {
        const sorted = (map) => [...map.values()].sort((a, b) => (a.order < b.order ? 1 : -1)).slice(0, 100);
        assert.deepEqual(sorted(rows), sorted(expected.rows), topic);
      }
    }
  }
});

it("a follower of before a restart goes on after it without a snapshot", async (test) => {
  const server = await Server.start(test, { limits: noHurry });
  const world = await officerWithProposal(server);
  const traveller = new Traveller(server, world.cookie, [world.proposal, `feed/${world.ua}`]);
  await traveller.arrive();
  await traveller.client.settle();
  traveller.leave();
  const writer = await server.connect(world.cookie);
  await writer.command(world.proposal, "edit_proposal", { title: "Meanwhile" });
  await server.stop();
  await server.restart();
  await traveller.arrive();
  await traveller.client.settle();
  const types = traveller.client.frames.map((frame) => frame.type);
  assert.ok(!types.includes("snapshot") && !types.includes("history_changed"), types.join(" "));
  assert.equal(traveller.client.topics.get(world.proposal).value.title, "Meanwhile");
});

it("a cursor of another server's log is answered with history_changed and a snapshot", async (test) => {
  const [one, other] = [await Server.start(test), await Server.start(test)];
  const here = await one.connect(await one.signIn(await one.person("secretariat")));
  const there = await other.connect(await other.signIn(await other.person("secretariat")));
  assert.notEqual(here.frames[0].log, there.frames[0].log);
  const { log, format, size } = here.frames[0];
  await there.follow("programme", { log, format, after: size });
  assert.deepEqual(there.frames.slice(1).map((frame) => frame.type), ["history_changed", "snapshot", "current"]);
});
