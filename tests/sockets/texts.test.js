// Two towns write one text at once, and each letter arrives once, for both and for ever.
import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import { setImmediate } from "node:timers/promises";

import Delta from "quill-delta";

import { openedEvent } from "./support/opened.js";
import { Pen } from "./support/pen.js";
import { random } from "./support/random.js";
import { randomEdit } from "./support/random_edits.js";
import { Group, Server } from "./support/server.js";
import { changeOf, lettersOf } from "./support/text_copy.js";
import { twoTowns } from "./support/towns.js";
import { Writer } from "./support/writer.js";

describe("two towns that write one text", () => {
  const group = new Group();
  let server, towns, topic, officer, friend;

  after(() => group.end());
  before(async () => {
    server = await Server.start(group);
    towns = await twoTowns(server);
    ({ officer, friend } = towns.cookies);
  });
  beforeEach(async () => {
    topic = await towns.text();
  });

  const logged = async () => (await server.read(`/v1/events?stream=${topic}&limit=500`, officer)).events.map(openedEvent);

  // Of two letters typed by different people at once either may come first; one person's stay in order.
  const onlyOf = (alphabet, letters) => [...letters].filter((letter) => alphabet.includes(letter)).join("");

  it("both type into one sentence, letter by letter, and end with the same text", async () => {
    const here = await Writer.open(server, officer, topic);
    const there = await Writer.open(server, friend, topic);
    here.write(new Delta().insert("Вода для ."));
    await here.settled();
    await there.settled(1);

    const types = async (writer, word) => {
      for (const letter of word) {
        writer.write(new Delta().retain(writer.letters.indexOf(".")).insert(letter));
        await setImmediate();
      }
    };
    const ours = "всіх-людей-на-двох-берегах", theirs = "éveryönéonbothbankş🌊";
    await Promise.all([types(here, ours), types(there, theirs)]);
    await Promise.all([here.settled(), there.settled()]);
    const last = Math.max(here.copy.revision, there.copy.revision);
    await Promise.all([here.settled(last), there.settled(last)]);

    assert.equal(here.letters, there.letters);
    const between = here.letters.slice("Вода для ".length, here.letters.indexOf("."));
    assert.equal(onlyOf(ours, between), ours);
    assert.equal(onlyOf(theirs, between), theirs);
    assert.equal(between.length, (ours + theirs).length);
    const now = await towns.read(topic);
    assert.equal(lettersOf(now.content), here.letters);
    assert.equal(now.revision, last);
    here.close();
    there.close();
  });

  it("an edit reaches the other while its writer goes on, and comes back to the writer as it was committed", async () => {
    const here = await Pen.open(server, officer, topic);
    const there = await Pen.open(server, friend, topic);
    const done = await here.write([{ insert: "Вода" }], { typed_at: 1_700_000_000_000 });
    assert.deepEqual([done.count, done.revision], [1, 1]);
    await there.reach(1);
    for (const { connection } of [here, there]) {
      const { events } = connection.frames.find((frame) => frame.type === "events");
      const [{ revision, type, actor, at, data }] = events;
      assert.deepEqual([revision, type, actor], [1, "text.edited", towns.actors.officer]);
      assert.match(at, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
      const change = [{ insert: "Вода" }];
      assert.deepEqual(data, { client: here.client, sequence: 1, base: 0, change, typed_at: 1_700_000_000_000 });
    }
  });

  it("what several insert at one place stands in the order in which it was committed", async () => {
    const five = [officer, friend, officer, friend, towns.cookies.mayor];
    const pens = await Promise.all(five.map((cookie) => Pen.open(server, cookie, topic)));
    await pens[0].write([{ insert: "<>" }]);
    const answers = await Promise.all(pens.map((pen, i) =>
      pen.send(pen.command([{ retain: 1 }, { insert: String(i) }], { base: 1, sequence: pen.sequence + 1 }))));
    const order = answers.map(({ revision }, i) => [revision, i]).sort(([a], [b]) => a - b);
    assert.deepEqual(order.map(([revision]) => revision), [2, 3, 4, 5, 6]);
    assert.equal(lettersOf((await towns.read(topic)).content), `<${order.map(([, i]) => i).join("")}>\n`);
  });

  it("two deletions that leave no last newline are mended in the same event, for both and in the log", async () => {
    const [here, there] = [await Pen.open(server, officer, topic), await Pen.open(server, friend, topic)];
    await here.write([{ insert: "a\nb" }]);
    await there.reach(1);
    await here.write([{ retain: 2 }, { delete: 2 }], { base: 1 });
    await there.write([{ retain: 1 }, { delete: 1 }], { base: 1 });
    await here.reach(3);
    const [, , event] = await logged();
    assert.deepEqual(event.data.change, [{ retain: 1 }, { delete: 1 }]);
    assert.deepEqual(event.data.repair, [{ retain: 1 }, { insert: "\n" }]);
    assert.equal(here.text.letters, "a\n");
    assert.equal(there.text.letters, "a\n");
    assert.equal(lettersOf((await towns.read(topic)).content), "a\n");
  });

  it("an edit of which the other's deletion left nothing is an event still", async () => {
    const [here, there] = [await Pen.open(server, officer, topic), await Pen.open(server, friend, topic)];
    await here.write([{ insert: "gone" }]);
    await there.reach(1);
    await here.write([{ delete: 4 }], { base: 1 });
    const done = await there.write([{ delete: 4 }], { base: 1 });
    assert.deepEqual([done.count, done.revision], [1, 3]);
    assert.deepEqual((await logged()).at(-1).data.change, []);
  });

  it("four who write at random, with formats and lines, end equal to each other and to the log", async () => {
    const dice = random("four writers");
    const writers = await Promise.all([officer, friend, officer, friend].map((cookie) => Writer.open(server, cookie, topic)));
    for (let i = 0; i < 150; ++i) {
      for (const writer of writers) if (dice.below(3)) writer.write(randomEdit(dice, writer.view));
      if (!dice.below(3)) await setImmediate();
    }
    await Promise.all(writers.map((writer) => writer.settled()));
    const last = Math.max(...writers.map(({ copy }) => copy.revision));
    await Promise.all(writers.map((writer) => writer.settled(last)));
    const { content, revision } = await towns.read(topic);
    assert.equal(revision, last);
    for (const writer of writers) {
      assert.deepEqual(writer.view.ops, content);
      writer.close();
    }
  });
});

it("no base is too old, nor a number forgotten, however much was written since", { timeout: 60_000 }, async (test) => {
  const dice = random("an old base");
  const server = await Server.start(test);
  const towns = await twoTowns(server);
  const topic = await towns.text();
  const [here, there] = [await Pen.open(server, towns.cookies.officer, topic), await Pen.open(server, towns.cookies.friend, topic)];
  await there.write([{ insert: "Вода для всіх людей на двох берегах" }]);
  const first = there.command([{ insert: "Вода для всіх людей на двох берегах" }], { base: 0, sequence: 1 });
  await here.reach(1);
  const mine = new Delta().retain(5).delete(4).retain(4, { bold: true }).insert(" 🌊");

  let content = here.text.content;
  const changes = Array.from({ length: 2_500 }, () => {
    const change = randomEdit(dice, content);
    content = content.compose(change);
    return change;
  });
  await here.writeAll(changes.map(({ ops }) => ops));
  for (const killed of [false, true]) {
    if (killed) {
      await server.kill();
      await there.connection.ended;
      await server.restart();
      await there.connect(server, towns.cookies.friend);
    }
    const over = changes.reduce((change, earlier) => earlier.transform(change, true), mine);
    const { revision } = await there.write(mine.ops, { base: 1 });
    const { events } = there.connection.frames.findLast((frame) => frame.type === "events");
    assert.deepEqual(events.at(-1).data.change, over.ops);
    assert.equal(events.at(-1).revision, revision);
    changes.push(changeOf(events.at(-1)));
    assert.equal((await there.send(first)).revision, 1);
  }
});

it("an edit sent again is answered as the first time, also after kill -9, and is there once", { timeout: 60_000 }, async (test) => {
  const server = await Server.start(test);
  const towns = await twoTowns(server);
  const topic = await towns.text();
  const pen = await Pen.open(server, towns.cookies.officer, topic);
  const message = JSON.stringify(pen.command([{ insert: "Once. " }]));
  const first = await pen.send(message);
  assert.equal(first.type, "done");
  pen.sequence = 1;
  await pen.write([{ insert: "More. " }]);
  for (let i = 0; i < 100; ++i) assert.deepEqual(await pen.send(message), first);

  await server.kill();
  await pen.connection.ended;
  await server.restart();
  await pen.connect(server, towns.cookies.officer);
  const { size } = await pen.connection.settle();
  assert.deepEqual(await pen.send(message), first);
  assert.deepEqual(await pen.send(message), first);

  // The sequence goes on where it was; other bytes under a number that is taken are refused.
  const { code } = await pen.refused([{ insert: "Twice. " }], { sequence: 1, base: 0 });
  assert.ok(["sequence_reused", "command_id_reused"].includes(code), code);
  assert.equal((await pen.connection.settle()).size, size);
  const third = await pen.write([{ insert: "And more. " }]);
  assert.equal(third.revision, 3);
  assert.equal(pen.text.letters, "And more. More. Once. \n");
});
