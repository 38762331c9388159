// kill -9 at any moment takes nothing that was acknowledged.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { it } from "node:test";

import { officerWithProposal } from "./support/demo.js";
import { random } from "./support/random.js";
import { binary, folderFor, run, Server } from "./support/server.js";

const rounds = process.env.MOSTY_LONG ? 50 : 10;

it(`after a kill in the middle of 200 commands, all that was acknowledged is there once, ${rounds} times over`, { timeout: 600_000 }, async (test) => {
  const { below, any } = random("kill -9");
  const server = await Server.start(test);
  const world = await officerWithProposal(server);
  const acknowledged = new Map(); // command id → done
  let unanswered = 0, killedEarly = 0;

  // A round in which everything was answered before the kill proves little: at least one must be cut short.
  for (let round = 0; round < rounds || (killedEarly === 0 && round < 10 * rounds); ++round) {
    const clients = await Promise.all([1, 2, 3, 4].map(() => server.connect(world.cookie)));
    const commands = Array.from({ length: 200 }, (_, i) => ({
      type: "command", id: `kill-${round}-${i}`, stream: world.proposal,
      ...any([
        { name: "edit_proposal", data: { title: `Round ${round}, ${i}` } },
        { name: "set_indicator", data: { indicator: `i-${below(20)}`, name: "Metres of pipe", unit: "m", target: round * 1_000 + i } },
        { name: "remove_indicator", data: { indicator: `i-${below(20)}` } },
      ]),
    }));
    const answers = new Map();
    const killAfter = below(200); // answers
    const note = (frame) => {
      if (frame.type !== "done" && frame.type !== "refused") return false;
      assert.ok(!answers.has(frame.id), "answered twice");
      answers.set(frame.id, frame);
      return answers.size >= killAfter;
    };
    const reached = clients.map((client) => client.frame(note, "answers").catch(() => {}));
    commands.forEach((command, i) => clients[i % 4].send(command));
    await Promise.race([...reached, new Promise((resolve) => setTimeout(resolve, 5_000))]);
    await server.kill();
    await Promise.all(clients.map((client) => client.ended));
    for (const client of clients)
      for (const frame of client.frames)
        if (frame.type === "done" || frame.type === "refused") answers.set(frame.id, frame);
    if (answers.size < 200) ++killedEarly;

    const checked = await run("verify", "--data", server.data);
    assert.equal(checked.code, 0, checked.stdout + checked.stderr);
    assert.match(checked.stdout, /^sound: /m);

    // Every command is sent again, unchanged.
    await server.restart();
    const again = await server.connect(world.cookie);
    const size = (await again.settle()).size;
    const retried = await Promise.all(commands.map(({ stream, name, data, id }) => again.command(stream, name, data, { id })));
    retried.forEach((answer, i) => {
      const before = answers.get(commands[i].id);
      if (before?.type === "done" && before.count > 0) {
        assert.deepEqual(answer, before, "a retry is answered as the first time");
        assert.ok(before.size <= size, "what was acknowledged outlived the kill");
      }
      if (!before) ++unanswered;
      if (answer.type === "done" && answer.count > 0) acknowledged.set(answer.id, answer);
    });
    await again.close();
  }

  // The log holds every acknowledged command once, at the place that its answer named.
  const { code } = await server.stop();
  assert.equal(code, 0);
  const printed = await run("events", "--data", server.data);
  const events = printed.stdout.trimEnd().split("\n").map((line) => JSON.parse(line));
  const places = new Map();
  events.forEach((event, position) => {
    if (!event.commandid.startsWith("kill-")) return;
    assert.ok(!places.has(event.commandid), `${event.commandid} is there twice`);
    places.set(event.commandid, position);
  });
  assert.equal(places.size, acknowledged.size);
  for (const [id, done] of acknowledged) assert.equal(places.get(id), done.from);
  const revisions = events.filter((event) => event.subject === world.proposal).map((event) => event.revision);
  assert.deepEqual(revisions, revisions.map((_, i) => i + 1));
  assert.ok(killedEarly > 0, "no kill came in the middle");
  console.log(`${acknowledged.size} commands acknowledged, ${unanswered} unanswered at a kill and sent again`);
});

it("a server killed while it fills a new folder with the demo fills it whole the next time", { timeout: 120_000 }, async (test) => {
  const { below } = random("kill at start");
  const whole = (await (await Server.start(test)).metric("mosty_log_size"));
  for (let i = 0; i < 5; ++i) {
    const data = await folderFor(test);
    const child = spawn(binary, ["serve", "--data", data, "--listen", "127.0.0.1:0", "--demo"], { stdio: "ignore" });
    const ended = new Promise((resolve) => child.on("close", resolve));
    setTimeout(() => child.kill("SIGKILL"), below(400));
    await ended;
    const server = await Server.start(test, { data });
    assert.equal(await server.metric("mosty_log_size"), whole);
    assert.equal((await run("verify", "--data", data)).code, 0);
    await server.kill();
  }
});
