// The log for others: whole or filtered, as lines and as server-sent events, resumed after anything.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";

import { faultOf } from "./support/cloud_events.js";
import { Client } from "./support/client.js";
import { until, within } from "./support/deadline.js";
import { officerWithProposal } from "./support/demo.js";
import { EventStream } from "./support/event_stream.js";
import { random } from "./support/random.js";
import { Raw } from "./support/raw.js";
import { binary, folderFor, Group, run, Server } from "./support/server.js";

const rounds = process.env.MOSTY_LONG ? 500 : 60;
const ndjson = { accept: "application/x-ndjson" };
const linesOf = (text) => (text === "" ? [] : text.trimEnd().split("\n"));

async function linesFrom(server, path, cookie) {
  const answer = await server.fetch(path, { cookie, headers: ndjson });
  assert.equal(answer.status, 200, answer.text);
  assert.equal(answer.headers.get("content-type"), "application/x-ndjson");
  return linesOf(answer.text);
}

async function startWith(test, limits) {
  const config = join(await folderFor(test), "mosty.toml");
  await writeFile(config, `[limits]\n${limits}\n`);
  return Server.start(test, { args: ["--demo", "--config", config] });
}

// Entries of six kilobytes, no more under way at once than one connection may have.
let edits = 0;
async function writeMuch(writer, world, count) {
  for (let left = count; left > 0; left -= 500) {
    const answers = await Promise.all(Array.from({ length: Math.min(left, 500) }, () =>
      writer.command(world.proposal, "edit_proposal", { summary: `${++edits} ${"м".repeat(3_000)}` })));
    for (const answer of answers) assert.equal(answer.type, "done");
  }
}

// Edits of one proposal, until told to stop.
function writeOn(server, world) {
  let running = true, written = 0;
  const done = (async () => {
    const client = await server.connect(world.cookie);
    for (; running; ++written)
      await client.command(world.proposal, "edit_proposal", { title: `Title ${written}, ${"ї".repeat(written % 50)}` }).catch(() => (running = false));
    if (!client.closed) await client.close();
  })();
  return { stop: () => ((running = false), done), get written() { return written; } };
}

describe("events for others", () => {
  const group = new Group();
  let server, world, auditor, all;

  after(() => group.end());
  before(async () => {
    server = await Server.start(group);
    world = await officerWithProposal(server);
    auditor = await server.signIn(await server.person("auditor"));
    const writer = await server.connect(world.cookie);
    const text = `text/${world.proposal}/needs`;
    const { json: { client } } = await server.fetch("/v1/clients", { method: "POST", cookie: world.cookie, body: JSON.stringify({ stream: text }) });
    for (let i = 1; i <= 20; ++i) {
      const data = { client, sequence: i, base: i - 1, change: [{ insert: `“${i}”\n\u2028` }] };
      assert.equal((await writer.command(text, "edit_text", data, { id: `${client}-${i}` })).type, "done");
    }
    await writer.command(`text/${world.proposal}/needs`, "comment_text", { thread: "t-1", kind: "comment", base: 20, from: 0, to: 3, body: "A\r\nB" });
    await writer.command(world.proposal, "set_indicator", { indicator: "i-1", name: "Pipe", unit: "m", target: 7 });
    await writer.close();
    all = (await linesFrom(server, "/v1/events", auditor)).map((line) => JSON.parse(line));
  });

  it("the whole log as lines is the stored bytes, as pages and as the tool on the folder have them", async () => {
    const answer = await server.fetch("/v1/events", { cookie: auditor, headers: ndjson });
    const printed = await run("events", server.data);
    assert.equal(printed.code, 0, printed.stderr);
    assert.equal(answer.text, printed.stdout);
    assert.equal(answer.headers.get("mosty-log"), JSON.parse(linesOf(printed.stdout).at(-1)).source.split(":")[2]);
    const events = [];
    for (let next = 0; next !== undefined; ) {
      const page = await server.fetch(`/v1/events?limit=500&from=${next}`, { cookie: auditor });
      // The bytes as they stand in the page, not as they would be written again.
      for (const { event } of page.json.events) assert.ok(page.text.includes(linesOf(printed.stdout)[events.push(event) - 1]));
      next = page.json.next;
    }
    assert.deepEqual(events, all);
    assert.ok(all.length > 200);
  });

  it("filters pick the same events as lines, as pages, as server-sent events and on the folder", async () => {
    const people = await server.read("/v1/events?type=person.registered,person.corrected,person.role_changed&limit=500", auditor);
    const opened = new Map(people.events.map(({ event, opened }) => [event.id, opened]));
    const belongs = new Map(); // as of the event
    const organisationThen = all.map(({ id, subject, actor }) => {
      const then = belongs.get(actor);
      if (opened.get(id)?.organisation) belongs.set(subject.slice(7), opened.get(id).organisation);
      return then;
    });
    const text = `text/${world.proposal}/`;
    const { type, actor, subject } = all.find((one) => one.type === "visit.planned");
    const { correlationid: correlation } = all.find((one) => one.type === "proposal.submitted");
    const day = all[all.length >> 1].time.slice(0, 10);
    const registered = all.find((one) => one.type === "municipality.registered" && !organisationThen.includes(one.subject.slice(13))).subject.slice(13); // without people
    const cases = [
      [{ stream: subject }, (event) => event.subject === subject],
      [{ stream: text }, (event) => event.subject.startsWith(text)],
      [{ stream: "visit/" }, (event) => event.subject.startsWith("visit/")],
      [{ type }, (event) => event.type === type],
      [{ type: `${type},text.edited` }, (event) => event.type === type || event.type === "text.edited"],
      [{ actor }, (event) => event.actor === actor],
      [{ organisation: world.ua }, (event, i) => organisationThen[i] === world.ua],
      [{ organisation: registered }, (event, i) => organisationThen[i] === registered],
      [{ correlation }, (event) => event.correlationid === correlation],
      [{ correlation, type: "proposal.approved" }, (event) => event.correlationid === correlation && event.type === "proposal.approved"],
      [{ since: day, until: day }, (event) => event.time.startsWith(day)],
      [{ stream: "proposal/", organisation: world.ua, since: all[9].time }, (event, i) =>
        event.subject.startsWith("proposal/") && organisationThen[i] === world.ua && event.time >= all[9].time],
      [{ from: 30 }, (event, i) => i >= 30],
      [{ after: `${all[40].subject}@${all[40].revision}` }, (event, i) => i > 40],
    ];
    for (const [filter, matches] of cases) {
      const wanted = all.filter(matches).map((event) => event.id);
      const query = new URLSearchParams(filter);
      const flags = Object.entries(filter).flatMap(([name, value]) => [`--${name}`, String(value)]);
      const printed = await run("events", server.data, ...flags);
      assert.equal(printed.code, 0, printed.stderr);
      assert.deepEqual(linesOf(printed.stdout).map((line) => JSON.parse(line).id), wanted, `mosty events ${flags}`);
      assert.deepEqual((await linesFrom(server, `/v1/events?${query}`, auditor)).map((line) => JSON.parse(line).id), wanted, `lines ${query}`);
      const pages = [];
      for (let next; next !== null; ) {
        const rest = new URLSearchParams({ ...filter, limit: 50, ...(next === undefined ? {} : { from: next }) });
        const page = await server.read(`/v1/events?${rest}`, auditor);
        pages.push(...page.events.map(({ event }) => event.id));
        next = page.next ?? null;
      }
      assert.deepEqual(pages, wanted, `pages ${query}`);
      if (filter.until) continue;
      const stream = await EventStream.open(server, `/v1/events?${query}`, { cookie: auditor });
      await stream.until(({ events }) => events.length >= wanted.length, `${query} as server-sent events`);
      assert.deepEqual(stream.events.map(({ data }) => JSON.parse(data).id), wanted, `server-sent ${query}`);
      await stream.hangUp();
    }
  });

  it("every event is a CloudEvent by the official schema, in both forms, and a broken one is not", async () => {
    const stream = await EventStream.open(server, "/v1/events", { cookie: auditor });
    await stream.until(({ events }) => events.length >= all.length, "all events");
    await stream.hangUp();
    assert.deepEqual(stream.events.map(({ data }) => JSON.parse(data)), all);
    stream.events.forEach((event, i) => assert.equal(EventStream.positionOf(event), i));
    for (const { type, data } of stream.events) {
      assert.equal(type, "message");
      assert.equal(faultOf(JSON.parse(data)), undefined, data);
    }
    for (const event of all) assert.equal(faultOf(event), undefined);
    const [event] = all;
    for (const broken of [{ ...event, id: undefined }, { ...event, id: "" }, { ...event, source: undefined }, { ...event, specversion: undefined },
      { ...event, type: "" }, { ...event, time: "yesterday" }, { ...event, time: "2026-13-01T00:00:00.000Z" }, { ...event, subject: "" },
      { ...event, source: "a b" }, { ...event, datacontenttype: 7 }, [event], "event"])
      assert.ok(faultOf(JSON.parse(JSON.stringify(broken))), JSON.stringify(broken));
  });

  it("an event names the one it answers, earlier in its stream, and a chain keeps the correlation it began with", () => {
    const table = new Map(readFileSync(new URL("../vectors/causes.txt", import.meta.url), "utf8").split("\n")
      .filter((line) => line && !line.startsWith("#")).map((line) => line.split(/\s+/)).map(([type, ...causes]) => [type, causes]));
    const byId = new Map();
    let answers = 0;
    for (const event of all) {
      const causes = table.get(event.type);
      if ("causationid" in event) {
        const cause = byId.get(event.causationid);
        assert.ok(cause, `${event.id} names what came before it`);
        assert.equal(cause.subject, event.subject);
        assert.equal(cause.correlationid, event.correlationid);
        assert.ok(causes.includes(cause.type) || causes.includes("text.*"), `${event.type} from ${cause.type}`);
        answers += 1;
      } else {
        assert.ok(causes.includes("-"), `${event.type} begins of itself`);
        assert.equal(event.correlationid, event.commandid);
      }
      byId.set(event.id, event);
    }
    assert.ok(answers > 50, `${answers} events of the demo answer another`);
  });

  it("golden entries of every type and version ever stored are CloudEvents", () => {
    const folder = new URL("../vectors/events/", import.meta.url);
    const names = readdirSync(folder);
    assert.ok(names.length > 40);
    for (const name of names) assert.equal(faultOf(JSON.parse(readFileSync(new URL(name, folder)))), undefined, name);
  });

  it("the tool stops quietly when its reader does, and says what is wrong with a flag", async () => {
    const child = spawn("bash", ["-c", '"$0" events "$1" | head -n 1', binary, server.data], { stdio: ["ignore", "pipe", "pipe"] });
    let out = "", err = "";
    child.stdout.on("data", (bytes) => (out += bytes));
    child.stderr.on("data", (bytes) => (err += bytes));
    await within(new Promise((resolve) => child.on("close", resolve)), "head");
    assert.deepEqual(JSON.parse(out), all[0]);
    assert.equal(err, "");
    for (const [flags, said] of [
      [["--from", "999999999"], /has \d+ entries/], [["--type", "visit.burnt"], /event types that exist/], [["--stream", "rivers/r-1"], /stream/],
      [["--after", "visit/v-1"], /stream and revision/], [["--after", "visit/never-was@1"], /no event/], [["--since", "yesterday"], /day/],
      [["--from", "x"], /from/], [["--organisation", "a b"], /organisation/],
      [["--organisation", "nonsense"], /no organisation with the id “nonsense”/], [["--actor", "u-nonsense"], /nobody with the id “u-nonsense”/],
      [["--since", "2026-12-02", "--until", "2026-12-01"], /“until” lies before “since”/],
    ]) {
      const refused = await run("events", server.data, ...flags);
      assert.equal(refused.code, 2, flags.join(" "));
      assert.match(refused.stderr, said);
      assert.equal(refused.stdout, "");
    }
    assert.equal((await run("events", join(server.data, "nowhere"))).code, 2);
  });

  it("new events come at once, to those who want them, and a cursor goes on where it was", async () => {
    const size = (await linesFrom(server, "/v1/events", auditor)).length;
    const everything = await EventStream.open(server, `/v1/events?from=${size}`, { cookie: auditor });
    const own = await EventStream.open(server, `/v1/events?stream=${world.proposal}&from=${size}`, { cookie: world.cookie });
    const visits = await EventStream.open(server, `/v1/events?type=visit.planned&from=${size}`, { cookie: auditor });
    assert.equal(everything.response.headers["content-type"], "text/event-stream");
    const writer = await server.connect(world.cookie);
    for (let i = 0; i < 10; ++i) await writer.command(world.proposal, "edit_proposal", { title: `Now ${i}` });
    const visit = `visit/${world.partnership}_now-${process.pid}`;
    await writer.command(visit, "plan_visit", { partnership: world.partnership, title: "A visit", host: "ua", kind: "meeting", from: "2030" });
    await everything.until(({ events }) => events.length === 11, "eleven events");
    await own.until(({ events }) => events.length === 10, "ten of the proposal");
    await visits.until(({ events }) => events.length === 1, "the visit");
    assert.equal(JSON.parse(visits.events[0].data).subject, visit);
    assert.deepEqual(own.events, everything.events.slice(0, 10));

    const again = await EventStream.open(server, "/v1/events", { cookie: auditor, lastEventId: everything.events[6].id });
    await again.until(({ events }) => events.length === 4, "what came after the seventh");
    assert.deepEqual(again.events, everything.events.slice(7));
    for (const stream of [everything, own, visits, again]) await stream.hangUp();
    await until(async () => (await server.metric("mosty_event_streams")) === 0, "no stream is left");
    await writer.close();
  });

  it("what is not right is refused with a code that says so", async () => {
    const { json: { size } } = await server.fetch("/v1/events?limit=1", { cookie: auditor });
    const log = (await server.fetch("/v1/events?from=0", { cookie: auditor, headers: ndjson })).headers.get("mosty-log");
    const other = log.replace(/./, (digit) => (digit === "0" ? "1" : "0"));
    const stranger = await server.signIn((await server.people()).find((one) => one.role === "mayor" && one.organisation !== world.ua && one.organisation !== world.eu));
    const sent = "text/event-stream", lines = "application/x-ndjson", page = "application/json";
    for (const [query, options, status, code, field] of [
      ["", { lastEventId: "17" }, 422, "invalid_field", "Last-Event-ID"],
      ["", { lastEventId: `${log}:` }, 422, "invalid_field", "Last-Event-ID"],
      ["", { lastEventId: `${log}:-1` }, 422, "invalid_field", "Last-Event-ID"],
      ["", { lastEventId: `${log}:1e3` }, 422, "invalid_field", "Last-Event-ID"],
      ["", { lastEventId: `${log}:${2 ** 53}000` }, 422, "invalid_field", "Last-Event-ID"],
      ["", { lastEventId: `${log}:${size + 1}` }, 409, "future_position", "from"],
      ["", { lastEventId: `${other}:1` }, 409, "history_changed", "log"],
      ["since=2026-12-02&until=2026-12-01", { accept: lines }, 422, "until_before_since", "until"], ["since=2026-12-02&until=2026-12-01", { accept: page }, 422, "until_before_since", "until"],
      ["limit=5", {}, 422, "invalid_field", "limit"], ["before=5", {}, 422, "invalid_field", "before"], ["until=2030-01-01", {}, 422, "invalid_field", "until"],
      ...[sent, lines, page].flatMap((accept) => [
        [`from=${size + 1}`, { accept }, 409, "future_position", "from"], ["from=x", { accept }, 422, "invalid_field", "from"],
        [`log=${other}`, { accept }, 409, "history_changed", "log"], ["after=visit/never-was@1", { accept }, 404, "unknown_event", "after"],
        ["after=visit", { accept }, 422, "invalid_field", "after"], ["type=visit.burnt", { accept }, 422, "invalid_field", "type"],
        ["type=visit.held,", { accept }, 422, "invalid_field", "type"], ["stream=rivers/r-1", { accept }, 422, "invalid_field", "stream"], ["stream=visit", { accept }, 422, "invalid_field", "stream"],
        ["actor=a%20b", { accept }, 422, "invalid_field", "actor"], ["organisation=%2F", { accept }, 422, "invalid_field", "organisation"],
        ["organisation=nonsense", { accept }, 422, "unknown_organisation", "organisation"], ["actor=u-nonsense", { accept }, 422, "unknown_actor", "actor"],
        ["organisation=", { accept }, 422, "invalid_field", "organisation"], ["type=", { accept }, 422, "invalid_field", "type"],
        ["since=2026-02-30", { accept }, 422, "invalid_field", "since"], ["", { accept, cookie: undefined }, 401, "not_signed_in"],
        ["", { accept, cookie: world.cookie }, 403, "may_not_read"], ["stream=text/", { accept, cookie: world.cookie }, 403, "may_not_read"],
        ["stream=proposal/", { accept, cookie: world.cookie }, 403, "may_not_read"], [`stream=text/${world.proposal}/`, { accept, cookie: world.cookie }, 200],
        [`stream=text/${world.proposal}/`, { accept, cookie: stranger }, 403, "may_not_read"], [`stream=${world.proposal}`, { accept, cookie: stranger }, 403, "may_not_read"],
        [`from=${size}`, { accept }, 200],
      ]),
    ]) {
      const stream = await EventStream.open(server, `/v1/events?${query}`, { cookie: auditor, ...options });
      const what = `${query} ${JSON.stringify(options)}: ${JSON.stringify(stream.problem)}`;
      if (stream.status === 200) stream.hangUp();
      assert.deepEqual([stream.status, stream.problem?.code, stream.problem?.field], [status, code, field], what);
    }
  });

  it("a request for the head begins no stream, and HTTP/1.0 gets the bytes without chunks", async () => {
    const head = await server.fetch("/v1/events", { method: "HEAD", cookie: auditor, headers: ndjson });
    assert.deepEqual([head.status, head.text], [200, ""]);
    const raw = await Raw.open(server);
    raw.write(`GET /v1/events HTTP/1.0\r\nHost: localhost\r\nAccept: application/x-ndjson\r\nCookie: ${auditor}\r\n\r\n`);
    await within(raw.ended, "the end of the log");
    const text = raw.received.toString();
    assert.doesNotMatch(text.slice(0, text.indexOf("\r\n\r\n")), /chunked/i);
    assert.equal(text.slice(text.indexOf("\r\n\r\n") + 4), (await server.fetch("/v1/events", { cookie: auditor, headers: ndjson })).text);
    await until(async () => (await server.metric("mosty_event_streams")) === 0, "no stream is left");
  });
});

it(`a reader loses nothing and gets nothing twice, through kills, restarts and cuts, ${rounds} times over`, { timeout: 1_200_000 }, async (test) => {
  const { below } = random("event stream");
  const server = await Server.start(test);
  const world = await officerWithProposal(server);
  const auditor = await server.signIn(await server.person("auditor"));
  const taken = []; // of the whole log
  const own = []; // of the proposal
  let cursor = "", ownCursor = "", kills = 0;
  for (let round = 0; round < rounds; ++round) {
    const writing = writeOn(server, world);
    const stream = await EventStream.open(server, "/v1/events", { cookie: auditor, lastEventId: cursor || undefined });
    const filtered = await EventStream.open(server, `/v1/events?stream=${world.proposal}`, { cookie: world.cookie, lastEventId: ownCursor || undefined });
    assert.equal(stream.status, 200, JSON.stringify(stream.problem));
    const enough = below(30);
    await stream.until(({ events }) => events.length > enough, "some events").catch(() => {});
    const how = below(8);
    if (how === 0) {
      ++kills;
      await server.kill();
    } else if (how === 1) {
      await server.stop();
    } else {
      stream.hangUp();
      filtered.hangUp();
    }
    await Promise.all([stream.ended, filtered.ended]);
    await writing.stop();
    if (!server.alive) await server.restart();
    // Only what was dispatched counts; a block that was cut in the middle is lost with its cursor.
    taken.push(...stream.events.filter(({ type }) => type === "message"));
    own.push(...filtered.events.filter(({ type }) => type === "message"));
    cursor = stream.lastEventId;
    ownCursor = filtered.lastEventId;
  }
  const last = await EventStream.open(server, "/v1/events", { cookie: auditor, lastEventId: cursor });
  const lastOwn = await EventStream.open(server, `/v1/events?stream=${world.proposal}`, { cookie: world.cookie, lastEventId: ownCursor });
  const log = await linesFrom(server, "/v1/events", auditor);
  await last.until(({ events }) => taken.length + events.length >= log.length, "the rest");
  taken.push(...last.events);
  assert.deepEqual(taken.map(({ data }) => data), log);
  taken.forEach((event, i) => assert.equal(EventStream.positionOf(event), i));
  const wanted = taken.filter(({ data }) => JSON.parse(data).subject === world.proposal);
  await lastOwn.until(({ events }) => own.length + events.length >= wanted.length, "the rest of the proposal");
  own.push(...lastOwn.events);
  assert.deepEqual(own, wanted);
  console.log(`${rounds} reconnects, ${kills} of them after a kill -9, ${log.length} events`);
  await last.hangUp();
  await lastOwn.hangUp();
});

it("a reader that does not read is held back by its socket, not by memory, and goes on where it was", { timeout: 600_000 }, async (test) => {
  const server = await startWith(test, "event_streams = 240\nevent_heartbeat_ms = 200");
  const world = await officerWithProposal(server);
  const auditor = await server.signIn(await server.person("auditor"));
  const streams = [];
  for (let i = 0; i < 40; ++i) {
    streams.push(await EventStream.open(server, "/v1/events", { cookie: auditor }));
    streams.at(-1).response.pause();
  }
  const residentMiB = () => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${server.pid}/status`, "utf8"))[1]) / 1024;
  const before = residentMiB();
  const writer = await server.connect(world.cookie);
  await writeMuch(writer, world, 4_000);
  const log = await linesFrom(server, "/v1/events", auditor);
  const logMiB = log.reduce((sum, line) => sum + Buffer.byteLength(line), 0) / 2 ** 20;
  const grownMiB = residentMiB() - before;
  console.log(`${streams.length} readers who do not read ${logMiB.toFixed(0)} MiB: the server grew by ${grownMiB.toFixed(0)} MiB`);
  assert.ok(logMiB > 20);
  // Were it kept for each, it would be forty times the log.
  assert.ok(grownMiB < 10 * logMiB, `${grownMiB} MiB`);
  for (const stream of streams.slice(0, 3)) {
    stream.response.resume();
    await stream.until(({ events }) => events.length >= log.length, "all of the log", 60_000);
    assert.deepEqual(stream.events.map(({ data }) => data), log);
  }
  await until(() => streams[0].pulses > 3, "heartbeats");
  for (const stream of streams) stream.hangUp();
  await until(async () => (await server.metric("mosty_event_streams")) === 0, "no stream is left");
});

it("a reader that takes nothing for long is left, and its place is free again", async (test) => {
  const server = await startWith(test, "event_streams = 4\nevent_stall_ms = 1000");
  const world = await officerWithProposal(server);
  const auditor = await server.signIn(await server.person("auditor"));
  const stuck = await EventStream.open(server, "/v1/events", { cookie: auditor });
  stuck.response.pause();
  // One of four for each person.
  const second = await EventStream.open(server, "/v1/events", { cookie: auditor });
  assert.deepEqual([second.status, second.problem.code], [503, "overloaded"]);
  const other = await EventStream.open(server, "/v1/events", { cookie: world.secretariat });
  assert.equal(other.status, 200);
  const writer = await server.connect(world.cookie);
  await until(async () => {
    await writeMuch(writer, world, 500);
    return (await server.metric("mosty_event_streams")) === 1;
  }, "the stuck one is left", 60_000);
  const again = await EventStream.open(server, "/v1/events", { cookie: auditor, lastEventId: stuck.lastEventId || undefined });
  assert.equal(again.status, 200);
  // A place is free as soon as its reader hangs up.
  for (let i = 0; i < 20; ++i) {
    await (i ? undefined : again.hangUp());
    await until(async () => (await server.metric("mosty_event_streams")) === 1, "one stream");
    const next = await EventStream.open(server, "/v1/events", { cookie: auditor });
    assert.equal(next.status, 200);
    await next.hangUp();
  }
});

it("a stream ends when the right to read it is lost, and what comes after is not told", async (test) => {
  const server = await Server.start(test);
  const world = await officerWithProposal(server);
  const stranger = (await server.people()).find((one) => one.organisation !== world.ua && one.organisation !== world.eu && one.role === "officer").organisation;
  const partner = await server.signIn(await server.person("officer", world.eu));
  const path = `/v1/events?stream=${world.proposal}`;
  const lost = await EventStream.open(server, path, { cookie: world.cookie });
  const kept = await EventStream.open(server, path, { cookie: partner });
  await lost.until(({ events }) => events.length === 1, "the draft");

  const secretariat = await server.connect(world.secretariat);
  const person = `person/${world.officer.actor}`;
  const { events } = await server.read(`/v1/events?stream=${person}`, world.secretariat);
  const moved = await secretariat.command(person, "correct_person", { corrects: events[0].event.id, reason: "She moved.", organisation: stranger });
  assert.equal(moved.type, "done", JSON.stringify(moved));
  await lost.until(({ events: got }) => got.at(-1).type === "end", "the end");
  assert.equal(JSON.parse(lost.events.at(-1).data).code, "may_not_read");
  assert.deepEqual(await within(lost.ended, "the end of the stream"), { whole: true });

  const writer = await server.connect(partner);
  assert.equal((await writer.command(world.proposal, "edit_proposal", { title: "Told to few" })).type, "done");
  await kept.until(({ events: got }) => got.length === 2, "the edit");
  assert.equal(lost.events.length, 2);
  const again = await EventStream.open(server, path, { cookie: world.cookie, lastEventId: lost.lastEventId });
  assert.deepEqual([again.status, again.problem.code], [403, "may_not_read"]);
  await kept.hangUp();
});

it("lines that are cut before their end can be told from whole ones, and go on after the last one", async (test) => {
  const server = await Server.start(test);
  const world = await officerWithProposal(server);
  const auditor = await server.signIn(await server.person("auditor"));
  const writer = await server.connect(world.cookie);
  await writeMuch(writer, world, 3_000);
  const whole = await linesFrom(server, `/v1/events?stream=${world.proposal}`, auditor);

  const raw = await Raw.open(server);
  raw.write(`GET /v1/events?stream=${world.proposal} HTTP/1.1\r\nHost: 127.0.0.1:${server.port}\r\nAccept: application/x-ndjson\r\nCookie: ${auditor}\r\n\r\n`);
  await raw.until((bytes) => bytes.length > 100_000, "a beginning");
  raw.socket.pause();
  await server.kill();
  raw.socket.resume();
  await within(raw.ended, "the end");
  const text = raw.received.toString();
  assert.ok(!text.endsWith("0\r\n\r\n"), "no last chunk");
  const [, first] = /\r\n\r\n([0-9a-f]+)\r\n/.exec(text);
  const body = text.slice(text.indexOf("\r\n\r\n") + 4 + first.length + 2).split("\r\n")[0];
  const got = body.split("\n").slice(0, -1);
  assert.ok(got.length > 5 && got.length < whole.length);
  const { subject, revision } = JSON.parse(got.at(-1));
  await server.restart();
  const rest = await linesFrom(server, `/v1/events?stream=${world.proposal}&after=${subject}@${revision}`, auditor);
  assert.deepEqual([...got, ...rest], whole);
});
