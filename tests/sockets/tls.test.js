// TLS as Mosty itself speaks it. Certificates are made by openssl, by an authority of the test's own.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { appendFile, chmod, copyFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { connect as connectPlain } from "node:net";
import { connect } from "node:tls";
import { after, before, describe, it } from "node:test";

import { ask } from "./support/ask.js";
import { Authority, lockedKey } from "./support/certificates.js";
import { Client } from "./support/client.js";
import { until, within } from "./support/deadline.js";
import { officerWithProposal } from "./support/demo.js";
import { EventStream } from "./support/event_stream.js";
import { folderFor, Group, run, Server } from "./support/server.js";

const flags = ({ certificate, key }) => ["--certificate", certificate, "--key", key];

// Shakes hands; answers the socket, or why that failed.
async function shakeHands(server, options = {}) {
  const socket = connect({ host: "127.0.0.1", port: server.port, servername: "localhost", ca: server.ca, ...options });
  socket.on("error", () => {});
  await within(new Promise((resolve, reject) => socket.once("secureConnect", resolve).once("error", reject)), "a handshake");
  return socket;
}

const refusal = (server, options) => shakeHands(server, options).then((socket) => (socket.destroy(), "taken"), ({ code }) => code);

// Everything that comes until the server ends it.
async function answerTo(socket, text) {
  let received = "";
  socket.setEncoding("utf8").on("data", (part) => (received += part));
  const ended = new Promise((resolve) => socket.once("close", resolve));
  socket.write(text);
  await within(ended, "the answer and the end");
  return received;
}

describe("a server with a certificate", () => {
  const group = new Group();
  let authority, server, world;

  before(async () => {
    authority = await Authority.found(await folderFor(group));
    server = await Server.start(group, { args: ["--demo", ...flags(await authority.issue("mosty"))], ca: authority.ca });
    world = await officerWithProposal(server);
  });
  after(() => group.end());

  it("is at an https address and answers there", async () => {
    assert.match(server.origin, /^https:\/\/127\.0\.0\.1:\d+$/);
    assert.equal((await server.fetch("/healthz")).text, "alive\n");
    assert.equal((await server.fetch("/v1/me", { cookie: world.cookie })).json.actor, world.officer.actor);
  });

  it("speaks TLS 1.3 and 1.2, and nothing older", async () => {
    for (const version of ["TLSv1.3", "TLSv1.2"]) {
      const socket = await shakeHands(server, { minVersion: version, maxVersion: version });
      assert.equal(socket.getProtocol(), version);
      socket.destroy();
    }
    for (const version of ["TLSv1.1", "TLSv1"])
      assert.equal(await refusal(server, { minVersion: version, maxVersion: version, ciphers: "ALL:@SECLEVEL=0" }),
        "ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION", version);
  });

  it("takes only ciphers with forward secrecy and authenticated encryption", async () => {
    const with12 = (ciphers) => refusal(server, { ciphers, minVersion: "TLSv1.2", maxVersion: "TLSv1.2" });
    for (const cipher of ["ECDHE-ECDSA-AES128-GCM-SHA256", "ECDHE-ECDSA-AES256-GCM-SHA384", "ECDHE-ECDSA-CHACHA20-POLY1305"])
      assert.equal(await with12(cipher), "taken", cipher);
    for (const cipher of ["ECDHE-ECDSA-AES128-SHA256", "ECDHE-ECDSA-AES256-SHA", "AES128-GCM-SHA256", "DHE-RSA-AES128-GCM-SHA256"])
      assert.match(await with12(cipher), /HANDSHAKE_FAILURE/, cipher);
  });

  it("agrees to http/1.1, and to no other protocol", async () => {
    const socket = await shakeHands(server, { ALPNProtocols: ["h2", "http/1.1"] });
    assert.equal(socket.alpnProtocol, "http/1.1");
    socket.destroy();
    assert.match(await refusal(server, { ALPNProtocols: ["h2"] }), /NO_APPLICATION_PROTOCOL/);
  });

  it("issues no session that could be resumed, and does not renegotiate", async () => {
    for (const version of ["TLSv1.3", "TLSv1.2"]) {
      const socket = await shakeHands(server, { minVersion: version, maxVersion: version });
      let ticket = socket.getTLSTicket();
      socket.on("session", () => (ticket = "issued"));
      await answerTo(socket, `GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`);
      assert.equal(ticket, undefined, version);
    }
    const socket = await shakeHands(server, { maxVersion: "TLSv1.2" });
    const told = new Promise((resolve) => socket.once("error", resolve));
    socket.renegotiate({}, () => assert.fail("it renegotiated"));
    assert.match((await within(told, "an answer to the wish to renegotiate")).code, /NO_RENEGOTIATION/);
    socket.destroy();
  });

  it("goes on with a peer that makes new keys now and then, and parts with one that does nothing else", async () => {
    // Node makes none; openssl does at a line “k”, and asks the server for some at “K”.
    const keys = async (lines, last) => {
      const child = spawn("openssl", ["s_client", "-connect", `127.0.0.1:${server.port}`, "-tls1_3", "-crlf"], { stdio: ["pipe", "pipe", "pipe"] });
      let told = "", isOver = false;
      for (const output of [child.stdout, child.stderr]) output.setEncoding("utf8").on("data", (text) => (told += text));
      child.stdin.on("error", () => {});
      const ended = new Promise((resolve) => child.once("close", () => resolve(isOver = true)));
      await until(async () => told.includes("Verify return code"), "a handshake");
      for (const [index, line] of lines.entries()) {
        child.stdin.write(`${line}\n`); // a command only where it begins what openssl reads at once
        await until(async () => isOver || told.split("KEYUPDATE").length > index + 1, "new keys");
      }
      child.stdin.write(last);
      await within(ended, "the end");
      return told;
    };
    const request = "GET /healthz HTTP/1.1\nHost: localhost\nConnection: close\n\n";
    assert.match(await keys(["k", "K", "k", "K"], request), /^alive$/m);
    assert.doesNotMatch(await keys(Array(40).fill("k"), request), /^alive$/m);
    assert.doesNotMatch(await keys(Array(40).fill("K"), request), /^alive$/m);
    assert.equal((await server.fetch("/healthz")).text, "alive\n");
  });

  it("gives a cookie that is of this host and goes over TLS only, and tells the browser to stay", async () => {
    const answer = await server.fetch("/v1/sign-in", { method: "POST", body: JSON.stringify({ actor: world.officer.actor }) });
    const [cookie, ...others] = answer.headers.getSetCookie();
    assert.match(cookie, /^__Host-mosty=[^;]+; Path=\/; HttpOnly; SameSite=Strict; Max-Age=\d+; Secure$/);
    for (const other of others) assert.match(other, /^__Host-[^;]+; Path=\/; HttpOnly; SameSite=\w+; Max-Age=\d+; Secure$/);
    assert.equal(answer.headers.get("strict-transport-security"), "max-age=63072000");
    const out = await server.fetch("/v1/sign-out", { method: "POST", cookie: cookie.split(";")[0] });
    assert.match(out.headers.getSetCookie()[0], /^__Host-mosty=; .*Max-Age=0; Secure$/);
    const plainName = world.cookie.replace("__Host-", "");
    assert.equal((await server.fetch("/v1/me", { cookie: plainName })).status, 401);
  });

  it("tells no browser anything about localhost, where other servers of a developer are", async () => {
    const { status, headers } = await ask(`https://localhost:${server.port}/healthz`, { ca: authority.ca, at: "127.0.0.1" });
    assert.equal(status, 200);
    assert.equal(headers.get("strict-transport-security"), null);
  });

  it("does not answer what is not TLS", async () => {
    const socket = connectPlain(server.port, "127.0.0.1").on("error", () => {});
    assert.doesNotMatch(await answerTo(socket, "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"), /HTTP/);
  });

  it("keeps a connection for many requests, also when they come at once", async () => {
    const socket = await shakeHands(server);
    const one = "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n";
    const last = "GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    const text = await answerTo(socket, one.repeat(20) + last);
    assert.equal(text.match(/HTTP\/1\.1 200/g).length, 21);
    assert.equal(text.match(/alive\n/g).length, 21);
  });

  it("serves a WebSocket: commands, and frames of hundreds of kilobytes", async () => {
    const writer = await server.connect(world.cookie);
    const reader = await server.connect(world.cookie);
    await reader.follow(world.proposal);
    assert.equal((await writer.command(world.proposal, "edit_proposal", { title: "Over TLS" })).type, "done");
    await until(() => reader.topics.get(world.proposal).value.title === "Over TLS", "the change");
    // A hundred patches in one message are many records of TLS.
    const summary = "Вода ".repeat(300);
    for (let i = 0; i < 100; ++i)
      assert.equal((await writer.command(world.proposal, "edit_proposal", { summary: `${summary}${i}` })).type, "done");
    const late = await server.connect(world.cookie);
    const { log, format, size } = late.frames[0];
    late.topics.set(world.proposal, { value: {} });
    await late.follow(world.proposal, { log, format, after: size - 100 });
    assert.deepEqual(late.frames.filter(({ type }) => type === "patch").map(({ patch }) => patch.summary),
      Array.from({ length: 100 }, (_, i) => `${summary}${i}`));
    await Promise.all([writer, reader, late].map((client) => client.close()));
  });

  it("streams the log whole, and on as it grows", async () => {
    const auditor = await server.signIn(await server.person("auditor"));
    const lines = await server.fetch("/v1/events", { cookie: auditor, headers: { accept: "application/x-ndjson" } });
    assert.equal(lines.text.trimEnd().split("\n").length, await server.metric("mosty_log_size"));

    const client = await server.connect(world.cookie);
    const stream = await EventStream.open(server, `/v1/events?stream=${world.proposal}`, { cookie: auditor });
    const { revision } = await client.command(world.proposal, "edit_proposal", { title: "Heard at once" });
    await stream.until(({ events }) => events.length === revision, "the event");
    await client.close();
    await stream.hangUp();
  });

  it("refuses a body over the limit with 413, not with a reset", async () => {
    const { status } = await server.fetch("/v1/commands", { method: "POST", cookie: world.cookie, body: "x".repeat(2_000_000) });
    assert.equal(status, 413);
  });
});

describe("a handshake", () => {
  const group = new Group();
  let server;

  before(async () => {
    const authority = await Authority.found(await folderFor(group));
    const config = join(await folderFor(group), "mosty.toml");
    await writeFile(config, "demo = true\n[limits]\nhandshake_timeout_ms = 700\n");
    server = await Server.start(group, { args: ["--config", config, ...flags(await authority.issue("mosty"))], ca: authority.ca });
  });
  after(() => group.end());

  it("that does not come to its end is cut off, and hinders nobody meanwhile", async () => {
    // A ClientHello begins like this; the rest never comes.
    const beginnings = [Buffer.alloc(0), Buffer.from([0x16]), Buffer.from([0x16, 3, 1, 2, 0, 1, 0, 1, 0xfc, 3, 3])];
    const stalled = await Promise.all(Array.from({ length: 150 }, async (_, i) => {
      const socket = connectPlain(server.port, "127.0.0.1").on("error", () => {}).on("data", () => {});
      const ended = new Promise((resolve) => socket.once("close", resolve));
      await within(new Promise((resolve) => socket.once("connect", resolve)), "a connection");
      socket.write(beginnings[i % beginnings.length]);
      return ended;
    }));
    assert.equal((await server.fetch("/healthz")).status, 200);
    await within(Promise.all(stalled), "their end");
  });

  it("costs its address as much as many requests: whoever shakes hands without end waits", async (test) => {
    const authority = await Authority.found(await folderFor(test));
    const config = join(await folderFor(test), "mosty.toml");
    await writeFile(config, "[limits]\naddress_requests_per_s = 100\nsaved_up_ms = 1000\n");
    const server = await Server.start(test, { args: ["--config", config, ...flags(await authority.issue("mosty"))], ca: authority.ca });
    const waits = async () => Number(/^mosty_limits_reached_total\{limit="address_requests"\} (.*)$/m.exec((await server.fetch("/metrics")).text)[1]);
    assert.equal(await waits(), 0);
    await Promise.all(Array.from({ length: 15 }, async () => (await shakeHands(server)).destroy()));
    assert.ok((await waits()) > 0);
  });

  it("and the first request's head have one deadline together", async () => {
    const socket = await shakeHands(server);
    const received = await answerTo(socket, "GET /healthz HTTP/1.1\r\nHost: loc");
    assert.equal(received, "");
  });
});

describe("a new certificate", () => {
  const group = new Group();
  let authority, server, used, world;
  let clients = [];

  const serial = async () => {
    const socket = await shakeHands(server);
    const { serialNumber } = socket.getPeerCertificate();
    socket.destroy();
    return Number(`0x${serialNumber}`);
  };
  const put = async ({ certificate, key }) => {
    await copyFile(certificate, used.certificate);
    await copyFile(key, used.key);
  };
  const hangUp = async (what) => {
    const from = server.stderr.length;
    process.kill(server.pid, "SIGHUP");
    return until(() => what.exec(server.stderr.slice(from)), `${what} in the log`);
  };
  const allLive = async () => {
    await Promise.all(clients.map((client) => client.settle()));
    assert.deepEqual(clients.filter(({ closed }) => closed), []);
  };

  before(async () => {
    authority = await Authority.found(await folderFor(group));
    const folder = await folderFor(group);
    used = { certificate: join(folder, "chain.pem"), key: join(folder, "key.pem") };
    await put(await authority.issue("first"));
    await chmod(used.key, 0o600);
    server = await Server.start(group, { args: ["--demo", "--log-level", "info", ...flags(used)], ca: authority.ca });
    world = await officerWithProposal(server);
    for (let i = 0; i < 50; ++i) clients.push(await server.connect(world.cookie));
  });
  after(async () => {
    await Promise.all(clients.map((client) => client.close()));
    await group.end();
  });

  it("is used by those who come after SIGHUP, and the fifty who are here go on undisturbed", async () => {
    assert.equal(await serial(), 1);
    await put(await authority.issue("second"));
    assert.equal(await serial(), 1); // not before it is asked to
    await hangUp(/a new certificate is in use/);
    assert.equal(await serial(), 2);
    await allLive();
    const answer = await clients[7].command(world.proposal, "edit_proposal", { title: "Still here" });
    assert.equal(answer.type, "done");
  });

  it("may be of another kind", async () => {
    await put(await authority.issue("third", { newKey: ["-newkey", "rsa:2048", "-nodes"] }));
    await hangUp(/a new certificate is in use/);
    assert.equal(await serial(), 3);
    await allLive();
  });

  it("that is a bad one is refused with the reason, and the old one stays", async () => {
    const good = await authority.issue("fourth");
    const other = await authority.issue("fifth");
    const bad = {
      "no certificate that can": async () => writeFile(used.certificate, "-----BEGIN CERTIFICATE-----\nnonsense\n"),
      "is not the key of|no key that can be used": async () => put({ certificate: good.certificate, key: other.key }),
      "no key that can be used": async () => writeFile(used.key, ""),
      "it ran out at 20": async () => put(await authority.issue("sixth", { days: -1 })),
      "holds no certificate that can be used": async () => put(await authority.issue("seventh", { newKey: ["-newkey", "rsa:1024", "-nodes"] })),
      "others may read": async () => (await put(good), chmod(used.key, 0o644)),
      "read or write it": async () => chmod(used.key, 0o620),
    };
    for (const [reason, spoil] of Object.entries(bad)) {
      await put(good);
      await chmod(used.key, 0o600);
      await spoil();
      await hangUp(new RegExp(`the certificate stays as it was: .*(${reason})`));
      assert.equal(await serial(), 3, reason);
    }
    await allLive();
    await put(good);
    await chmod(used.key, 0o640); // a group that keeps certificates may read it
    await hangUp(/a new certificate is in use/);
    assert.equal(await serial(), 4);
  });

  it("comes with its chain", async () => {
    await put(await authority.issue("eighth"));
    await appendFile(used.certificate, authority.ca);
    await hangUp(/a new certificate is in use/);
    const socket = await shakeHands(server);
    assert.equal(socket.getPeerCertificate(true).issuerCertificate.subject.CN, "Authority of a test");
    socket.destroy();
  });

  it("is used too when it was asked for while what was erased is folded away, which SIGHUP does not end", async () => {
    await put(await authority.issue("between"));
    const secretariat = await server.signIn(await server.person("secretariat"));
    const from = server.stderr.length;
    const { actor } = await server.person("funder");
    const erased = await server.fetch("/v1/commands", {
      method: "POST", cookie: secretariat,
      body: JSON.stringify({ id: "c-erase-between", stream: `person/${actor}`, name: "erase_person", data: { reason: "asked for it" } }),
    });
    assert.equal(erased.status, 200, erased.text);
    await until(() => /something was erased/.exec(server.stderr.slice(from)), "the life of before ends");
    const serves = () => /serves \d+ entries/.exec(server.stderr.slice(from));
    while (!serves()) {
      process.kill(server.pid, "SIGHUP");
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    assert.ok(server.alive);
    await until(() => /a new certificate is in use/.exec(server.stderr.slice(from)), "the certificate is read again");
    clients = await Promise.all(clients.map(() => server.connect(world.cookie)));
  });
});

describe("a server does not start", () => {
  const group = new Group();
  let authority, good, data;

  before(async () => {
    authority = await Authority.found(await folderFor(group));
    good = await authority.issue("good");
    data = await folderFor(group);
  });
  after(() => group.end());

  const refused = async (code, reason, ...args) => {
    const listen = args.includes("--listen") ? [] : ["--listen", "127.0.0.1:0"];
    const end = await run("serve", "--data", data, ...listen, ...args);
    assert.match(end.stderr, reason);
    assert.equal(end.code, code);
  };

  it("with a key that others may read, that has a passphrase, is missing, or is another's", async () => {
    await chmod(good.key, 0o604);
    await refused(1, /holds a secret and others may read or write it; take that from them: chmod/, ...flags(good));
    await chmod(good.key, 0o600);
    await refused(1, /holds no key that can be used/, ...flags({ ...good, key: await lockedKey(good.key) }));
    await refused(1, /No such file/, ...flags({ ...good, key: `${good.key}.none` }));
    await refused(1, /key/, ...flags({ ...good, key: (await authority.issue("other")).key }));
  });

  it("with a certificate and no key, or a key and no certificate", async () => {
    await refused(2, /needs both a certificate and its key/, "--certificate", good.certificate);
    await refused(2, /needs both a certificate and its key/, "--key", good.key);
  });

  it("beyond loopback without TLS and without a trusted proxy", async () => {
    await refused(2, /everybody on the way to 0\.0\.0\.0 could read along/, "--listen", "0.0.0.0:0");
  });

  it("for pages at an https address that nobody gives a certificate", async () => {
    await refused(2, /pages at https:\/\/mosty\.example need TLS/, "--origin", "https://mosty.example");
  });

  it("with authorities that are none", async (test) => {
    const config = join(await folderFor(test), "mosty.toml");
    await writeFile(config, `[tls]\nauthorities = "${good.key}.none"\n`);
    await refused(1, /no certificates of authorities/, "--config", config);
  });
});

it("beyond loopback a server with TLS starts, and so does one whose keeper insists", async (test) => {
  const authority = await Authority.found(await folderFor(test));
  for (const args of [flags(await authority.issue("mosty")), ["--plain-beyond-loopback"]]) {
    const server = await Server.start(test, { args: [...args, "--listen", "0.0.0.0:0"], ca: authority.ca });
    const { status, json } = await ask(`${server.origin.replace("0.0.0.0", "127.0.0.1")}/v1/me`, { ca: authority.ca });
    assert.equal(status, 401, JSON.stringify(json));
    assert.equal((await server.stop()).code, 0);
  }
});
