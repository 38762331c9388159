// The bundles that a running server makes, and the verifier that shares no code with it.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";

import { within } from "./support/deadline.js";
import { folderFor, Group, Server } from "./support/server.js";

const verifier = fileURLToPath(new URL("../../client-js/verifier/verify-bundle.mjs", import.meta.url));

describe("an evidence bundle of a running server", () => {
  const group = new Group();
  let server, auditor, folder, key, proposals;

  before(async () => {
    server = await Server.start(group);
    folder = await folderFor(group);
    auditor = await server.signIn(await server.person("auditor"));
    key = (await server.fetch("/v1/log/key")).text.trim();
    proposals = (await server.read("/v1/lists/proposals/all?limit=500", auditor)).rows.map(({ id }) => id);
    const { size } = await server.read("/v1/views/programme", auditor);
    await within(covers(size), "a checkpoint covers the demo");
  });
  after(() => group.end());

  async function covers(size) {
    while (Number((await server.fetch("/checkpoint")).text.split("\n")[1]) < size) await new Promise((resolve) => setTimeout(resolve, 20));
  }

  const bundleOf = async (proposal, query = "") => {
    const answer = await server.fetch(`/v1/evidence/proposal/${proposal}${query}`, { cookie: auditor });
    assert.equal(answer.status, 200, answer.text);
    return answer.json;
  };

  async function verify(bundle, ...args) {
    const file = join(folder, "bundle.json");
    await writeFile(file, typeof bundle === "string" ? bundle : JSON.stringify(bundle));
    return spawnSync(process.execPath, [verifier, file, ...args], { encoding: "utf8" });
  }

  it("holds for every proposal of the demo, under the key that the server publishes", async () => {
    assert.ok(proposals.length >= 5);
    for (const proposal of proposals) {
      const { status, stdout, stderr } = await verify(await bundleOf(proposal), "--key", key);
      assert.equal(status, 0, `${proposal}: ${stderr}`);
      assert.match(stdout, new RegExp(`^VERIFIED {2}proposal/${proposal}, as of \\d+ events`));
    }
  });

  it("holds as of every earlier size since the proposal was drafted", async () => {
    const { events } = await server.read("/v1/events?stream=proposal/byshiv-water&limit=500", auditor);
    for (const { position } of events) {
      const { status, stderr } = await verify(await bundleOf("byshiv-water", `?at=${position + 1}`), "--key", key);
      assert.equal(status, 0, `at ${position + 1}: ${stderr}`);
    }
  });

  it("does not hold with a flipped bit, without an event, with two in each other's place, or under a foreign key", async () => {
    const bundle = await bundleOf("byshiv-water");
    const bent = (change) => { const copy = structuredClone(bundle); change(copy); return copy; };
    const flip = (entry, at) => { const bytes = Buffer.from(entry); bytes[at] ^= 1; return bytes.toString(); };
    const liars = [
      ...bundle.events.map((_, index) => bent(({ events }) => { events[index].entry = flip(events[index].entry, 40 + index); })),
      bent(({ events }) => { events.splice(3, 1); }),
      bent(({ events }) => { [events[4].entry, events[5].entry] = [events[5].entry, events[4].entry]; }),
      bent(({ nodes }) => { nodes.pop(); }),
      bent(({ content }) => { Object.values(content.proposal.budget)[0].amount += 1; }),
      bent(({ content }) => { content.texts.needs.content[0].insert = content.texts.needs.content[0].insert.replace("11", "91"); }),
      bent((copy) => { copy.checkpoint = copy.checkpoint.replace(/\n\d+\n/, "\n7\n"); }),
    ];
    for (const [index, liar] of liars.entries()) {
      const { status, stdout, stderr } = await verify(liar, "--key", key);
      assert.equal(status, 1, `liar ${index}: ${stdout}${stderr}`);
    }
    const other = await Server.start(group);
    const foreign = (await other.fetch("/v1/log/key")).text.trim();
    assert.notEqual(foreign, key);
    assert.equal((await verify(bundle, "--key", foreign)).status, 1);
  });

  it("is not there for those who may not read the proposal, and for proposals that do not exist", async () => {
    const people = await server.people();
    const { rows } = await server.read("/v1/lists/proposals/all?limit=500", auditor);
    const [row] = rows;
    const stranger = people.find(({ role, organisation }) => role === "officer" && organisation !== row.ua && organisation !== row.eu
      && !rows.some(({ ua, eu, id }) => id === row.id && (ua === organisation || eu === organisation)));
    const cookie = await server.signIn(stranger);
    assert.equal((await server.fetch(`/v1/evidence/proposal/${row.id}`, { cookie })).status, 403);
    assert.equal((await server.fetch(`/v1/evidence/proposal/${row.id}`)).status, 401);
    assert.equal((await server.fetch("/v1/evidence/proposal/no-such", { cookie: auditor })).status, 404);
    assert.ok((await server.fetch(`/v1/evidence/proposal/${row.id}?at=99999999`, { cookie: auditor })).status >= 400);
  });
});
