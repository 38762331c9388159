// Stopping loses nothing and keeps nobody waiting.
import assert from "node:assert/strict";
import { Agent, request } from "node:http";
import { it } from "node:test";

import { until, within } from "./support/deadline.js";
import { officerWithProposal } from "./support/demo.js";
import { Raw } from "./support/raw.js";
import { noHurry, run, Server } from "./support/server.js";

it("a server asked to stop bids farewell with 1012 and is gone within seconds", async (test) => {
  const server = await Server.start(test);
  const world = await officerWithProposal(server);
  const clients = await Promise.all([1, 2, 3].map(() => server.connect(world.cookie)));
  const byes = clients.map((client) => client.frame((one) => one.type === "bye", "a farewell"));
  const end = await server.stop();

  assert.deepEqual([end.code, end.signal], [0, null]);
  assert.ok(end.seconds < 6, `${end.seconds} s`);
  for (const bye of await Promise.all(byes)) {
    assert.equal(bye.reason, "restarting");
    assert.ok(bye.after_ms > 0);
  }
  for (const client of clients) assert.deepEqual(await within(client.ended, "the end"), { code: 1012 });
});

it("what is under way when a server is asked to stop is answered, and what was acknowledged stays", async (test) => {
  const server = await Server.start(test);
  const world = await officerWithProposal(server);
  const client = await server.connect(world.cookie);
  const ids = Array.from({ length: 300 }, (_, i) => `stop-0000-${i}`);
  const answers = Promise.all(
    ids.map((id, i) => client.command(world.proposal, "edit_proposal", { title: `Title ${i}` }, { id }).catch(() => undefined)),
  );
  await client.frame((one) => one.type === "done", "the first answer");
  const { code } = await server.stop();
  assert.equal(code, 0);
  const given = await answers;
  for (const answer of given) if (answer?.type === "refused") assert.equal(answer.problem.code, "unavailable");
  const done = given.filter((answer) => answer?.type === "done").map((answer) => answer.id);
  assert.ok(done.length > 0);

  const { stdout } = await run("events", "--data", server.data, "--stream", world.proposal);
  const recorded = stdout.trimEnd().split("\n").map((line) => JSON.parse(line).commandid);
  for (const id of done) assert.equal(recorded.filter((one) => one === id).length, 1);
  const checked = await run("verify", "--data", server.data);
  assert.equal(checked.code, 0, checked.stdout);

  await server.restart();
  const again = await server.connect(world.cookie);
  for (const [i, id] of ids.entries())
    assert.equal((await again.command(world.proposal, "edit_proposal", { title: `Title ${i}` }, { id })).type, "done");
});

it("a client that does not answer the farewell does not keep the server from leaving", async (test) => {
  const server = await Server.start(test);
  const world = await officerWithProposal(server);
  const silent = await Raw.upgraded(server, world.cookie);
  silent.socket.pause();
  const { code, seconds } = await server.stop();
  assert.equal(code, 0);
  assert.ok(seconds < 8, `${seconds} s`);
  silent.socket.destroy();
});

it("SIGINT stops it as SIGTERM does, and a sign-in outlives the restart", async (test) => {
  const server = await Server.start(test);
  const world = await officerWithProposal(server);
  assert.equal((await server.stop("SIGINT")).code, 0);
  await server.restart();
  const me = await server.read("/v1/me", world.cookie);
  assert.equal(me.actor, world.officer.actor);
});

it("SIGHUP ends no server that has no certificate to read again", async (test) => {
  const server = await Server.start(test);
  const world = await officerWithProposal(server);
  const client = await server.connect(world.cookie);
  for (let i = 0; i < 20; ++i) process.kill(server.pid, "SIGHUP");
  assert.equal((await client.command(world.proposal, "edit_proposal", { title: "Still here" })).type, "done");
  assert.ok(server.alive && !client.closed);
});

// The last of them are dropped wherever they wait, and each of them leads back to a connection.
it("whoever asks while it stops, over and over, does not bring it down", { timeout: 300_000 }, async (test) => {
  const server = await Server.start(test, { limits: noHurry });
  const world = await officerWithProposal(server);
  const answered = new Map();
  for (let round = 0; round < (process.env.MOSTY_LONG ? 300 : 25); ++round) {
    const agent = new Agent({ keepAlive: true });
    const asks = (path, body) => {
      const headers = { cookie: world.cookie, origin: server.origin, ...(body ? { "content-type": "application/json" } : {}) };
      const asked = request(server.origin + path, { agent, method: body ? "POST" : "GET", headers }, (response) => {
        answered.set(response.statusCode, (answered.get(response.statusCode) ?? 0) + 1);
        response.resume().on("end", () => asks(path, body));
      });
      asked.on("error", () => {}); // it is gone: so is whoever asked
      asked.end(body);
    };
    const command = JSON.stringify({ stream: world.proposal, name: "edit_proposal", data: {} }); // which is refused
    for (let i = 0; i < 16; ++i)
      for (const [path, body] of [["/v1/commands", command], ["/v1/views/directory"], ["/v1/views/directory?at=50"], ["/v1/events?limit=20"], ["/v1/me"]])
        asks(path, body);
    const before = answered.get(200) ?? 0;
    await until(() => (answered.get(200) ?? 0) > before + 200, "it is busy");
    const { code, signal } = await server.stop();
    agent.destroy();
    assert.deepEqual([code, signal], [0, null], `in round ${round}: ${server.stderr}`);
    await server.restart();
  }
  assert.ok(answered.get(400) > 0, JSON.stringify([...answered]));
});
