// Before anybody looks at what a request wants: to which host, from whose page, over what. Routes come from
// server/api/openapi.yaml; paths that are none are asked as well, so a route that nobody described is not missed.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";

import { ask } from "./support/ask.js";
import { Client } from "./support/client.js";
import { officerWithProposal } from "./support/demo.js";
import { openapi } from "./support/description.js";
import { Raw, upgradeRequest } from "./support/raw.js";
import { Group, Server } from "./support/server.js";

const methods = ["get", "post", "put", "patch", "delete"];
const operations = Object.entries(openapi.paths).flatMap(([path, item]) =>
  methods.filter((method) => item[method]).map((method) => ({ path, method: method.toUpperCase(), operation: item[method] })));

describe("a request", () => {
  const group = new Group();
  let server, world, auditor;

  before(async () => {
    server = await Server.start(group);
    world = await officerWithProposal(server);
    auditor = await server.signIn(await server.person("auditor"));
  });
  after(() => group.end());

  // Some path that the template describes.
  const example = (path) => path.replace(/\{(\w+)\}/g, (_, name) => ({ topic: "towns" })[name] ?? "0");
  const size = () => server.metric("mosty_log_size");

  it("that may change something is answered only when one of our pages sends it, on every route and beside them", async () => {
    const changing = operations.filter(({ method }) => method !== "GET");
    assert.ok(changing.length >= 4);
    const places = [...changing, ...["/v1/nothing", "/", "/v1/", "/v1/me", "/tile/0/000", "/index.html"].flatMap((path) =>
      ["POST", "PUT", "PATCH", "DELETE", "OPTIONS"].map((method) => ({ path, method })))];
    const sizeBefore = await size();
    for (const { path, method } of places)
      for (const origin of [null, "null", "https://elsewhere.example", `${server.origin}.example`, server.origin.replace("http", "https"), server.origin.toUpperCase()])
        for (const cookie of [world.cookie, undefined]) {
          const { status, json, headers } = await server.fetch(example(path), { method, cookie, origin, body: "{}" });
          assert.equal(`${status} ${json?.code}`, "403 bad_origin", `${method} ${path} from ${origin}`);
          assert.equal(headers.get("set-cookie"), null);
        }
    assert.equal(await size(), sizeBefore);
    // The same from our own page is judged by what it asks.
    for (const { path, method } of places) {
      if (path === "/v1/sign-out") continue;
      const { json } = await server.fetch(example(path), { method, cookie: world.cookie, body: "{}" });
      assert.notEqual(json?.code, "bad_origin", `${method} ${path}`);
    }
  });

  it("by a bearer token needs no origin, but with a cookie beside it does", async () => {
    const command = { method: "POST", origin: null, body: "{}" };
    const token = await server.fetch("/v1/commands", { ...command, headers: { authorization: "Bearer nobody" } });
    assert.equal(token.json.code, "not_signed_in");
    const both = await server.fetch("/v1/commands", { ...command, cookie: world.cookie, headers: { authorization: "Bearer nobody" } });
    assert.equal(both.json.code, "bad_origin");
    const basic = await server.fetch("/v1/commands", { ...command, headers: { authorization: "Basic dTpw" } });
    assert.equal(basic.json.code, "bad_origin");
  });

  it("that another site made is not that of whoever is signed in", async () => {
    const gets = operations.filter(({ path, method, operation }) =>
      method === "GET" && operation.security?.length !== 0 && !path.startsWith("/v1/events"));
    assert.ok(gets.length >= 5);
    const me = (site) => ask(`${server.origin}/v1/me`, { headers: { cookie: auditor, ...(site ? { "sec-fetch-site": site } : {}) } });
    for (const site of ["cross-site", "same-site", "anything"]) assert.equal((await me(site)).status, 401, site);
    for (const site of ["same-origin", "none", undefined]) assert.equal((await me(site)).status, 200, site);
    for (const { path } of [...gets, { path: "/v1/events" }]) {
      const headers = { cookie: auditor, "sec-fetch-site": "cross-site" };
      const { status } = await ask(server.origin + example(path), { headers });
      assert.ok(status >= 400, `${path} is answered with ${status}`);
    }
  });

  it("to a host that we are not is not answered, whatever it asks", async () => {
    const told = async (host, { path = "/v1/me", method = "GET" } = {}) => {
      const { status, json } = await ask(server.origin + path, { method, headers: { host, cookie: auditor, origin: server.origin }, body: method === "GET" ? undefined : "{}" });
      return `${status} ${json?.code}`;
    };
    for (const host of ["elsewhere.example", `elsewhere.example:${server.port}`, "localhost.example", "127.0.0.1.example", "127.0.0.2", "mosty"]) {
      assert.equal(await told(host), "421 unknown_host", host);
      assert.equal(await told(host, { path: "/" }), "421 unknown_host", host);
      assert.equal(await told(host, { path: "/v1/commands", method: "POST" }), "421 unknown_host", host);
    }
    for (const host of [`127.0.0.1:${server.port}`, `LocalHost:${server.port}`, "localhost:9"]) assert.match(await told(host), /^200/, host);
    // A probe knows no name of ours, and learns nothing either.
    assert.equal((await ask(`${server.origin}/healthz`, { headers: { host: "10.0.0.1" } })).status, 200);
    const raw = await Raw.open(server);
    raw.write(upgradeRequest(server, { cookie: world.cookie }).replace(/^Host: .*$/m, "Host: elsewhere.example") + "\r\n\r\n");
    assert.equal((await raw.response()).status, 421);
  });

  it("that could be read in two ways is refused, and its connection ends", async () => {
    const host = `Host: 127.0.0.1:${server.port}\r\n`;
    const smuggled = "GET /v1/me HTTP/1.1\r\n" + host + "\r\n";
    const requests = {
      "two lengths": `POST /v1/sign-out HTTP/1.1\r\n${host}Content-Length: 0\r\nContent-Length: ${smuggled.length}\r\n\r\n${smuggled}`,
      "the same length twice": `POST /v1/sign-out HTTP/1.1\r\n${host}Content-Length: 5\r\nContent-Length: 5\r\n\r\nabcde`,
      "a list of lengths": `POST /v1/sign-out HTTP/1.1\r\n${host}Content-Length: 5, 5\r\n\r\nabcde`,
      "a length before chunks": `POST /v1/sign-out HTTP/1.1\r\n${host}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
      "a length behind chunks": `POST /v1/sign-out HTTP/1.1\r\n${host}Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n`,
      "chunks twice": `POST /v1/sign-out HTTP/1.1\r\n${host}Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
      "chunks that are not last": `POST /v1/sign-out HTTP/1.1\r\n${host}Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n`,
      "chunks of HTTP/1.0": `POST /v1/sign-out HTTP/1.0\r\n${host}Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
      "a folded line": `GET /healthz HTTP/1.1\r\n${host}X-Folded: a\r\n b\r\n\r\n`,
      "a folded first line": `GET /healthz HTTP/1.1\r\n ${host}\r\n`,
      "a blank before the colon": `POST /v1/sign-out HTTP/1.1\r\n${host}Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n`,
      "two hosts": `GET /healthz HTTP/1.1\r\n${host}${host}\r\n`,
      "no host": "GET /healthz HTTP/1.1\r\n\r\n",
      "a host with a path": `GET /healthz HTTP/1.1\r\nHost: 127.0.0.1:${server.port}/x\r\n\r\n`,
      "a bare line feed": `GET /healthz HTTP/1.1\n${host}\r\n`,
      "a bare line feed in a header": `GET /healthz HTTP/1.1\r\n${host}X: a\nContent-Length: 5\r\n\r\n`,
      "a bare carriage return": `GET /healthz HTTP/1.1\r\n${host}X: a\rY: b\r\n\r\n`,
      "a zero byte": `GET /healthz HTTP/1.1\r\n${host}X: a\0b\r\n\r\n`,
      "a target in full": `GET http://127.0.0.1:${server.port}/healthz HTTP/1.1\r\n${host}\r\n`,
    };
    for (const [name, text] of Object.entries(requests)) {
      const raw = await Raw.open(server);
      raw.write(text);
      const { status, problem } = await raw.response();
      assert.equal(`${status} ${problem?.code}`, "400 malformed", name);
      assert.equal(raw.received.toString().match(/^HTTP\/1\.1 /gm).length, 1, name);
    }
  });

  it("that says twice who asks, or from where, is refused, ours first or last", async () => {
    const host = `Host: 127.0.0.1:${server.port}`;
    const ours = `Origin: ${server.origin}`;
    const foreign = "Origin: https://elsewhere.example";
    const cookie = `Cookie: ${auditor}`;
    const post = (...lines) => ["POST /v1/sign-out HTTP/1.1", host, ...lines, "Content-Length: 0"];
    const get = (...lines) => ["GET /v1/me HTTP/1.1", host, ...lines];
    const requests = {
      "two origins": post(ours, foreign),
      "the foreign origin first": post(foreign, ours),
      "the same origin twice": post(ours, ours),
      "an origin and an empty one": post(ours, "origin:"),
      "two sites": get(cookie, "Sec-Fetch-Site: same-origin", "Sec-Fetch-Site: cross-site"),
      "the other site first": get(cookie, "Sec-Fetch-Site: cross-site", "Sec-Fetch-Site: same-origin"),
      "two cookies": get(cookie, "Cookie: mosty=else"),
      "two tokens": get("Authorization: Bearer mosty_a", "authorization: Bearer mosty_b"),
      "two ways here": get("X-Forwarded-Proto: https", "X-Forwarded-Proto: http"),
    };
    for (const [name, lines] of Object.entries(requests)) {
      const raw = await Raw.open(server);
      raw.write([...lines, "", ""].join("\r\n"));
      const { status, problem } = await raw.response();
      assert.equal(`${status} ${problem?.code}`, "400 malformed", name);
      assert.match(problem.detail, /stands twice/, name);
    }
    const raw = await Raw.open(server);
    raw.write(upgradeRequest(server, { cookie: world.cookie }) + `\r\n${foreign}\r\n\r\n`);
    assert.equal((await raw.response()).status, 400);
  });

  it("in chunks, or behind another on the same connection, is read", async () => {
    const host = `Host: 127.0.0.1:${server.port}\r\nOrigin: ${server.origin}\r\n`;
    const raw = await Raw.open(server);
    raw.write(`POST /v1/sign-in HTTP/1.1\r\n${host}Transfer-Encoding: chunked\r\n\r\n`);
    const body = JSON.stringify({ actor: world.officer.actor });
    for (const letter of body) raw.write(`1\r\n${letter}\r\n`);
    raw.write(`0\r\n\r\nGET /healthz HTTP/1.1\r\n${host}Connection: close\r\n\r\n`);
    await raw.ended;
    const [first, second] = raw.received.toString().split(/(?=HTTP\/1\.1 )/);
    assert.match(first, /^HTTP\/1\.1 200 [^]*Set-Cookie: mosty=/);
    assert.match(second, /^HTTP\/1\.1 200 [^]*alive\n$/);
  });

  it("in chunks that comes byte by byte is read, and harms nobody", async () => {
    const raw = await Raw.open(server);
    raw.socket.setNoDelay();
    raw.write(`POST /v1/sign-in HTTP/1.1\r\nHost: 127.0.0.1:${server.port}\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n`);
    for (const byte of "2\r\n{}\r\n0\r\n\r\n") {
      raw.write(byte);
      await server.fetch("/healthz"); // by then it was read
    }
    assert.equal((await raw.response()).status, 403);
    assert.ok(server.alive);
  });

  it("in chunks that have no end, or with headers behind them, is refused", async () => {
    const head = `POST /v1/sign-in HTTP/1.1\r\nHost: 127.0.0.1:${server.port}\r\nTransfer-Encoding: chunked\r\n\r\n`;
    const endings = {
      "an origin behind the body": `0\r\nOrigin: ${server.origin}\r\n\r\n`,
      "a proxy's word behind the body": "0\r\nX-Forwarded-For: 127.0.0.1\r\n\r\n",
      "an extension without end": `5;${"x".repeat(300_000)}`,
      "headers without end": `0\r\n${`X: ${"x".repeat(1_000)}\r\n`.repeat(300)}`,
      "a chunk of no number": "xyz\r\n",
      "a chunk longer than any": "fffffffffffffffff\r\n",
      "a chunk that is longer than it says": "1\r\nabc\r\n0\r\n\r\n",
    };
    for (const [name, ending] of Object.entries(endings)) {
      const raw = await Raw.open(server);
      raw.write(head + ending);
      const { status, problem } = await raw.response();
      assert.equal(`${status} ${problem?.code}`, "400 malformed", name);
    }
    const much = await Raw.open(server);
    much.write(head + `4000\r\n${"x".repeat(0x4000)}\r\n`.repeat(5));
    assert.equal((await much.response()).status, 413);
  });

  it("with a head of exactly 8 KiB is answered, and one byte more is too much", async () => {
    const start = `GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nX: `;
    for (const [more, status] of [[0, 200], [1, 431]]) {
      const raw = await Raw.open(server);
      raw.write(start + "x".repeat(8 * 1024 - start.length - 4 + more) + "\r\n\r\n");
      assert.equal((await raw.response()).status, status);
    }
  });
});

describe("every answer", () => {
  const group = new Group();
  let server, world, auditor;

  before(async () => {
    server = await Server.start(group);
    world = await officerWithProposal(server);
    auditor = await server.signIn(await server.person("auditor"));
  });
  after(() => group.end());

  const isGuarded = (headers, what) => {
    const policy = headers.get("content-security-policy");
    assert.match(policy, /^default-src 'none'; /, what);
    assert.doesNotMatch(policy, /unsafe|data:|\*|http/, what);
    assert.match(policy, /frame-ancestors 'none'/, what);
    for (const [name, value] of Object.entries({
      "x-content-type-options": "nosniff", "x-frame-options": "DENY", "referrer-policy": "same-origin",
      "cross-origin-opener-policy": "same-origin", "cross-origin-resource-policy": "same-origin",
    })) assert.equal(headers.get(name), value, `${what}: ${name}`);
    assert.match(headers.get("permissions-policy"), /camera=\(\)/, what);
    assert.equal(headers.get("strict-transport-security"), null, what); // this server has no TLS
    assert.equal(headers.get("access-control-allow-origin"), null, what);
    assert.equal(headers.get("server"), null, what);
  };

  it("bears the headers that bind a browser, refusals and mistakes too", async () => {
    const paths = [...operations.filter(({ method, path }) => method === "GET" && path !== "/v1/events").map(({ path }) => path.replace(/\{\w+\}/g, "0")),
      "/v1/views/towns", `/v1/lists/feed/${world.ua}`, "/", "/index.html", "/nowhere.js", "/v1/nothing"];
    for (const path of paths)
      for (const cookie of [auditor, undefined]) isGuarded((await server.fetch(path, { cookie })).headers, path);
    isGuarded((await server.fetch("/v1/commands", { method: "POST", origin: null })).headers, "a refusal");
    isGuarded((await ask(server.origin + "/", { headers: { host: "elsewhere.example" } })).headers, "another host");
    isGuarded((await ask(server.origin + "/", { headers: { "x-long": "x".repeat(9_000) } })).headers, "a head too big");
    const stream = await fetch(`${server.origin}/v1/events`, { headers: { cookie: auditor, accept: "text/event-stream" } });
    isGuarded(stream.headers, "a stream");
    await stream.body.cancel();
  });

  it("is kept by nobody, but for what is public and never changes", async () => {
    const caching = async (path, cookie) => (await server.fetch(path, { cookie })).headers.get("cache-control");
    const [visit] = (await server.read(`/v1/lists/visits/${world.ua}?limit=1`, world.cookie)).rows;
    for (const path of ["/v1/me", "/v1/views/towns", `/v1/views/${world.proposal}`, `/v1/lists/feed/${world.ua}`, "/v1/lists/municipalities",
      `/v1/events?stream=${world.proposal}`, ...(visit ? [`/v1/views/visit/${visit.id}`] : [])]) {
      assert.equal((await server.fetch(path, { cookie: world.cookie })).status, 200, path);
      assert.equal(await caching(path, world.cookie), "no-store", path);
    }
    for (const path of ["/v1/log/views", "/tile/entries/000", `/v1/evidence/${world.proposal}`, "/v1/views/partnership/none"])
      assert.equal(await caching(path, auditor), "no-store", path);
    const sent = await server.fetch("/v1/commands", { method: "POST", cookie: world.cookie, body: JSON.stringify(
      { id: Client.newId(), stream: world.proposal, name: "edit_proposal", data: { title: "Not kept" } }) });
    assert.equal(sent.headers.get("cache-control"), "no-store");
    assert.equal(await caching("/checkpoint"), "no-cache");
    const checkpoint = (await server.fetch("/checkpoint")).text;
    const size = Number(checkpoint.split("\n")[1]);
    const tile = size >= 256 ? "/tile/0/000" : `/tile/0/000.p/${size}`;
    assert.equal(await caching(tile), "public, max-age=31536000, immutable");
  });
});

it("a server that trusts no proxy does not believe one, and one that does believes only that", async (test) => {
  // A demo answers this machine alone: so it shows for whom it holds the sender.
  const told = async (server, headers) => {
    const { status, json } = await ask(`${server.origin}/v1/me`, { headers });
    return `${status} ${json.code}`;
  };
  const trusting = await Server.start(test, { args: ["--demo", "--trusted-proxy", "127.0.0.1", "--trusted-proxy", "192.0.2.0/24"] });
  const wary = await Server.start(test, { args: ["--demo", "--trusted-proxy", "192.0.2.0/24"] });
  const alone = await Server.start(test);
  const here = "401 not_signed_in", there = "403 not_allowed";
  for (const server of [wary, alone]) {
    assert.equal(await told(server, { "x-forwarded-for": "203.0.113.9", "x-forwarded-proto": "https" }), here);
    const signedIn = await ask(`${server.origin}/v1/sign-out`, { method: "POST", headers: { "x-forwarded-proto": "https", origin: server.origin } });
    if (server === alone) assert.match(signedIn.headers.get("set-cookie"), /^mosty=;/);
  }
  assert.equal(await told(trusting, { "x-forwarded-for": "203.0.113.9" }), there);
  assert.equal(await told(trusting, { "x-forwarded-for": "203.0.113.9, 192.0.2.7" }), there);
  assert.equal(await told(trusting, { "x-forwarded-for": "203.0.113.9, 127.0.0.1" }), there);
  assert.equal(await told(trusting, { "x-forwarded-for": ["203.0.113.9", "192.0.2.7"] }), there); // two headers
  assert.equal(await told(trusting, { "x-forwarded-for": "127.0.0.1" }), here);
  assert.equal(await told(trusting, {}), here);
  // What stands before the address that the proxy saw is the sender's own word.
  assert.equal(await told(trusting, { "x-forwarded-for": "127.0.0.1, 203.0.113.9" }), there);
  assert.equal(await told(trusting, { forwarded: "for=203.0.113.9" }), here); // not the set that counts
});

it("from afar a request must have come over TLS up to the proxy", async (test) => {
  const server = await Server.start(test, { args: ["--trusted-proxy", "127.0.0.1", "--origin", "https://mosty.example"] });
  const told = async (proto) => {
    const headers = { host: "mosty.example", "x-forwarded-for": "203.0.113.9", ...(proto ? { "x-forwarded-proto": proto } : {}) };
    const { status, json, headers: said } = await ask(`${server.origin}/v1/me`, { headers });
    return `${status} ${json.code} ${said.get("strict-transport-security")}`;
  };
  assert.equal(await told("https"), "401 not_signed_in max-age=63072000");
  for (const proto of [undefined, "http", "https, http", "wss"]) assert.equal(await told(proto), "403 not_secure null", proto);
});
