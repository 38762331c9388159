// The tools on a data folder, beside a running server and without one.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { chmod, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { it } from "node:test";

import { inviteByTool } from "./support/accounts.js";
import { officerWithProposal } from "./support/demo.js";
import { binary, folderFor, run, Server } from "./support/server.js";

const hromadas = `katottg,name_uk,full_name_uk,type_uk,raion_uk,oblast_uk,centre_uk,lat,lon,settlements,area_km2,population_2022
UA05020010000053508,Агрономічна,Агрономічна сільська громада,сільська,Вінницький,Вінницька,Агрономічне,49.1927696,28.3720314,6,86.1,9361
UA05020030000031457,Вінницька,Вінницька міська громада,міська,Вінницький,Вінницька,Вінниця,north,28.467975,9,256.6,387439
UA05020050000066991,Вороновицька,Вороновицька селищна громада,селищна,Вінницький,Вінницька,Вороновиця,49.1117881,28.6889425,21,373.5,17127
`;
const eu = `gisco_id,country,nuts3,name,population_2020,area_km2,lat,lon
AT_10201,AT,AT112,Rust,1980,20.12,47.80118,16.67409
`;

async function registers(folder) {
  const files = [join(folder, "hromadas.csv"), join(folder, "eu.csv")];
  await writeFile(files[0], hromadas);
  await writeFile(files[1], eu);
  return files;
}

it("a second server on the same folder refuses in a clear sentence, and the first goes on", async (test) => {
  const server = await Server.start(test);
  const second = await run("serve", "--data", server.data, "--listen", "127.0.0.1:0");
  assert.equal(second.code, 1);
  assert.equal(second.stdout, "");
  const { level, message } = JSON.parse(second.stderr.trim());
  assert.equal(level, "critical");
  assert.match(message, /^cannot start: .*(another|other|running|open)/i);
  assert.ok(message.length < 300, message);
  assert.equal((await server.fetch("/readyz")).status, 200);
  const checked = await run("verify", "--data", server.data);
  assert.equal(checked.code, 0);
});

for (const beside of [true, false])
  it(`registers are taken in ${beside ? "beside a running server" : "when the folder is free"}, once, and bad rows are told by line`, async (test) => {
    const folder = await folderFor(test);
    const files = await registers(folder);
    const server = await Server.start(test, { args: beside ? ["--demo"] : [] });
    const size = await server.metric("mosty_log_size");
    if (!beside) await server.stop();

    const first = await run("import", "--data", server.data, ...files);
    assert.equal(first.code, 0, first.stderr);
    assert.match(first.stdout, /^hromadas\.csv:3: left out: the coordinates/m);
    assert.match(first.stdout, /^4 rows: 3 registered or updated, 0 as they were, 1 left out;/m);

    const second = await run("import", "--data", server.data, ...files);
    assert.equal(second.code, 0, second.stderr);
    assert.match(second.stdout, /^4 rows: 0 registered or updated, 3 as they were, 1 left out;/m);

    // A town that is counted anew is updated, and back again.
    const [changed] = files;
    await writeFile(changed, hromadas.replace("9361", "9362"));
    assert.match((await run("import", "--data", server.data, changed)).stdout, /^3 rows: 1 registered or updated, 1 as they were/m);
    await writeFile(changed, hromadas);
    assert.match((await run("import", "--data", server.data, changed)).stdout, /^3 rows: 1 registered or updated, 1 as they were/m);

    const { stdout } = await run("events", "--data", server.data, "--stream", "municipality/UA05020010000053508");
    const [registered, up, down] = stdout.trimEnd().split("\n").map((line) => JSON.parse(line));
    assert.equal(registered.type, "municipality.registered");
    assert.deepEqual([registered, up, down].map((event) => event.data.population), [9361, 9362, 9361]);

    if (!beside) await server.restart();
    assert.equal(await server.metric("mosty_log_size"), size + 5);
    assert.equal((await run("verify", "--data", server.data)).code, 0);
    if (!beside) return;
    const cookie = await server.signIn(await server.person("secretariat"));
    const { rows } = await server.read(`/v1/lists/municipalities?search=${encodeURIComponent("Агрономічне")}`, cookie);
    assert.equal(rows[0].code, "UA05020010000053508");
    assert.equal(rows[0].population, 9361);
  });

it("a file that is no register is refused, and says which line", async (test) => {
  const folder = await folderFor(test);
  const file = join(folder, "else.csv");
  await writeFile(file, "a,b\n1,2\n");
  const { code, stderr } = await run("import", "--data", join(folder, "data"), file);
  assert.equal(code, 1);
  assert.match(stderr, /else\.csv:1: /);
  const absent = await run("import", "--data", join(folder, "data"), join(folder, "absent.csv"));
  assert.equal(absent.code, 1);
  assert.match(absent.stderr, /absent\.csv/);
});

it("events and verify read beside a running server, and see what is new each time", async (test) => {
  const server = await Server.start(test);
  const world = await officerWithProposal(server);
  const size = await server.metric("mosty_log_size");
  const count = async (...args) => {
    const { code, stdout } = await run("events", "--data", server.data, ...args);
    assert.equal(code, 0);
    return stdout === "" ? 0 : stdout.trimEnd().split("\n").length;
  };
  assert.equal(await count(), size);
  assert.equal(await count("--from", String(size - 1)), 1);
  assert.equal(await count("--from", String(size)), 0);
  assert.equal(await count("--type", "proposal.drafted", "--stream", world.proposal), 1);

  const client = await server.connect(world.cookie);
  await client.command(world.proposal, "edit_proposal", { title: "Seen from beside" });
  assert.equal(await count(), size + 1);
  const { code, stdout } = await run("verify", "--data", server.data);
  assert.equal(code, 0);
  assert.match(stdout, new RegExp(`^sound: log [0-9a-f]{32}, ${size + 1} entries, `, "m"));
});

it("whoever reads the events may stop early", async (test) => {
  const server = await Server.start(test);
  const child = spawn(binary, ["events", "--data", server.data], { stdio: ["ignore", "pipe", "pipe"] });
  let stderr = "";
  child.stderr.on("data", (text) => (stderr += text));
  await new Promise((resolve) => child.stdout.once("data", resolve));
  child.stdout.destroy();
  await new Promise((resolve) => child.on("close", resolve));
  assert.equal(stderr, "");
});

it("every line of events is a CloudEvent 1.0", async (test) => {
  const server = await Server.start(test);
  await officerWithProposal(server);
  const { stdout } = await run("events", "--data", server.data);
  const lines = stdout.trimEnd().split("\n");
  assert.ok(lines.length > 300);
  const ids = new Set();
  let lastTime = "";
  for (const line of lines) {
    assert.ok(Buffer.byteLength(line) <= 65_535);
    const event = JSON.parse(line);
    assert.equal(JSON.stringify(event), line, "no white space, one way to write it");
    assert.equal(event.specversion, "1.0");
    assert.match(event.id, /^e-[a-z2-7]{26}$/);
    assert.match(event.source, /^urn:mosty:[0-9a-f]{32}$/);
    assert.match(event.type, /^(municipality|person|partnership|visit|proposal|text|site)\.[a-z_]+$/);
    assert.match(event.subject, /^([a-z]+|text\/proposal)\/[A-Za-z0-9_-]{1,64}(\/[a-z_]+)?$/);
    assert.match(event.time, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    assert.equal(new Date(event.time).toISOString(), event.time);
    assert.match(event.datacontenttype, /^application\/(json|vnd\.mosty\.sealed\+json)$/);
    assert.equal(typeof event.data, "object");
    assert.ok(event.data !== null && !Array.isArray(event.data));
    // An extension's name is lower-case letters and digits; its value is a text or a whole number of 32 bits.
    for (const [name, value] of Object.entries(event)) {
      assert.match(name, /^[a-z0-9]{1,20}$/);
      if (name !== "data") assert.ok(typeof value === "string" ? value !== "" : Number.isInteger(value) && Math.abs(value) < 2 ** 31, name);
    }
    assert.ok(!ids.has(event.source + event.id), "source and id together are unique");
    ids.add(event.source + event.id);
    assert.ok(event.time >= lastTime, "time never goes back");
    lastTime = event.time;
  }
});

it("views that were deleted are folded again to the same bytes", async (test) => {
  const server = await Server.start(test);
  const world = await officerWithProposal(server);
  const client = await server.connect(world.cookie);
  for (let i = 0; i < 20; ++i) {
    await client.command(world.proposal, "edit_proposal", { title: `Title ${i}` });
    await client.command(world.proposal, "set_indicator", { indicator: `i-${i % 3}`, name: "Pipe", unit: "m", target: i });
  }
  const lists = ["partnerships/all", "visits/all", "proposals/all", "feed/all", "municipalities", `feed/${world.ua}`, `visits/${world.eu}`];
  const everything = async () => {
    const texts = new Map();
    const keep = async (path) => {
      const answer = await server.fetch(path, { cookie: world.secretariat });
      assert.equal(answer.status, 200, path);
      texts.set(path, answer.text);
      return answer.json;
    };
    for (const topic of ["directory", "towns", "programme", world.proposal]) await keep(`/v1/views/${topic}`);
    for (const topic of lists) {
      const { rows } = await keep(`/v1/lists/${topic}?limit=500`);
      const kind = topic.split("/")[0].replace(/s$/, "");
      if (topic.endsWith("/all") && kind !== "feed") for (const { id } of rows) await keep(`/v1/views/${kind}/${id}`);
    }
    const { size } = await keep("/v1/views/programme");
    for (let at = 0; at <= size; at += 37) {
      await keep(`/v1/views/programme?at=${at}`);
      await keep(`/v1/views/${world.proposal}?at=${at}`);
    }
    return texts;
  };
  const live = await everything();
  assert.equal((await server.stop()).code, 0);
  assert.ok((await readdir(server.data)).includes("views"));
  await rm(join(server.data, "views"), { recursive: true });
  await server.restart();
  const rebuilt = await everything();
  assert.equal(rebuilt.size, live.size);
  for (const [path, text] of live) assert.equal(rebuilt.get(path), text, path);
});

it("a tool says what is wrong with a folder that is none", async (test) => {
  const folder = await folderFor(test);
  for (const tool of ["events", "verify"]) {
    const { code, stderr } = await run(tool, "--data", join(folder, "absent"));
    assert.equal(code, 2);
    assert.match(stderr, new RegExp(`^mosty ${tool}: .+`));
  }
});

it("a key that others may read is refused, and told how to be mended", async (test) => {
  const server = await Server.start(test);
  await server.stop();
  for (const name of ["master.key", "credentials.key", "clients.key"]) {
    const path = join(server.data, name);
    await chmod(path, 0o640);
    const { code, stderr } = await run("serve", "--demo", "--data", server.data, "--listen", "127.0.0.1:0");
    assert.notEqual(code, 0, name);
    assert.match(stderr, new RegExp(`${name} is not for its owner alone: chmod 600`));
    await chmod(path, 0o600);
  }
});

it("a folder of real people is not served as a demo", async (test) => {
  const server = await Server.start(test, { args: [] });
  await server.stop();
  await inviteByTool(server.data, "--name", "Олена", "--organisation", "cemr", "--role", "secretariat");
  const { code, stderr } = await run("serve", "--demo", "--data", server.data, "--listen", "127.0.0.1:0");
  assert.notEqual(code, 0);
  assert.match(stderr, /was not begun as a demo/);
});
