// Whoever asks for more than its share is slowed, refused or cut off, and nobody else notices.
import assert from "node:assert/strict";
import { createConnection } from "node:net";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, afterEach, before, describe, it } from "node:test";

import { within, until } from "./support/deadline.js";
import { officerWithProposal } from "./support/demo.js";
import { frame, Raw } from "./support/raw.js";
import { folderFor, Group, Server } from "./support/server.js";

describe("limits", () => {
  const group = new Group();
  let server, world, officer, witness;

  after(() => group.end());
  before(async () => {
    const config = join(await folderFor(group), "mosty.toml");
    await writeFile(config, `[limits]
saved_up_ms = 1000
connection_commands_per_s = 50
account_commands_per_s = 100
connection_bytes_per_s = 100000
account_bytes_per_s = 1000000
connection_pings_per_s = 20
account_pings_per_s = 40
address_connections = 20
account_subscriptions = 5
message_timeout_ms = 1000
idle_timeout_ms = 2000
`);
    server = await Server.start(group, { args: ["--demo", "--config", config] });
    world = await officerWithProposal(server);
    officer = world.cookie;
    witness = await server.connect(await server.signIn(await server.person("auditor")));
  });

  // Another account is answered at once, whatever is done to the first.
  afterEach(async () => {
    assert.ok(server.alive);
    await witness.settle();
  });

  const reached = async (limit) => {
    const { text } = await server.fetch("/metrics");
    return Number(new RegExp(`^mosty_limits_reached_total\\{limit="${limit}"\\} (.*)$`, "m").exec(text)[1]);
  };

  it("messages beyond the budget are answered later, and none is lost", async () => {
    const client = await server.connect(officer);
    const pongs = [];
    const all = client.frame((one) => one.type === "pong" && pongs.push(one.n) === 200, "all pongs", 30_000);
    const begin = Date.now();
    for (let n = 0; n < 200; ++n) client.send({ type: "ping", n });
    await all;
    assert.deepEqual(pongs, Array.from({ length: 200 }, (_, n) => n));
    // 50 at once, the other 150 at 50 a second; what was read in one go is paid for afterwards.
    assert.ok((await reached("commands")) > 0);
    await client.settle();
    assert.ok(Date.now() - begin > 2_500);
    await client.close();
  });

  it("bytes beyond the budget are taken later", async () => {
    const client = await server.connect(officer);
    const begin = Date.now();
    const asked = '{"type":"ping","n":0}';
    for (let n = 0; n < 6; ++n) client.send(asked.padEnd(50_000));
    await client.settle();
    assert.ok(Date.now() - begin > 1_500); // 300 KB, of which 100 KB at once
    assert.ok((await reached("bytes")) > 0);
    await client.close();
  });

  it("a flood of pings is answered no faster than its budget", async () => {
    const raw = await Raw.upgraded(server, officer);
    const before = raw.messages().length;
    raw.write(Buffer.concat(Array.from({ length: 3_000 }, () => frame(9, "x"))));
    await until(async () => (await reached("pings")) > 0, "a pause");
    // What one read brought is answered; the rest waits in the flooder's own socket.
    const answered = raw.messages().length - before;
    assert.ok(answered < 3_000, `${answered} pongs`);
    assert.ok(!raw.over);
    raw.socket.destroy();
  });

  it("fragments without end are refused at the sixty-fifth, empty ones too", async () => {
    const raw = await Raw.upgraded(server, officer);
    raw.write(Buffer.concat([frame(1, "[", { final: false }), ...Array.from({ length: 1_000 }, () => frame(0, "", { final: false }))]));
    assert.equal(await raw.closeCode(), 1008);
    assert.ok(raw.messages().some(({ payload }) => payload.includes('"too_many_fragments"')));
    assert.equal(await reached("message_fragments"), 1);
    await within(raw.ended, "the end");
  });

  it("a message that does not end is not waited for", async () => {
    const raw = await Raw.upgraded(server, officer);
    raw.write(Buffer.from([0x81, 0xfe, 0x01, 0xf4, 0, 0, 0, 0])); // 500 bytes under a key of zeros
    const drip = setInterval(() => raw.write(" "), 100);
    try {
      assert.equal(await raw.closeCode(), 1008);
    } finally {
      clearInterval(drip);
    }
    assert.equal(await reached("message_time"), 1);
    await within(raw.ended, "the end");
  });

  it("whoever answers no ping is gone, and whoever answers stays", async () => {
    const silent = await Raw.upgraded(server, officer);
    await within(silent.ended, "the silent one's end");
    assert.equal(await reached("idle"), 1);
  });

  it("an address has so many connections, and others are not counted with it", async () => {
    const open = [];
    const knock = (localAddress) => new Promise((resolve) => {
      const socket = createConnection({ port: server.port, host: "127.0.0.1", localAddress });
      open.push(socket);
      let answer = "";
      socket.on("data", (bytes) => (answer += bytes));
      socket.on("error", () => {});
      socket.on("close", () => resolve(answer));
      socket.on("connect", () => socket.write("GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"));
      socket.on("data", () => resolve(answer));
    });
    const answers = [];
    for (let i = 0; i < 25; ++i) answers.push(await within(knock("127.0.0.7"), "an answer"));
    assert.equal(answers.filter((one) => one.startsWith("HTTP/1.1 200")).length, 20);
    assert.equal(answers.filter((one) => one === "").length, 5);
    assert.equal(await reached("address_connections"), 5);
    assert.match(await within(knock("127.0.0.8"), "an answer"), /^HTTP\/1\.1 200/);
    open.forEach((socket) => socket.destroy());
    await until(async () => {
      const again = await knock("127.0.0.7");
      open.forEach((socket) => socket.destroy());
      return again.startsWith("HTTP/1.1 200");
    }, "room for one more");
  });

  it("one person follows so many topics on all connections together", async () => {
    const two = [await server.connect(officer), await server.connect(officer)];
    for (let i = 0; i < 6; ++i) {
      const answer = await two[i % 2].follow(`partnership/many-${i}`);
      assert.equal(answer.type, i < 5 ? "current" : "error");
      if (i === 5) assert.equal(answer.problem.code, "too_many_subscriptions");
    }
    assert.equal(await reached("account_subscriptions"), 1);
    await two[0].close();
    await until(async () => (await server.metric("mosty_subscriptions")) === 2, "the end of its subscriptions");
    assert.equal((await two[1].follow("partnership/many-9")).type, "current");
    await two[1].close();
  });

  it("requests beyond an account's budget are told when to come again, whatever they ask", async () => {
    const cookie = await server.signIn(await server.person("secretariat"));
    const client = await server.connect(cookie);
    const greedy = Array.from({ length: 64 }, () => ({ type: "follow", topic: "partnerships/all", limit: 500 }));
    await client.ask(greedy, (one) => one.type === "current"); // fourteen seconds' worth
    const text = `/v1/texts/${world.proposal}/objective`;
    const paths = ["/v1/views/programme", "/v1/lists/partnerships/all", "/v1/events", "/v1/log/views", "/v1/activity?since=2026-01-01&step_ms=1000&bars=2",
      text, `${text}/authors`, `${text}/bursts`, `/v1/evidence/${world.proposal}`, "/v1/keys?name=k-abc"];
    const answers = [];
    for (const path of paths) answers.push(await server.fetch(path, { cookie }));
    answers.push(await server.fetch("/v1/commands", { cookie, method: "POST", body: "{}" }));
    for (const { status, json, headers } of answers) {
      assert.equal(status, 429);
      assert.equal(json.code, "too_fast");
      assert.ok(Number(headers.get("retry-after")) >= 1);
    }
    const refused = await server.connect(cookie).then(() => undefined, (why) => why);
    assert.equal(refused?.status, 429);
    assert.equal(await reached("account_requests"), answers.length + 1);
    client.socket.terminate();
  });
});

it("whoever takes nothing is gone, though it goes on asking", async (test) => {
  const config = join(await folderFor(test), "mosty.toml");
  await writeFile(config, `[limits]
idle_timeout_ms = 2000
connection_commands_per_s = 1000000
account_commands_per_s = 1000000
connection_bytes_per_s = 1000000000
account_bytes_per_s = 1000000000
`);
  const server = await Server.start(test, { args: ["--demo", "--config", config] });
  const stalled = await Raw.upgraded(server, await server.signIn(await server.person("officer")));
  stalled.socket.pause();
  const asked = frame(1, JSON.stringify(Array.from({ length: 60 }, () => ({ type: "follow", topic: "x".repeat(1_000) }))));
  const ask = setInterval(() => stalled.socket.writableLength < 1_000_000 && stalled.write(asked), 2);
  const idle = async () => /^mosty_limits_reached_total\{limit="idle"\} 1$/m.test((await server.fetch("/metrics")).text);
  try {
    await until(idle, "its end", 60_000);
  } finally {
    clearInterval(ask);
    stalled.socket.destroy();
  }
});
