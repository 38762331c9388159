// What a server shows is what its log gives when it is folded anew, at any size and as of any time.
import assert from "node:assert/strict";
import { it } from "node:test";

import { until } from "./support/deadline.js";
import { officerWithProposal } from "./support/demo.js";
import { random } from "./support/random.js";
import { folderFor, run, Server } from "./support/server.js";

async function replay(server, ...args) {
  const { code, stdout, stderr } = await run("replay", server.data, ...args);
  assert.equal(code, 0, stderr);
  return stdout.trimEnd().split("\n").map((line) => JSON.parse(line));
}

const byTopic = (lines) => new Map(lines.map((line) => [line.topic, line]));

it("everything that a server shows is what its log gives", async (test) => {
  const server = await Server.start(test);
  const { secretariat } = await officerWithProposal(server);
  const { size } = await server.read("/v1/views/programme", secretariat);
  const lines = await replay(server);
  assert.deepEqual(lines.map(({ topic }) => topic), lines.map(({ topic }) => topic).sort());
  assert.equal(byTopic(lines).size, lines.length);
  let asked = 0;
  for (const line of lines) {
    assert.equal(line.size, size);
    const kind = line.rows ? "lists" : line.content ? "texts" : "views";
    const path = `/v1/${kind}/${kind === "texts" ? line.topic.slice(5) : line.topic}`;
    const { status, json } = await server.fetch(`${path}${kind === "lists" ? "?limit=500" : ""}`, { cookie: secretariat });
    if (json?.code === "may_not_read") continue; // a town's own lists
    assert.equal(status, 200, path);
    for (const member of ["value", "rows", "total", "content", "revision"]) assert.deepEqual(line[member], json[member], line.topic);
    ++asked;
  }
  assert.ok(asked > 20, `${asked} topics`);
  for (const topic of ["programme", "towns", "directory", "partnerships/all", "proposals/all", "visits/all", "feed/all"])
    assert.ok(byTopic(lines).has(topic), topic);
});

it("a view, list or text as of any size or time is the one that the log alone gives", async (test) => {
  const { below } = random("replay");
  const server = await Server.start(test);
  const { secretariat } = await officerWithProposal(server);
  const { events, size } = await server.read("/v1/events?limit=500", secretariat);
  for (let round = 0; round < 5; ++round) {
    const at = below(size + 1);
    const lines = await replay(server, "--until", `${at}`);
    for (const { topic, value, time } of lines.filter((line) => line.value)) {
      const past = await server.read(`/v1/views/${topic}?at=${at}`, secretariat);
      assert.deepEqual([past.value, past.size, past.time], [value, at, time], `${topic} at ${at}`);
    }
    for (const line of lines.filter((one) => one.rows && one.topic !== "municipalities")) {
      const { status, json } = await server.fetch(`/v1/lists/${line.topic}?at=${at}&limit=500`, { cookie: secretariat });
      if (json?.code === "may_not_read") continue; // a town's own
      assert.equal(status, 200);
      assert.deepEqual(json, line, `${line.topic} at ${at}`);
    }
    for (const { topic, revision, content } of lines.filter((line) => line.content)) {
      const past = await server.read(`/v1/texts/${topic.slice(5)}?at=${at}`, secretariat);
      assert.deepEqual([past.revision, past.content], [revision, content], `${topic} at ${at}`);
    }
    const { time } = events[below(events.length)].event;
    for (const until of [time, time.slice(0, 10)]) {
      const [line] = await replay(server, "--until", until, "--topic", "programme");
      assert.deepEqual(line, await server.read(`/v1/views/programme?time=${until}`, secretariat));
    }
  }
});

it("a folder's views are compared with its log, beside a running server and without one", async (test) => {
  const server = await Server.start(test);
  await officerWithProposal(server);
  const beside = await run("replay", server.data, "--compare");
  assert.equal(beside.code, 0, beside.stdout + beside.stderr);
  assert.match(beside.stdout, /^equal: the views of \d+ entries, \d+ rows\n$/);
  await server.stop();
  const alone = await run("replay", server.data, "--compare");
  assert.equal(alone.code, 0, alone.stdout + alone.stderr);
  const { stdout } = await run("events", "--data", server.data);
  assert.equal(alone.stdout.split(" ")[4], `${stdout.trimEnd().split("\n").length}`);
});

it("a town's list as of then has the proposals in which it was a partner", async (test) => {
  const server = await Server.start(test);
  const { cookie, secretariat, proposal, ua, eu } = await officerWithProposal(server);
  const client = await server.connect(cookie);
  const known = await server.read("/v1/views/towns", secretariat);
  const guest = Object.keys(known.value).find((id) => id.startsWith("UA") && id !== ua && id !== eu);
  const listOf = async (at) => {
    const owner = await server.signIn((await server.people()).find((one) => one.organisation === guest));
    const list = await server.read(`/v1/lists/proposals/${guest}?limit=500${at === undefined ? "" : `&at=${at}`}`, owner);
    assert.equal(list.total, list.rows.length);
    return list.rows.find((row) => `proposal/${row.id}` === proposal);
  };
  const sizes = [];
  for (const [name, data] of [
    ["add_partner", { municipality: guest }],
    ["edit_proposal", { title: "With a guest" }],
    ["remove_partner", { municipality: guest }],
    ["edit_proposal", { title: "Alone again" }],
  ]) {
    const done = await client.command(proposal, name, data);
    assert.equal(done.type, "done", JSON.stringify(done));
    sizes.push(done.size);
  }
  assert.equal(await listOf(), undefined);
  assert.equal(await listOf(sizes[0] - 1), undefined);
  assert.equal((await listOf(sizes[0])).title, "Water for all");
  assert.equal((await listOf(sizes[1])).title, "With a guest");
  assert.equal(await listOf(sizes[2]), undefined);
  assert.equal(await listOf(sizes[3]), undefined);
});

it("the registers have no past, and the future is told as such", async (test) => {
  const server = await Server.start(test);
  const secretariat = await server.signIn(await server.person("secretariat"));
  for (const [path, code] of [
    ["/v1/lists/municipalities?at=3", "invalid_field"],
    ["/v1/lists/municipalities?time=2026-01-01", "invalid_field"],
    ["/v1/lists/visits/all?at=99999999", "future_position"],
  ]) assert.equal((await server.fetch(path, { cookie: secretariat })).json.code, code, path);
  const nothing = await server.read("/v1/lists/partnerships/all?time=1999-12-31", secretariat);
  assert.deepEqual(nothing, { topic: "partnerships/all", size: 0, total: 0, rows: [] });
});

it("beside each checkpoint stands what all views add up to, and the log alone gives the same", async (test) => {
  const server = await Server.start(test);
  const { cookie, secretariat, proposal } = await officerWithProposal(server);
  const client = await server.connect(cookie);
  const signed = async () => Number((await server.fetch("/checkpoint")).text.split("\n")[1]);
  const kept = (query = "") => server.read(`/v1/log/views${query}`, secretariat);
  const sizes = new Set();
  for (let i = 0; i < 12; ++i) {
    const { size } = await client.command(proposal, "edit_proposal", { title: `Title ${i}` });
    await until(async () => (await signed()) >= size, "a checkpoint");
    const at = await signed();
    sizes.add(at);
    const { views } = await kept(`?size=${at}`);
    assert.equal(views.length, 1, `a hash at the checkpoint of ${at}`);
    assert.equal(views[0].size, at);
  }
  assert.ok(sizes.size >= 12);
  const { format, views } = await kept("?limit=500");
  assert.deepEqual(views.map(({ size }) => size), views.map(({ size }) => size).sort((a, b) => b - a));
  assert.equal(new Set(views.map(({ hash }) => hash)).size, views.length);
  for (const size of [...sizes].slice(0, 3)) {
    const [alone] = await replay(server, "--hash", "--until", `${size}`);
    assert.deepEqual(alone, { format, views: views.filter((one) => one.size === size) });
  }
  const stranger = await server.fetch("/v1/log/views", { cookie });
  assert.equal(stranger.json.code, "may_not_read");

  // The last size of all is kept, too, and a server that goes on from what it stored goes on to the same.
  await server.stop();
  await server.restart();
  const again = await server.connect(cookie);
  const { size } = await again.command(proposal, "edit_proposal", { title: "After all" });
  await until(async () => (await signed()) >= size, "a checkpoint");
  assert.deepEqual((await replay(server, "--hash"))[0], await kept("?limit=1"));
  assert.deepEqual((await kept("?limit=500")).views.slice(1), views);
});

it("what there is not is refused in a sentence", async (test) => {
  const server = await Server.start(test);
  await server.stop();
  for (const [args, sentence] of [
    [["--until", "9999999"], /^mosty replay: the log has \d+ entries so far\n$/],
    [["--until", "yesterday"], /must be a size, a date such as/],
    [["--until", ""], /must be a size, a date such as/],
    [["--topic", "weather"], /there is no topic of the name “weather”/],
  ]) {
    const { code, stdout, stderr } = await run("replay", server.data, ...args);
    assert.equal(code, 2);
    assert.equal(stdout, "");
    assert.match(stderr, sentence);
  }
  const empty = await run("replay", await folderFor(test));
  assert.equal(empty.code, 2);
  assert.match(empty.stderr, /there is no log in/);
  assert.equal((await run("replay", server.data, "--compare", "--until", "3")).code, 2);
  const [nothing] = await replay(server, "--until", "0", "--topic", "programme");
  assert.deepEqual(nothing, { topic: "programme", size: 0, value: {} });
});
