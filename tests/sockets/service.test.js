// What whoever runs a server asks of it.
import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { it } from "node:test";

import { officerWithProposal } from "./support/demo.js";
import { folderFor, run, Server } from "./support/server.js";

it("health and readiness are there for anybody, metrics for this machine", async (test) => {
  const server = await Server.start(test);
  for (const [path, text] of [["/healthz", "alive\n"], ["/readyz", "ready\n"]]) {
    const answer = await server.fetch(path, { origin: null });
    assert.equal(answer.status, 200);
    assert.equal(answer.text, text);
  }
  const world = await officerWithProposal(server);
  const client = await server.connect(world.cookie);
  await client.follow(world.proposal);
  const before = await server.metric("mosty_commands_done_total");
  await client.command(world.proposal, "edit_proposal", { title: "Counted" });
  await client.command(world.proposal, "edit_proposal", { title: "" });
  assert.equal(await server.metric("mosty_commands_done_total"), before + 1);
  assert.equal(await server.metric("mosty_connections"), 1);
  assert.equal(await server.metric("mosty_subscriptions"), 1);
  assert.equal(await server.metric("mosty_commands_waiting"), 0);
  const { text, headers } = await server.fetch("/metrics");
  assert.match(headers.get("content-type"), /^text\/plain; version=0\.0\.4/);
  for (const line of text.trimEnd().split("\n"))
    assert.match(line, /^(# (HELP|TYPE) mosty_\w+ .+|mosty_\w+(\{[^}]*\})? [0-9.e+-]+)$/);
});

it("metrics are for this machine, for nobody or for all, as the settings say", async (test) => {
  const asked = async (setting, from) => {
    const config = join(await folderFor(test), "mosty.toml");
    await writeFile(config, `[http]\ntrusted_proxies = ["127.0.0.1"]\n${setting}\n`);
    const server = await Server.start(test, { args: ["--config", config] });
    const answer = await server.fetch("/metrics", { headers: { "x-forwarded-for": from, "x-forwarded-proto": "https" } });
    await server.stop();
    return `${answer.status} ${answer.json?.code ?? ""}`.trim();
  };
  assert.equal(await asked("", "203.0.113.9"), "403 not_allowed");
  assert.equal(await asked("", "127.0.0.1"), "200");
  assert.equal(await asked('metrics = "off"', "127.0.0.1"), "404 not_found");
  assert.equal(await asked('metrics = "all"', "203.0.113.9"), "200");
});

it("a HEAD is a GET without the body", async (test) => {
  const server = await Server.start(test);
  const answer = await server.fetch("/healthz", { method: "HEAD" });
  assert.equal(answer.status, 200);
  assert.equal(answer.text, "");
  assert.equal(answer.headers.get("content-length"), "6");
});

it("every answer tells the browser what it may do with it", async (test) => {
  const server = await Server.start(test);
  for (const path of ["/healthz", "/v1/me", "/nowhere.js", "/v1/demo/people"]) {
    const { headers } = await server.fetch(path);
    assert.match(headers.get("content-security-policy"), /^default-src 'none'; /);
    assert.equal(headers.get("x-content-type-options"), "nosniff");
    assert.equal(headers.get("referrer-policy"), "same-origin");
  }
});

it("settings come from a file, and flags win over it", async (test) => {
  const folder = await folderFor(test);
  const config = join(folder, "mosty.toml");
  await writeFile(config, `data = "${join(folder, "wrong")}"
listen = "127.0.0.1:1"
demo = true
origins = ["http://mosty.example"]
[limits]
connection_subscriptions = 2
message_bytes = 2048
`);
  const server = await Server.start(test, { data: join(folder, "right"), args: ["--config", config] });
  const world = await officerWithProposal(server);
  const client = await server.connect(world.cookie);
  for (const topic of ["towns", "directory"]) assert.equal((await client.follow(topic)).type, "current");
  assert.equal((await client.follow("programme")).problem.code, "too_many_subscriptions");
  client.send("x".repeat(2_049));
  assert.deepEqual(await client.ended, { code: 1009 });
  const { status } = await server.fetch("/v1/sign-out", { method: "POST", origin: "http://mosty.example" });
  assert.equal(status, 204);
});

it("all mistakes in the settings are told at once, and nothing is made", async (test) => {
  const folder = await folderFor(test);
  const config = join(folder, "mosty.toml");
  await writeFile(config, `listen = "everywhere"\ncolour = "blue"\n[limits]\nconnections = -1\n`);
  const { code, stdout, stderr } = await run("serve", "--config", config, "--log-level", "loud");
  assert.equal(code, 2);
  assert.equal(stdout, "");
  for (const mistake of [/“everywhere” is not an address/, /colour is not a setting/, /limits\.connections must be/, /--data/, /“loud” is no log level/])
    assert.match(stderr, mistake);
});

it("a demo listens on loopback only", async (test) => {
  const folder = await folderFor(test);
  for (const listen of ["0.0.0.0:0", "[::]:0", "192.0.2.1:0"]) {
    const { code, stderr } = await run("serve", "--data", folder, "--demo", "--listen", listen);
    assert.equal(code, 2);
    assert.match(stderr, /loopback only/);
  }
});

it("without a demo nobody signs in by choosing", async (test) => {
  const server = await Server.start(test, { args: [] });
  assert.equal((await server.fetch("/v1/demo/people")).status, 404);
  const answer = await server.fetch("/v1/sign-in", { method: "POST", body: '{"actor":"u-ana"}' });
  assert.equal(answer.status, 400);
  assert.equal(answer.headers.get("set-cookie"), null);
  assert.equal((await server.fetch("/v1/me")).status, 401);
});

it("a port that is taken is told in a sentence", async (test) => {
  const server = await Server.start(test);
  const { code, stderr } = await run("serve", "--data", await folderFor(test), "--listen", `127.0.0.1:${server.port}`);
  assert.equal(code, 1);
  assert.match(stderr, /cannot listen on 127\.0\.0\.1:\d+: Address already in use/);
});

it("a sign-in is a cookie that scripts cannot read, and signing out ends it", async (test) => {
  const server = await Server.start(test);
  const person = await server.person("auditor");
  const answer = await server.fetch("/v1/sign-in", { method: "POST", body: JSON.stringify({ actor: person.actor }) });
  const [cookie, device] = answer.headers.getSetCookie();
  assert.match(cookie, /^mosty=[^;]+; Path=\/; HttpOnly; SameSite=Strict; Max-Age=\d+$/);
  assert.match(device, /^mosty-device=[^;]+; Path=\/; HttpOnly; SameSite=Strict; Max-Age=\d+$/);
  assert.deepEqual(answer.json, { ...person, demo: true });
  assert.deepEqual((await server.fetch("/v1/me", { cookie: cookie.split(";")[0] })).json, { ...person, demo: true });
  const out = await server.fetch("/v1/sign-out", { method: "POST", cookie: cookie.split(";")[0] });
  assert.equal(out.status, 204);
  assert.match(out.headers.getSetCookie()[0], /^mosty=; .*Max-Age=0$/);
  assert.equal((await server.fetch("/v1/me", { cookie: cookie.split(";")[0] })).status, 401); // it is over, not only forgotten
  assert.equal((await server.fetch("/v1/sign-in", { method: "POST", body: '{"actor":"u-nobody"}' })).status, 404);
  assert.equal((await server.fetch("/v1/sign-in", { method: "POST", body: "hello" })).status, 400);
});
