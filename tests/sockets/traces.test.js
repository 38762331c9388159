// What people really typed, played again over real connections, letter by letter.
import assert from "node:assert/strict";
import { it } from "node:test";

import { Play } from "./support/player.js";
import { noHurry, Server } from "./support/server.js";
import { lettersOf } from "./support/text_copy.js";
import { twoTowns } from "./support/towns.js";
import { changeOf, hasTrace, readTrace, stepsOf } from "./support/traces.js";
import { Writer } from "./support/writer.js";

const absent = (name) => (hasTrace(name) ? false : "skipped: data absent");

const clownschool = { skip: absent("clownschool"), timeout: 300_000 };
it("three agents who type clownschool at once end with what they wrote", clownschool, async (test) => {
  const server = await Server.start(test, { limits: noHurry });
  const towns = await twoTowns(server);
  const topic = await towns.text();
  const trace = readTrace("clownschool");
  const { officer, friend, mayor } = towns.cookies;

  const play = await Play.open(server, [officer, friend, mayor], topic, stepsOf(trace));
  const began = Date.now();
  await play.run();
  console.log(`${trace.txns.length} edits in ${Date.now() - began} ms, ${play.rebased} of them re-based`);

  for (const { writer } of play.players) {
    assert.equal(writer.letters, trace.endContent + "\n");
    writer.check();
    writer.close();
  }
  const text = await towns.read(topic);
  assert.equal(lettersOf(text.content), trace.endContent + "\n");
  assert.equal(text.revision, trace.txns.length);
});

const paper = { skip: absent("automerge-paper"), timeout: 300_000 };
it("each keystroke of a whole paper is an event of its own", paper, async (test) => {
  const server = await Server.start(test, { limits: noHurry });
  const towns = await twoTowns(server);
  const topic = await towns.text();
  const { txns, endContent } = readTrace("automerge-paper");
  const client = await Writer.newClient(server, towns.cookies.officer, topic);
  const connection = await server.connect(towns.cookies.officer);
  const before = (await connection.settle()).size;

  // Sixty-four edits a message, eight messages under way.
  const began = Date.now();
  let answered = 0;
  const last = connection.frame((frame) => {
    if (frame.type === "done" && ++answered % 64 === 0) send();
    return frame.type === "refused" || answered === txns.length;
  }, "every keystroke", 240_000);
  let next = 0;
  const send = () => {
    const message = txns.slice(next, next + 64).map((txn, i) => {
      const sequence = next + i + 1;
      return {
        type: "command", id: `${client}-${sequence}`, stream: topic, name: "edit_text",
        data: { client, sequence, base: sequence - 1, change: changeOf(txn).ops },
      };
    });
    next += message.length;
    if (message.length) connection.send(message);
  };
  for (let i = 0; i < 8; ++i) send();
  const { type, problem } = await last;
  assert.equal(type, "done", JSON.stringify(problem));
  console.log(`${txns.length} keystrokes in ${Date.now() - began} ms`);

  const text = await towns.read(topic);
  assert.equal(lettersOf(text.content), endContent + "\n");
  assert.equal(text.revision, txns.length);
  assert.equal((await connection.settle()).size, before + txns.length);
});
