// Whatever is sent, the sender gets a clear error and nobody else notices.
import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, describe, it } from "node:test";

import { Client } from "./support/client.js";
import { until, within } from "./support/deadline.js";
import { officerWithProposal } from "./support/demo.js";
import { openapi } from "./support/description.js";
import { frame, Raw, upgradeRequest } from "./support/raw.js";
import { Group, noHurry, Server } from "./support/server.js";

describe("bad input", () => {
  const group = new Group();
  let server, world, witness, client, sizeBefore, edits = 0;

  after(() => group.end());
  before(async () => {
    server = await Server.start(group, { limits: { ...noHurry, handshake_timeout_ms: 2_000, idle_timeout_ms: 10_000 } });
    world = await officerWithProposal(server);
    witness = await server.connect(world.cookie);
    await witness.follow(world.proposal);
  });

  beforeEach(async () => {
    sizeBefore = (await witness.settle()).size;
    client = await server.connect(world.cookie);
  });

  // No crash, no change, and the witness lives on: what is good still reaches it.
  afterEach(async () => {
    client.socket.terminate();
    assert.ok(server.alive);
    assert.equal((await witness.settle()).size, sizeBefore);
    const title = `Water for all, edition ${++edits}`;
    const told = witness.frame((one) => one.type === "patch" && one.topic === world.proposal, "a change");
    const done = await witness.command(world.proposal, "edit_proposal", { title });
    assert.equal(done.type, "done");
    assert.equal((await told).patch.title, title);
    assert.equal(witness.topics.get(world.proposal).value.title, title);
    assert.equal(witness.closed, undefined);
  });

  const error = (message) => client.ask(message, (one) => one.type === "error" || one.type === "refused", "an error");
  const told = async (message) => {
    const { problem } = await error(message);
    assert.equal(problem.type, `urn:mosty:problem:${problem.code}`);
    assert.ok(problem.title && problem.detail && problem.status >= 400);
    return problem.field ? `${problem.code} ${problem.field}` : problem.code;
  };
  const post = (path, body, options = {}) =>
    server.fetch(path, { method: "POST", cookie: world.cookie, body, ...options });

  it("a message that is not JSON is told so, and the connection stays", async () => {
    for (const text of ["hello", "", "{", "[1,", "{'type':'ping'}", '{"type":"ping","n":tru}', "nul", '{"type":"\\ud800"}'])
      assert.equal(await told(text), "not_json");
    await client.settle();
  });

  it("a message of the wrong types names the member at fault", async () => {
    assert.equal(await told("7"), "malformed");
    assert.equal(await told("[[]]"), "malformed");
    assert.equal(await told({ type: 7 }), "malformed type");
    assert.equal(await told({ type: "follow", topic: 7 }), "malformed topic");
    assert.equal(await told({ type: "follow", topic: "towns", after: "now", log: "", format: 1 }), "malformed after");
    assert.equal(await told({ type: "ping", n: -1 }), "malformed n");
    assert.equal(await told({ type: "command", id: 7 }), "malformed id");
    assert.equal(await told({ type: "ping", n: 1, more: true }), "malformed more");
    await client.settle();
  });

  it("members that stand twice are refused, in the message and in its data", async () => {
    assert.equal(await told('{"type":"ping","type":"ping"}'), "malformed type");
    const inData = await error(
      `{"type":"command","id":"c-twice-1","stream":"${world.proposal}","name":"edit_proposal","data":{"title":"one","title":"two"}}`);
    assert.equal(inData.problem.code, "malformed");
    assert.equal(inData.problem.field, "title");
    assert.equal(inData.id, "c-twice-1");
  });

  it("an unknown message, command, stream or topic is told so", async () => {
    const command = (stream, name, data = {}) => told({ type: "command", id: Client.newId(), stream, name, data });
    assert.equal(await told({ type: "shout" }), "unknown_type type");
    assert.equal(await command(world.proposal, "burn_proposal"), "unknown_command");
    assert.equal(await command("proposal/never-was", "edit_proposal", { title: "One" }), "not_found");
    assert.equal(await command("river/tysa", "edit_proposal", { title: "One" }), "wrong_stream stream");
    assert.equal(await command(world.proposal, "confirm_visit"), "wrong_stream");
    assert.equal(await told({ type: "follow", topic: "rivers" }), "unknown_topic topic");
    assert.equal(await told({ type: "follow", topic: "feed/all" }), "may_not_read topic");
    await client.settle();
  });

  it("a position of the future is answered with what there is, and over HTTP with a conflict", async () => {
    const { log, format } = client.frames[0];
    const changed = client.frame((one) => one.type === "history_changed", "history_changed");
    const current = await client.follow("towns", { log, format, after: 2 ** 53 });
    assert.equal((await changed).topic, "towns");
    assert.equal(current.size, sizeBefore);
    assert.ok(client.topics.get("towns").value);

    const view = await server.fetch(`/v1/views/towns?at=${sizeBefore + 1}`, { cookie: world.cookie });
    assert.equal(view.status, 409);
    assert.equal(view.json.code, "future_position");
    assert.equal(view.json.params.size, String(sizeBefore));
    const nonsense = await server.fetch("/v1/views/towns?at=99999999999999999999", { cookie: world.cookie });
    assert.equal(nonsense.status, 422);
    assert.equal(nonsense.json.field, "at");
  });

  it("a message too big is refused with its reason and 1009", async () => {
    const { problem } = await error({ type: "follow", topic: "x".repeat(64 * 1024) });
    assert.equal(problem.code, "too_big");
    assert.deepEqual(await within(client.ended, "the end"), { code: 1009 });
  });

  it("a message of exactly the greatest size is read", async () => {
    const text = '{"type":"ping","n":77}';
    const pong = await client.ask(text + " ".repeat(64 * 1024 - text.length), (one) => one.n === 77);
    assert.equal(pong.type, "pong");
  });

  it("a message too big in many fragments is refused before it is whole", async () => {
    const raw = await Raw.upgraded(server, world.cookie);
    raw.write(frame(1, "[", { final: false }));
    for (let i = 0; i < 40; ++i) raw.write(frame(0, " ".repeat(2048), { final: false }));
    assert.equal(await raw.closeCode(), 1009);
    raw.socket.destroy();
  });

  it("a frame that announces more bytes than there are on Earth is refused", async () => {
    const raw = await Raw.upgraded(server, world.cookie);
    raw.write(frame(1, "x".repeat(100_000), { length: 2 ** 40 }));
    assert.equal(await raw.closeCode(), 1009);
    raw.socket.destroy();
  });

  it("of ten thousand subscriptions two hundred are taken and each other one is refused", async () => {
    const topics = Array.from({ length: 10_000 }, (_, i) => `partnership/many-${i}`);
    const seen = { current: 0, error: 0 };
    const all = client.frame((one) => {
      if (one.type in seen) ++seen[one.type];
      if (one.type === "error") assert.equal(one.problem.code, "too_many_subscriptions");
      return seen.current + seen.error === 10_000;
    }, "ten thousand answers", 60_000);
    for (let i = 0; i < topics.length; i += 64)
      client.send(topics.slice(i, i + 64).map((topic) => ({ type: "follow", topic })));
    await all;
    assert.deepEqual(seen, { current: 200, error: 9_800 });
    assert.equal(await server.metric("mosty_subscriptions"), 201);
  });

  it("more than 64 messages at once are refused whole", async () => {
    assert.equal(await told(Array.from({ length: 65 }, () => ({ type: "ping" }))), "malformed");
    await client.settle();
    assert.equal(client.frames.filter((one) => one.type === "pong").length, 1);
  });

  it("a binary message is refused with its reason and 1003", async () => {
    const { problem } = await error(Buffer.from('{"type":"ping"}'));
    assert.equal(problem.code, "not_text");
    assert.deepEqual(await within(client.ended, "the end"), { code: 1003 });
  });

  it("text that is not UTF-8 closes with 1007", async () => {
    for (const bytes of [[0xff], [0xc0, 0xaf], [0xed, 0xa0, 0x80], [0xf5, 0x80, 0x80, 0x80]]) {
      const raw = await Raw.upgraded(server, world.cookie);
      raw.write(frame(1, Buffer.from(bytes)));
      assert.equal(await raw.closeCode(), 1007);
      raw.socket.destroy();
    }
  });

  it("what is no WebSocket frame closes with 1002", async () => {
    const wrong = {
      unmasked: frame(1, "{}", { masked: false }),
      "a reserved bit": frame(1, "{}", { reserved: 4 }),
      "an opcode that is none": frame(3, "{}"),
      "a control frame in parts": frame(9, "", { final: false }),
      "a long control frame": frame(9, "x".repeat(126)),
      "a continuation of nothing": frame(0, "{}"),
      "a message within a message": Buffer.concat([frame(1, "[", { final: false }), frame(1, "]")]),
      "a close frame of one byte": frame(8, "x"),
    };
    for (const [name, bytes] of Object.entries(wrong)) {
      const raw = await Raw.upgraded(server, world.cookie);
      raw.write(bytes);
      assert.equal(await raw.closeCode(), 1002, name);
      raw.socket.destroy();
    }
  });

  it("a connection cut in the middle of a frame is forgotten", async () => {
    const connections = await server.metric("mosty_connections");
    const raw = await Raw.upgraded(server, world.cookie);
    raw.write(frame(1, '{"type":"ping"', { length: 500 }));
    raw.socket.destroy();
    await until(async () => (await server.metric("mosty_connections")) === connections, "forgetting it");
  });

  it("half a handshake is cut off at its deadline, and answers nothing", async () => {
    const halves = ["", "GET", upgradeRequest(server, { cookie: world.cookie }), "GET / HTTP/1.1\r\nHost: "];
    await Promise.all(halves.map(async (half) => {
      const raw = await Raw.open(server);
      raw.write(half);
      await within(raw.ended, `an end after ${JSON.stringify(half.slice(0, 20))}`);
      assert.equal(raw.received.length, 0);
    }));
  });

  it("a request that drips in byte by byte is cut off at its deadline", async () => {
    const raw = await Raw.open(server);
    const request = `GET /healthz HTTP/1.1\r\nHost: x\r\nX-Slow: ${"x".repeat(500)}`;
    let at = 0;
    const drip = setInterval(() => raw.write(request[at++] ?? "x"), 50);
    await within(raw.ended, "an end");
    clearInterval(drip);
    assert.equal(raw.received.length, 0);
  });

  it("an upgrade is refused without sign-in, from elsewhere, in another language or at another place", async () => {
    const refusal = async (cookie, options) => {
      const refused = await Client.open(server, cookie, options).then(() => "taken", (why) => why);
      return `${refused.status} ${refused.problem?.code}`;
    };
    assert.equal(await refusal(undefined), "401 not_signed_in");
    assert.equal(await refusal("mosty=u-ana.99999999999999.00"), "401 not_signed_in");
    assert.equal(await refusal(world.cookie.slice(0, -1) + (world.cookie.endsWith("0") ? "1" : "0")), "401 not_signed_in");
    assert.equal(await refusal(world.cookie, { origin: "https://elsewhere.example" }), "403 bad_origin");
    assert.equal(await refusal(world.cookie, { origin: null }), "403 bad_origin");
    assert.equal(await refusal(world.cookie, { protocol: "mosty.v2" }), "400 malformed");
    const raw = await Raw.open(server);
    raw.write(upgradeRequest(server, { cookie: world.cookie, path: "/v1/else" }) + "\r\n\r\n");
    assert.deepEqual((({ status, problem }) => [status, problem.code])(await raw.response()), [404, "not_found"]);
  });

  it("a header over the limit is refused", async () => {
    for (const header of [`X-Long: ${"x".repeat(9_000)}`, Array.from({ length: 900 }, (_, i) => `X-${i}: many`).join("\r\n")]) {
      const raw = await Raw.open(server);
      raw.write(`GET /healthz HTTP/1.1\r\nHost: x\r\n${header}\r\n\r\n`);
      const { status, problem } = await raw.response();
      assert.equal(status, 431);
      assert.equal(problem.code, "header_too_big");
    }
  });

  it("what is no HTTP request is refused", async () => {
    for (const bytes of ["hello\r\n\r\n", "GET / HTTP/9.9\r\n\r\n", "GET /\r\n\r\n", "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n"]) {
      const raw = await Raw.open(server);
      raw.write(bytes);
      const { status, problem } = await raw.response();
      assert.equal(status, 400);
      assert.equal(problem.code, "malformed");
    }
  });

  it("a request whose length is said twice is refused, and so is a target that is none", async () => {
    const lines = [
      "POST /v1/sign-out HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
      "GET /%zz HTTP/1.1\r\nHost: x\r\n\r\n",
      "GET /%00 HTTP/1.1\r\nHost: x\r\n\r\n",
      "GET * HTTP/1.1\r\nHost: x\r\n\r\n",
    ];
    for (const line of lines) {
      const raw = await Raw.open(server);
      raw.write(line);
      const { status, problem } = await raw.response();
      assert.equal(status, 400, line);
      assert.equal(problem.code, "malformed");
    }
  });

  it("a body over the limit is refused with 413, not with a reset", async () => {
    for (const size of [64 * 1024 + 1, 3_000_000]) {
      const { status, json } = await post("/v1/commands", "x".repeat(size));
      assert.equal(status, 413);
      assert.equal(json.code, "too_big");
    }
  });

  it("a post without an origin, or from another one, changes nothing", async () => {
    const body = JSON.stringify({ id: Client.newId(), stream: world.proposal, name: "edit_proposal", data: { title: "Elsewhere" } });
    for (const origin of [null, "https://elsewhere.example", "null", `${server.origin}.example`]) {
      const { status, json } = await post("/v1/commands", body, { origin });
      assert.equal(status, 403);
      assert.equal(json.code, "bad_origin");
      assert.equal((await post("/v1/sign-out", "", { origin })).status, 403);
    }
  });

  it("a post without sign-in changes nothing", async () => {
    const { status, json } = await post("/v1/commands", "{}", { cookie: undefined });
    assert.equal(status, 401);
    assert.equal(json.code, "not_signed_in");
  });

  it("a posted body that is not what it must be is told so", async () => {
    const told = async (body) => {
      const { status, json } = await post("/v1/commands", body);
      assert.equal(status, json.status);
      return json.field ? `${json.code} ${json.field}` : json.code;
    };
    assert.equal(await told(""), "not_json");
    assert.equal(await told("id=1"), "not_json");
    assert.equal(await told("[".repeat(20_000) + "]".repeat(20_000)), "not_json");
    assert.equal(await told('{"a":'.repeat(5_000) + "1" + "}".repeat(5_000)), "not_json");
    assert.equal(await told(Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x7d])), "not_utf8");
    assert.equal(await told("[]"), "malformed");
    assert.equal(await told('{"id":"c-0000001","id":"c-0000001"}'), "malformed id");
    assert.equal(await told('{"id":"c-0000001","stream":"nowhere","name":"x","data":{}}'), "wrong_stream stream");
    assert.equal(await told('{"id":"c-0000001","stream":"visit/v","name":"x","data":{}}'), "unknown_command");
  });

  it("a body about an account has no member that is unknown, twice there, or of another kind, by whatever route", async () => {
    const ask = (path, body) => server.fetch(path, { method: "POST", cookie: world.cookie, body });
    const paths = Object.entries(openapi.paths).filter(([, { post }]) => post).map(([path]) => path.replace(/\{\w+\}/, "any"))
      .filter((path) => path !== "/v1/commands");
    assert.ok(paths.length > 12);
    for (const path of paths) {
      const told = await ask(path, '{"zzz":1}');
      assert.deepEqual([path, told.status, told.json.code, told.json.field], [path, 400, "malformed", "zzz"]);
    }
    for (const [path, body, code, field] of [
      ["/v1/sign-in", '{"email":"a@b.example","password":"x","password":"y"}', "malformed", "password"],
      ["/v1/sign-in", '{"email":["a@b.example"],"password":"x"}', "invalid_field", "email"],
      ["/v1/me/tokens", '{"current":"","name":"n","scope":"read","until":"2027"}', "invalid_field", "scope"],
      ["/v1/sign-out-everywhere", '{"tokens":1}', "invalid_field", "tokens"],
      ["/v1/clients", '{"stream":"text/proposal/a/needs","stream":"text/proposal/b/needs"}', "malformed", "stream"],
    ]) {
      const told = await ask(path, body);
      assert.deepEqual([body, told.json.code, told.json.field], [body, code, field]);
    }
  });

  it("a method or a place that is none is told so", async () => {
    const { status, json } = await server.fetch("/v1/commands", { method: "PUT", cookie: world.cookie, body: "{}" });
    assert.equal(status, 405);
    assert.equal(json.code, "method_not_allowed");
    for (const [method, path, allowed] of [
      ["PUT", "/v1/commands", "POST"], ["GET", "/v1/commands", "POST"], ["GET", "/v1/clients", "POST"], ["POST", "/checkpoint", "GET, HEAD"], ["DELETE", "/tile/0/000", "GET, HEAD"],
      ["POST", "/v1/log/key", "GET, HEAD"], ["POST", "/v1/events", "GET, HEAD"], ["PATCH", "/v1/views/towns", "GET, HEAD"], ["POST", "/v1/me", "GET, HEAD"],
      ["PUT", "/v1/me/tokens", "GET, HEAD, POST"], ["GET", "/v1/sign-out", "POST"], ["POST", "/healthz", "GET, HEAD"],
    ]) {
      const refused = await server.fetch(path, { method, cookie: world.cookie, ...(method === "GET" ? {} : { body: "{}" }) });
      assert.deepEqual([refused.status, refused.json.code, refused.headers.get("allow")], [405, "method_not_allowed", allowed], `${method} ${path}`);
    }
    for (const path of ["/checkpoint/", "/checkpoint/x", "/tile", "/v1", "/healthz/", "/metrics/all"]) {
      const { status, json, headers } = await server.fetch(path, { cookie: world.cookie });
      assert.deepEqual([status, json.code, headers.get("content-type")], [404, "not_found", "application/problem+json"], path);
    }
    assert.equal((await server.fetch("/v1/nothing", { method: "POST", cookie: world.cookie, body: "{}" })).status, 404);
    for (const path of ["/v1/nothing", "/v1/", "/v1/views"])
      assert.equal((await server.fetch(path, { cookie: world.cookie })).json.code, "not_found");
    assert.equal((await server.fetch("/v1/views/rivers", { cookie: world.cookie })).json.code, "unknown_topic");
    assert.equal((await server.fetch("/v1/views/feed/all", { cookie: world.cookie })).json.code, "unknown_topic");
    assert.equal((await server.fetch("/v1/lists/feed/all", { cookie: world.cookie })).json.code, "may_not_read");
    assert.equal((await server.fetch("/v1/events", { cookie: world.cookie })).json.code, "may_not_read");
    assert.equal((await server.fetch("/v1/views/towns")).json.code, "not_signed_in");
  });

  it("a parameter without a value is told by its name, never taken for none", async () => {
    for (const [path, field] of [["/v1/views/towns?time=", "time"], ["/v1/views/towns?at=", "at"], ["/v1/views/towns?time", "time"], [`/v1/texts/${world.proposal}/needs?time=`, "time"],
      [`/v1/lists/visits/${world.ua}?time=`, "time"], [`/v1/events?stream=${world.proposal}&type=`, "type"], [`/v1/activity?stream=${world.proposal}&since=&step_ms=1000&bars=4`, "since"]]) {
      const { status, json } = await server.fetch(path, { cookie: world.cookie });
      assert.deepEqual([status, json.code, json.field], [422, "invalid_field", field], path);
    }
  });

  it("a command id used again for something else is refused", async () => {
    const id = Client.newId();
    const title = "Said once";
    assert.equal((await client.command(world.proposal, "edit_proposal", { title }, { id })).type, "done");
    const { problem } = await client.command(world.proposal, "edit_proposal", { title: "Said anew" }, { id });
    assert.equal(problem.code, "command_id_reused");
    assert.equal(problem.status, 409);
    sizeBefore += 1;
  });

  it("whoever asks without reading the answers is not listened to, and nobody else waits for that", async () => {
    const raw = await Raw.upgraded(server, world.cookie);
    raw.socket.pause();
    const asked = frame(1, JSON.stringify(Array.from({ length: 64 }, () => ({ type: "follow", topic: "x".repeat(900) }))));
    // Each of these 57 KB comes back as an error of the same size: until the server stops reading.
    const enough = 100_000_000;
    let taken = 0, lastProgress = Date.now();
    await until(() => {
      while (raw.socket.writableLength < 500_000) raw.socket.write(asked);
      const now = raw.socket.bytesWritten - raw.socket.writableLength;
      if (now > taken) (taken = now), (lastProgress = Date.now());
      return taken > enough || Date.now() - lastProgress > 1_000;
    }, "the server stops reading", 60_000);
    assert.ok(taken < enough, `the server took ${taken} bytes in`);
    assert.ok(!raw.over);
    raw.socket.destroy();
  });
});
