// Behind Debian's nginx, with the configuration that scripts/nginx.conf.example recommends.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { connect as connectHttp2 } from "node:http2";
import { createServer } from "node:net";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { connect as connectTls } from "node:tls";

import WebSocket from "ws";

import { ask } from "./support/ask.js";
import { Authority } from "./support/certificates.js";
import { Client } from "./support/client.js";
import { until, within } from "./support/deadline.js";
import { officerWithProposal } from "./support/demo.js";
import { EventStream } from "./support/event_stream.js";
import { folderFor, Group, Server } from "./support/server.js";

// Ports that nobody has at the moment, all different.
async function freePorts(count) {
  const servers = await Promise.all(Array.from({ length: count }, () => new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => resolve(server));
  })));
  const ports = servers.map((server) => server.address().port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

class Nginx {
  // `ports`: of http, https. Everything it writes is in a folder of the test's.
  // `changes`: what stands otherwise in the configuration, as pairs.
  static async start(test, { ports: [http, https], upstream, certificate, key, changes = [] }) {
    const folder = await folderFor(test);
    const example = await readFile(new URL("../../scripts/nginx.conf.example", import.meta.url), "utf8");
    const site = [
      [/^ *listen \[::\].*\n/gm, ""],
      ["listen 80;", `listen 127.0.0.1:${http};`],
      ["listen 443 ssl http2;", `listen 127.0.0.1:${https} ssl http2;`],
      ["server 127.0.0.1:8080;", `server 127.0.0.1:${upstream};`],
      ["/etc/letsencrypt/live/mosty.example/fullchain.pem", certificate],
      ["/etc/letsencrypt/live/mosty.example/privkey.pem", key],
      ...changes,
    ].reduce((text, [from, to]) => {
      assert.match(text, from instanceof RegExp ? from : new RegExp(from.replace(/[.[\]]/g, "\\$&")));
      return text.replaceAll(from, to);
    }, example);
    await writeFile(join(folder, "site.conf"), site);
    const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map((name) => `${name}_temp_path ${join(folder, name)};`).join("\n");
    await writeFile(join(folder, "nginx.conf"), `
      daemon off; master_process off; pid ${join(folder, "nginx.pid")}; error_log stderr warn;
      events { worker_connections 256; }
      http { access_log off; types { text/html html; } ${temporary} include ${join(folder, "site.conf")}; }`);
    const nginx = new Nginx();
    const child = spawn("/usr/sbin/nginx", ["-e", "stderr", "-p", folder, "-c", join(folder, "nginx.conf")], { stdio: ["ignore", "ignore", "pipe"] });
    nginx.stderr = "";
    child.stderr.setEncoding("utf8").on("data", (text) => (nginx.stderr += text));
    const ended = new Promise((resolve) => child.once("close", resolve));
    child.once("error", (error) => (nginx.stderr += error));
    process.once("exit", () => child.kill("SIGKILL"));
    test.after(async () => (child.kill("SIGKILL"), await ended));
    await until(() => {
      assert.equal(child.exitCode, null, nginx.stderr);
      return ask(`http://127.0.0.1:${http}/`, { headers: { host: "mosty.example" } }).then(() => true, () => false);
    }, "nginx");
    return nginx;
  }
}

describe("behind nginx", () => {
  const group = new Group();
  let authority, server, direct, world, http, https, origin, issued, spare;

  // A second nginx before the same server, until the test ends.
  async function startAnother(test, changes) {
    await Nginx.start(test, { ports: spare, upstream: direct.port, ...issued, changes });
    return `https://mosty.example:${spare[1]}`;
  }

  before(async () => {
    [http, https, ...spare] = await freePorts(4);
    origin = `https://mosty.example:${https}`;
    authority = await Authority.found(await folderFor(group));
    issued = await authority.issue("mosty.example", { alternatives: "DNS:mosty.example" });
    direct = await Server.start(group, { args: ["--demo", "--trusted-proxy", "127.0.0.1", "--origin", origin, "--origin", `https://mosty.example:${spare[1]}`] });
    await Nginx.start(group, { ports: [http, https], upstream: direct.port, ...issued });
    // The same server, as the world sees it.
    server = Object.create(direct);
    Object.assign(server, { origin, ca: authority.ca });
    server.fetch = async (path, { cookie, origin: from = origin, ...options } = {}) => {
      const headers = { ...(cookie ? { cookie } : {}), ...(from === null ? {} : { origin: from }), ...options.headers };
      const answer = await within(ask(origin + path, { ...options, headers, ca: authority.ca, at: "127.0.0.1" }), path);
      return { ...answer, text: await answer.text() };
    };
    world = await officerWithProposal(server);
  });
  after(() => group.end());

  const open = (cookie, from = origin, at = origin) => new Promise((resolve, reject) => {
    const socket = new WebSocket(at.replace("https", "wss") + "/v1/live", "mosty.v1", {
      headers: { cookie, origin: from }, ca: authority.ca, perMessageDeflate: false, lookup: (_, options, done) =>
        (options.all ? done(null, [{ address: "127.0.0.1", family: 4 }]) : done(null, "127.0.0.1", 4)),
    });
    socket.on("unexpected-response", (_, { statusCode }) => {
      socket.terminate();
      reject(Object.assign(new Error(`refused with ${statusCode}`), { status: statusCode }));
    });
    socket.on("error", reject);
    const client = new Client(socket);
    client.frame(({ type }) => type === "welcome", "the welcome").then(() => resolve(client), reject);
  });

  it("the cookie is that of TLS, and browsers are told to stay there", async () => {
    assert.match(world.cookie, /^__Host-mosty=/);
    const answer = await server.fetch("/v1/me", { cookie: world.cookie });
    assert.equal(answer.json.actor, world.officer.actor);
    assert.equal(answer.headers.get("strict-transport-security"), "max-age=63072000");
    assert.equal(answer.headers.get("cache-control"), "no-store");
    assert.match(answer.headers.get("content-security-policy"), /default-src 'none'/);
    const another = await server.signIn(world.officer);
    const out = await server.fetch("/v1/sign-out", { method: "POST", cookie: another });
    assert.match(out.headers.getSetCookie()[0], /^__Host-mosty=; .*; Secure$/);
  });

  it("HTTP/2 up to nginx is HTTP/1.1 from there", async () => {
    const session = connectHttp2(origin, { createConnection: () =>
      connectTls({ host: "127.0.0.1", port: https, servername: "mosty.example", ca: authority.ca, ALPNProtocols: ["h2"] }) });
    const stream = session.request({ ":path": "/v1/me", cookie: world.cookie });
    const head = await within(new Promise((resolve, reject) => stream.once("response", resolve).once("error", reject)), "an answer");
    let text = "";
    for await (const part of stream.setEncoding("utf8")) text += part;
    assert.equal(head[":status"], 200);
    assert.equal(JSON.parse(text).actor, world.officer.actor);
    await new Promise((resolve) => session.close(resolve));
  });

  it("plain HTTP only leads to https", async () => {
    const { status, headers } = await ask(`http://127.0.0.1:${http}/board?x=1`, { headers: { host: "mosty.example" } });
    assert.equal(status, 301);
    assert.equal(headers.get("location"), "https://mosty.example/board?x=1");
  });

  it("what a sender says of itself does not count", async () => {
    // The demo would not answer 203.0.113.9, and not without TLS.
    const headers = { "x-forwarded-for": "203.0.113.9", "x-forwarded-proto": "http", forwarded: "for=203.0.113.9;proto=http" };
    const { status, json } = await server.fetch("/v1/me", { cookie: world.cookie, headers });
    assert.equal(status, 200);
    assert.equal(json.actor, world.officer.actor);
  });

  it("requests of other pages are refused, and so is the server's own address as a page", async () => {
    for (const from of ["https://elsewhere.example", direct.origin, null]) {
      const { status, json } = await server.fetch("/v1/commands", { method: "POST", cookie: world.cookie, origin: from, body: "{}" });
      assert.equal(`${status} ${json.code}`, "403 bad_origin");
    }
  });

  it("WebSockets pass: commands, and what others are told", async () => {
    const [writer, reader] = await Promise.all([open(world.cookie), open(world.cookie)]);
    await reader.follow(world.proposal);
    assert.equal((await writer.command(world.proposal, "edit_proposal", { title: "Through nginx" })).type, "done");
    await until(() => reader.topics.get(world.proposal).value.title === "Through nginx", "the change");
    await Promise.all([writer.close(), reader.close()]);
    await assert.rejects(open(world.cookie, "https://elsewhere.example"), { status: 403 });
    await assert.rejects(open("__Host-mosty=forged"), { status: 401 });
  });

  it("server-sent events come as they happen, not gathered", async () => {
    const auditor = await server.signIn(await server.person("auditor"));
    const writer = await open(world.cookie);
    const lookup = (_, options, done) => (options.all ? done(null, [{ address: "127.0.0.1", family: 4 }]) : done(null, "127.0.0.1", 4));
    const stream = await EventStream.open(server, `/v1/events?stream=${world.proposal}`, { cookie: auditor, lookup });
    for (let i = 0; i < 3; ++i) {
      const { revision } = await writer.command(world.proposal, "edit_proposal", { title: `Heard ${i}` });
      await stream.until(({ events }) => events.length === revision, "the event while the stream is open", 5_000);
    }
    assert.equal(stream.over, undefined);
    await stream.hangUp();
    await writer.close();
  });

  it("metrics are there for this machine, and a body that is too long is refused", async () => {
    assert.equal((await server.fetch("/metrics")).status, 200);
    assert.equal((await server.fetch("/v1/commands", { method: "POST", cookie: world.cookie, body: "x".repeat(100_000) })).status, 413);
  });

  it("an address that holds as many connections as it may is told so, until one ends", async (test) => {
    const at = await startAnother(test, [["limit_conn mosty_connections 512;", "limit_conn mosty_connections 3;"]]);
    const held = [await open(world.cookie, origin, at), await open(world.cookie, origin, at), await open(world.cookie, origin, at)];
    await assert.rejects(open(world.cookie, origin, at), { status: 429 });
    await held.pop().close();
    held.push(await until(() => open(world.cookie, origin, at).catch(() => undefined), "a place"));
    await Promise.all(held.map((client) => client.close()));
  });

  it("an address that asks faster than it may is told so", async (test) => {
    const at = await startAnother(test, [["rate=1000r/s", "rate=1r/m"], ["burst=10000 nodelay", "burst=2 nodelay"]]);
    const statuses = [];
    for (let i = 0; i < 5; ++i)
      statuses.push((await ask(`${at}/v1/me`, { headers: { cookie: world.cookie }, ca: authority.ca, at: "127.0.0.1" })).status);
    assert.deepEqual(statuses, [200, 200, 200, 429, 429]);
  });
});
