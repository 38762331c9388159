// The past, asked for by position, by moment and by day, is what a follower saw then.
import assert from "node:assert/strict";
import { it } from "node:test";

import { officerWithProposal } from "./support/demo.js";
import { Server } from "./support/server.js";

it("a view as of every position is what a follower held then", async (test) => {
  const server = await Server.start(test);
  const world = await officerWithProposal(server);
  const follower = await server.connect(world.cookie);
  const topics = [world.proposal, "programme", `partnership/${world.partnership}`];
  const seen = []; // [topic, size, value, time]
  follower.frame((frame) => {
    if (frame.type === "patch") seen.push([frame.topic, frame.size, structuredClone(follower.topics.get(frame.topic).value)]);
    return false;
  }, "", 600_000).catch(() => {});
  for (const topic of topics) await follower.follow(topic);

  const writer = await server.connect(world.cookie);
  for (let i = 0; i < 40; ++i) {
    if (i % 8 === 0)
      await writer.command(`visit/${world.partnership}_past-${i}`, "plan_visit",
        { partnership: world.partnership, title: "A visit", host: "ua", kind: "meeting", from: "2030" });
    const done = i % 3
      ? await writer.command(world.proposal, "edit_proposal", { title: `Title ${i}`, summary: i % 2 ? "Some" : null })
      : await writer.command(world.proposal, "set_indicator", { indicator: "i-1", name: "Pipe", unit: "m", target: i });
    assert.equal(done.type, "done");
  }
  await follower.settle();
  for (const topic of [world.proposal, "programme"]) assert.ok(seen.some(([one]) => one === topic));
  assert.ok(seen.length >= 40);

  for (const [topic, size, value] of seen) {
    const past = await server.read(`/v1/views/${topic}?at=${size}`, world.cookie);
    assert.deepEqual(past.value, value, `${topic} at ${size}`);
    assert.equal(past.size, size);
    assert.equal(past.topic, topic);
  }

  // By the moment at which an entry was recorded: with everything of that moment, and nothing later.
  const { events } = await server.read(`/v1/events?from=${seen[0][1]}&limit=500`, world.secretariat);
  for (const { event } of events) {
    const last = events.filter((one) => one.event.time <= event.time).at(-1);
    const past = await server.read(`/v1/views/${world.proposal}?time=${event.time}`, world.cookie);
    assert.equal(past.size, last.position + 1);
    assert.equal(past.time, last.event.time);
    const then = seen.filter(([topic, size]) => topic === world.proposal && size <= past.size).at(-1);
    if (then) assert.deepEqual(past.value, then[2]);
  }
});

it("a day stands for its end, and what was not there yet is empty", async (test) => {
  const server = await Server.start(test);
  const secretariat = await server.signIn(await server.person("secretariat"));
  const { events } = await server.read("/v1/events?limit=500", secretariat);
  const days = [...new Set(events.map(({ event }) => event.time.slice(0, 10)))];
  assert.ok(days.length > 5);
  for (const day of days) {
    const { size, time, value } = await server.read(`/v1/views/programme?time=${day}`, secretariat);
    const last = events.filter(({ event }) => event.time.slice(0, 10) <= day).at(-1);
    assert.equal(size, last.position + 1);
    assert.equal(time, last.event.time);
    const started = events.filter(({ event, position }) => position < size && event.type === "partnership.proposed").length;
    assert.equal(Object.values(value.partnerships).reduce((sum, n) => sum + n, 0), started);
  }
  assert.deepEqual((await server.read("/v1/views/programme?time=1999-12-31", secretariat)).size, 0);
  const proposal = events.find(({ event }) => event.type === "proposal.drafted");
  const before = await server.read(`/v1/views/${proposal.event.subject}?at=${proposal.position}`, secretariat);
  assert.deepEqual(before.value, {});
  assert.equal((await server.read(`/v1/views/${proposal.event.subject}?at=${proposal.position + 1}`, secretariat)).value.status, "draft");
});

it("events are gone through in both directions, filtered, page by page", async (test) => {
  const server = await Server.start(test);
  const world = await officerWithProposal(server);
  const all = (await server.read("/v1/events?limit=500", world.secretariat)).events;
  const { size } = await server.read("/v1/events?limit=1", world.secretariat);
  assert.equal(all.length, size);
  all.forEach(({ position }, i) => assert.equal(position, i));

  const pages = async (query, cursor, onward = "from") => {
    const found = [];
    for (let next = cursor; ; ) {
      const page = await server.read(`/v1/events?${query}${next === undefined ? "" : `&${next}`}`, world.secretariat);
      found.push(...page.events.map((one) => one.position));
      if (page.next === undefined) return found;
      next = `${onward}=${page.next}`;
    }
  };
  const where = (matches) => all.filter(({ event }) => matches(event)).map(({ position }) => position);
  assert.deepEqual(await pages("limit=50"), where(() => true));
  assert.deepEqual(await pages("limit=70", `before=${size}`, "before"), where(() => true).reverse());
  const type = "visit.planned";
  assert.deepEqual(await pages(`limit=7&type=${type}`), where((event) => event.type === type));
  const { subject, actor } = all.find(({ event }) => event.type === type).event;
  assert.deepEqual(await pages(`limit=2&stream=${subject}`), where((event) => event.subject === subject));
  assert.deepEqual(await pages(`limit=2&stream=${subject}`, `before=${size}`, "before"), where((event) => event.subject === subject).reverse());
  assert.deepEqual(await pages(`limit=50&actor=${actor}&type=${type}`), where((event) => event.actor === actor && event.type === type));
  const day = all[Math.floor(size / 2)].event.time.slice(0, 10);
  assert.deepEqual(await pages(`limit=50&since=${day}&until=${day}`), where((event) => event.time.startsWith(day)));

  // As lines: the stored bytes.
  const lines = await server.fetch("/v1/events?limit=500", { cookie: world.secretariat, headers: { accept: "application/x-ndjson" } });
  assert.equal(lines.headers.get("content-type"), "application/x-ndjson");
  assert.deepEqual(lines.text.trimEnd().split("\n").map((line) => JSON.parse(line)), all.map(({ event }) => event));
  // Who may read an entity may read its events, and no others.
  const own = await server.read(`/v1/events?stream=${world.proposal}`, world.cookie);
  assert.equal(own.events[0].event.type, "proposal.drafted");
  const stranger = await server.fetch(`/v1/events?stream=${world.proposal}`, {
    cookie: await server.signIn((await server.people()).find((one) => one.role === "mayor" && one.organisation !== world.ua && one.organisation !== world.eu)),
  });
  assert.equal(stranger.json.code, "may_not_read");
});
