// The bundles that a running server makes, and the verifier that shares no code with it.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";

import { within } from "./support/deadline.js";
import { erases } from "./support/erasing.js";
import { Pen } from "./support/pen.js";
import { folderFor, Group, run, Server } from "./support/server.js";
import { twoTowns } from "./support/towns.js";

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

  it("holds for a proposal that was approved after one of its sections was erased", async () => {
    const towns = await twoTowns(server);
    const proposal = await towns.draft();
    for (const section of ["objective", "needs", "target_groups", "partnership", "activities", "results", "risks", "sustainability"]) {
      const pen = await Pen.open(server, towns.cookies.officer, `text/${proposal}/${section}`);
      await pen.write([{ insert: `Слова розділу ${section}` }]);
      await pen.connection.close();
    }
    await erases(server, towns, `text/${proposal}/risks`, "erase_text", { reason: "a private address" });
    await towns.does("friend", proposal, "ask_approval");
    for (const mayor of ["mayor", "friendMayor"]) await towns.does(mayor, proposal, "approve_proposal", { version: 1 });
    await within(covers((await server.read("/v1/views/programme", auditor)).size), "a checkpoint covers the approval");
    const bundle = await bundleOf(proposal.replace("proposal/", ""));
    assert.ok(!JSON.stringify(bundle).includes("Слова розділу risks"));
    const others = await verify(bundle, "--key", key);
    assert.equal(others.status, 0, others.stderr);
    const ours = await run("verify-bundle", join(folder, "bundle.json"), "--key", key);
    assert.equal(ours.code, 0, ours.stdout + ours.stderr);
  });

  it("holds as of every earlier size since the proposal was drafted", async () => {
    const { events } = await server.read("/v1/events?stream=proposal/byshiv-bacsalmas_water&limit=500", auditor);
    for (const { position } of events) {
      const { status, stderr } = await verify(await bundleOf("byshiv-bacsalmas_water", `?at=${position + 1}`), "--key", key);
      assert.equal(status, 0, `at ${position + 1}: ${stderr}`);
    }
  });

  it("does not hold with a flipped bit, without an event, with two in each other's place, or under a foreign key", async () => {
    const bundle = await bundleOf("byshiv-bacsalmas_water");
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

// A proposal that lives through everything: what two programs without a line in common make of the same events.
it("both verifiers fold a whole life of a proposal as the server does, as of each of its moments", async (test) => {
  const server = await Server.start(test);
  const towns = await twoTowns(server);
  const folder = await folderFor(test);
  const text = await towns.text("objective");
  const proposal = text.slice(5, text.lastIndexOf("/"));
  const does = (who, name, data) => towns.does(who, proposal, name, data);
  const third = (await server.read("/v1/lists/municipalities?limit=500", towns.cookies.officer)).rows.filter(({ id }) => id !== towns.ua && id !== towns.eu);
  const eu = third.find(({ country }) => country !== "UA").id;
  const ua = third.find(({ country }) => country === "UA").id;
  const line = (id, more) => does("officer", "set_budget_line", { line: id, category: "equipment", partner: towns.ua, description: "Насоси", amount: 10_00, currency: "EUR", ...more });

  await does("officer", "add_partner", { municipality: eu });
  await does("friend", "add_partner", { municipality: ua });
  await does("officer", "remove_partner", { municipality: eu });
  await does("friend", "add_partner", { municipality: eu });
  await line("__proto__", { currency: "UAH", invented: true });
  await line("l-1", { amount: 7, currency: "USD" });
  await line("l-2");
  await does("friend", "remove_budget_line", { line: "l-2" });
  await line("l-2", { amount: 20 });
  await does("friend", "set_funding_source", { source: "s-1", name: "Own", kind: "own", amount: 9, currency: "EUR", status: "confirmed" });
  await does("friend", "set_funding_source", { source: "s-1", name: "Own", kind: "own", amount: 9, currency: "PLN", status: "asked" });
  await does("friend", "set_funding_source", { source: "s-2", name: "Loan", kind: "loan", amount: 5, currency: "EUR", status: "planned" });
  await does("friend", "remove_funding_source", { source: "s-2" });
  await does("officer", "set_indicator", { indicator: "i-1", name: "People", unit: "people", baseline: 1, target: 2, baseline_on: "2025-03", source: "Register" });
  await does("officer", "edit_proposal", { summary: null });
  await does("officer", "edit_proposal", { summary: "Again", sectors: ["health", "energy"], title: "Health" });
  const pen = await Pen.open(server, towns.cookies.officer, text);
  await pen.write([{ insert: "Насоси 🌉", attributes: { bold: true } }]);
  await pen.write([{ insert: "x".repeat(2_100) }]);
  await pen.write([{ delete: 2_090 }]);
  await towns.does("friend", text, "comment_text", { thread: "t-1", kind: "comment", base: 3, from: 0, to: 3, body: "Чому?" });
  for (const section of ["needs", "target_groups", "partnership", "activities", "results", "risks", "sustainability"])
    await (await Pen.open(server, towns.cookies.officer, `text/${proposal}/${section}`)).write([{ insert: section }]);
  await does("officer", "ask_approval");
  await does("mayor", "approve_proposal", { version: 1 });
  await does("friendMayor", "return_proposal", { version: 1, reason: "Too little" });
  await does("officer", "edit_proposal", { title: "More health" });
  await does("officer", "ask_approval");
  await does("officer", "withdraw_approval", { version: 2, reason: "A mistake" });
  await does("officer", "ask_approval");
  await does("mayor", "approve_proposal", { version: 3 });
  await does("friendMayor", "approve_proposal", { version: 3 });
  await does("officer", "submit_proposal", { version: 3, funder: "EU", on: "2026-01-02", reference: "R-1" });
  await does("officer", "record_answer", { answer: "more_information", on: "2026-01-03", note: "Which pumps?" });
  const { events } = await server.read(`/v1/events?stream=${proposal}&limit=500`, towns.cookies.auditor);
  const factOf = (type) => events.findLast(({ event }) => event.type === type).event.id;
  await towns.does("secretariat", proposal, "correct_proposal", { corrects: factOf("proposal.submitted"), reason: "Misread", reference: "R-2", funder: "Interreg" });
  await towns.does("secretariat", proposal, "correct_proposal", { corrects: factOf("proposal.answered"), reason: "Not yet", retracted: true });
  await does("officer", "record_answer", { answer: "granted", on: "2026-01-05", amount: 500, currency: "EUR" });

  const { size } = await server.read("/v1/views/programme", towns.cookies.auditor);
  while (Number((await server.fetch("/checkpoint")).text.split("\n")[1]) < size) await new Promise((resolve) => setTimeout(resolve, 20));
  const key = (await server.fetch("/v1/log/key")).text.trim();
  const all = await server.read(`/v1/events?stream=${proposal}&limit=500`, towns.cookies.auditor);
  assert.ok(all.events.length > 30, `${all.events.length} events`);
  for (const { position } of [...all.events, { position: size - 1 }]) {
    const { status, text: bundle } = await server.fetch(`/v1/evidence/${proposal}?at=${position + 1}`, { cookie: towns.cookies.auditor });
    assert.equal(status, 200, bundle);
    const file = join(folder, "life.json");
    await writeFile(file, bundle);
    const { code, stdout, stderr } = await run("verify-bundle", file, "--key", key);
    assert.equal(code, 0, stdout + stderr);
    const other = spawnSync(process.execPath, [verifier, file, "--key", key], { encoding: "utf8" });
    assert.equal(other.status, 0, `at ${position + 1}: ${other.stderr}`);
  }
});
