// A proposal's history as one file, from the server and from its folder, checked without either.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";

import { until } from "./support/deadline.js";
import { officerWithProposal } from "./support/demo.js";
import { bringKeys, folderFor, Group, run, Server } from "./support/server.js";
import { tampered } from "./support/tampered_bundles.js";

const other = new URL("../../client-js/verifier/verify-bundle.mjs", import.meta.url).pathname;

// The other verifier, which shares no code with the server.
const runOther = (file, ...args) =>
  new Promise((resolve) => execFile(process.execPath, [other, file, ...args], (error, stdout, stderr) => resolve({ code: error?.code ?? 0, text: stdout + stderr })));

describe("evidence", () => {
  const group = new Group();
  let server, world, auditor, folder, key, files = 0;

  after(() => group.end());
  before(async () => {
    server = await Server.start(group);
    world = await officerWithProposal(server);
    auditor = await server.signIn(await server.person("auditor"));
    folder = await folderFor(group);
    key = (await server.fetch("/v1/log/key")).text.trim();
    await covered(await server.metric("mosty_log_size"));
  });

  // Waits for a checkpoint of so many entries, and gives its size.
  const covered = (size) =>
    until(async () => {
      const now = Number((await server.fetch("/checkpoint")).text.split("\n")[1]);
      return now >= size && now;
    }, `a checkpoint of ${size} entries`);

  async function verify(bundle, ...args) {
    const file = join(folder, `bundle-${++files}.json`);
    await writeFile(file, typeof bundle === "string" || Buffer.isBuffer(bundle) ? bundle : JSON.stringify(bundle));
    const [ours, others] = await Promise.all([run("verify-bundle", file, ...args), runOther(file, ...args)]);
    return { ...ours, others };
  }

  async function bundleOf(proposal, query = "", cookie = auditor) {
    const answer = await server.fetch(`/v1/evidence/${proposal}${query}`, { cookie });
    assert.equal(answer.status, 200, answer.text);
    return answer;
  }

  it("of every proposal of the demo verifies, and shows what its page shows", async () => {
    const { rows } = await server.read("/v1/lists/proposals/all?limit=500", auditor);
    assert.ok(rows.length > 3);
    for (const { id } of rows) {
      const { text, json, headers } = await bundleOf(`proposal/${id}`);
      assert.equal(headers.get("content-disposition"), `attachment; filename="proposal-${id}-${json.size}.json"`);
      const { code, stdout, stderr, others } = await verify(text, "--key", key);
      assert.equal(code, 0, stdout + stderr);
      assert.equal(others.code, 0, others.text);
      assert.match(stdout, new RegExp(`^verifies: proposal/${id} as of ${json.size}$`, "m"));
      assert.doesNotMatch(stdout, /whose key/);
      const view = await server.read(`/v1/views/proposal/${id}?at=${json.size}`, auditor);
      assert.deepEqual(json.content.proposal, view.value);
      for (const [section, { revision, content }] of Object.entries(json.content.texts)) {
        const shown = await server.read(`/v1/texts/proposal/${id}/${section}?at=${json.size}`, auditor);
        assert.equal(revision, shown.revision);
        assert.equal(JSON.stringify(content.map(({ insert }) => insert).join("")), JSON.stringify(shown.content.map(({ insert }) => insert).join("")));
      }
    }
  });

  it("as of an earlier size shows that moment, with all events as proof", async () => {
    const client = await server.connect(world.cookie);
    const { size } = await client.command(world.proposal, "edit_proposal", { title: "As it was" });
    await client.command(world.proposal, "edit_proposal", { title: "As it became" });
    await covered(size + 1);
    const { json } = await bundleOf(world.proposal, `?at=${size}`);
    assert.equal(json.at, size);
    assert.ok(json.size > size);
    assert.equal(json.content.proposal.title, "As it was");
    assert.ok(json.events.some(({ entry }) => entry.includes("As it became")));
    const { code, stdout, others } = await verify(json, "--key", key);
    assert.equal(code, 0, stdout);
    assert.equal(others.code, 0, others.text);
  });

  it("from the folder is what the server gives", async () => {
    const offline = await run("evidence", server.data, "--stream", world.proposal);
    assert.equal(offline.code, 0, offline.stderr);
    assert.deepEqual(JSON.parse(offline.stdout), (await bundleOf(world.proposal)).json);
    const earlier = await run("evidence", server.data, "--stream", world.proposal, "--at", "40");
    assert.deepEqual(JSON.parse(earlier.stdout).content, { proposal: {}, texts: {} });
    for (const [args, sentence] of [
      [["--stream", "proposal/nobody"], /There is no proposal of that name yet/],
      [["--stream", "visit/x"], /is no proposal/],
      [["--stream", world.proposal, "--at", "999999"], /the newest checkpoint is of \d+ entries/],
    ]) {
      const refused = await run("evidence", server.data, ...args);
      assert.equal(refused.code, 2);
      assert.match(refused.stderr, sentence);
    }
  });

  it("is for those who may read the proposal, and says what is wrong with a question", async () => {
    const problem = async (path, cookie) => {
      const { status, json } = await server.fetch(path, { cookie });
      return [status, json.code];
    };
    const path = `/v1/evidence/${world.proposal}`;
    const stranger = (await server.people()).find(({ role, organisation }) => role === "officer" && organisation !== world.ua && organisation !== world.eu);
    assert.deepEqual(await problem(path), [401, "not_signed_in"]);
    assert.deepEqual(await problem(path, await server.signIn(stranger)), [403, "may_not_read"]);
    assert.equal((await server.fetch(path, { cookie: world.cookie })).status, 200);
    assert.deepEqual(await problem("/v1/evidence/proposal/nobody", auditor), [404, "not_found"]);
    assert.deepEqual(await problem("/v1/evidence/visit/x", auditor), [404, "not_found"]);
    assert.deepEqual(await problem("/v1/evidence/", auditor), [404, "not_found"]);
    assert.deepEqual(await problem(`${path}?at=x`, auditor), [422, "invalid_field"]);
    const [status, code] = await problem(`${path}?at=9999999`, auditor);
    assert.deepEqual([status, code], [404, "no_such_size"]);
  });

  it("that was changed does not verify, and both verifiers say so alike", async () => {
    const { rows } = await server.read("/v1/lists/proposals/all?limit=500", auditor);
    const bundles = [];
    for (const { id } of rows) bundles.push((await bundleOf(`proposal/${id}`)).json);
    const isRich = ({ content: { proposal, texts }, keys }) => texts.needs && keys && Object.keys(proposal.budget).length > 0;
    const honest = {
      draft: bundles.find((one) => isRich(one) && one.content.proposal.status === "draft" && !one.content.proposal.answer),
      approved: bundles.find((one) => Object.keys(one.content.proposal.approval?.approved ?? {}).length === 2),
    };
    for (const bundle of Object.values(honest)) assert.equal((await verify(bundle, "--key", key)).code, 0);
    for (const [what, change, told] of tampered) {
      const expected = typeof told === "function" ? told(honest.draft) : told;
      const changed = structuredClone(honest[expected.of ?? "draft"]);
      const { code, stdout, stderr, others } = await verify(change(changed) ?? changed, "--key", key);
      assert.equal(code, expected.code, `${what}, mosty verify-bundle: ${stdout}${stderr}`);
      assert.equal(others.code, expected.code, `${what}, verify-bundle.mjs: ${others.text}`);
      says(stdout + stderr, expected.ours, what);
      says(others.text, expected.others, what);
      if (code === 1) assert.match(stdout, /^does not verify: /m);
      assert.match(others.text, code === 1 ? /^NOT VERIFIED {2}/ : /^COULD NOT BE CHECKED {2}/, what);
    }
    const stranger = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";
    const pinned = await verify(honest.draft, "--key", stranger);
    assert.deepEqual([pinned.code, pinned.others.code], [1, 1]);
    const nonsense = await verify(honest.draft, "--key", "nonsense");
    assert.deepEqual([nonsense.code, nonsense.others.code], [2, 2]);
  });

  const says = (text, sentence, what) => assert.ok(typeof sentence === "string" ? text.includes(sentence) : sentence.test(text), `${what}: ${sentence} is not said: ${text}`);

  it("says plainly that the bundle's own key was used", async () => {
    const { code, stdout } = await verify((await bundleOf(world.proposal)).text);
    assert.equal(code, 0);
    assert.match(stdout, /^not proven: whose key that is: the bundle brought it along/m);
    assert.match(stdout, /^not proven: that the log holds no later event of these streams/m);
  });

  it("that is none is told so, with code 2", async () => {
    const { text } = await bundleOf(world.proposal);
    for (const [what, sentence] of [
      ["", /is no bundle: it is no JSON/],
      [text.slice(0, -1), /is no bundle: it is no JSON/],
      ["{}", /is no bundle: it lacks a member/],
      [text.replace('"size":', '"size":1,"size":'), /is no bundle: it names "size" twice/],
      [text.replace("mosty.evidence.v1", "mosty.evidence.v9"), /its format is "mosty.evidence.v9"/],
      [text.replace('"nodes":', '"knots":'), /has a member "knots" that nobody knows/],
    ]) {
      const { code, stdout, stderr } = await verify(what);
      assert.equal(code, 2, stdout + stderr);
      assert.match(stderr, sentence);
    }
    const absent = await run("verify-bundle", join(folder, "absent.json"));
    assert.equal(absent.code, 2);
    assert.match(absent.stderr, /No such file/);
    const noKey = await verify(text, "--key", "nonsense");
    assert.equal(noKey.code, 2);
    assert.match(noKey.stderr, /^mosty verify-bundle: --key: /);
  });
});

it("a restored log verifies against the newest checkpoint, or says exactly what is missing", async (test) => {
  const server = await Server.start(test);
  const world = await officerWithProposal(server);
  const client = await server.connect(world.cookie);
  const folder = await folderFor(test);
  const to = join(folder, "backup");
  const checkpointOf = (size) =>
    until(async () => {
      const { text } = await server.fetch("/checkpoint");
      return Number(text.split("\n")[1]) >= size && text;
    }, `a checkpoint of ${size} entries`);

  const held = await server.metric("mosty_log_size");
  const proven = join(folder, "proven.txt");
  await writeFile(proven, await checkpointOf(held));
  const saved = await run("backup", server.data, to);
  assert.equal(saved.code, 0, saved.stderr);
  assert.match(saved.stdout, new RegExp(`^the newest checkpoint in it is of mosty\\.invalid/[0-9a-f]{32} over ${held} entries$`, "m"));
  assert.equal((await run("check-backup", to, "--checkpoint", proven)).code, 0);

  for (let i = 0; i < 20; ++i) await client.command(world.proposal, "edit_proposal", { title: `Later ${i}` });
  const newest = join(folder, "newest.txt");
  await writeFile(newest, await checkpointOf(held + 20));
  const key = (await server.fetch("/v1/log/key")).text.trim();

  const lacking = await run("restore", to, join(folder, "a"), "--checkpoint", newest, "--key", key);
  assert.equal(lacking.code, 1);
  assert.match(lacking.stdout, new RegExp(`^wrong: the checkpoint proves ${held + 20} entries, the backup holds ${held}: positions ${held}–${held + 19} are missing$`, "m"));
  const nevertheless = await run("restore", to, join(folder, "a"), "--checkpoint", newest, "--accept-missing");
  assert.equal(nevertheless.code, 0, nevertheless.stderr);
  assert.match(nevertheless.stdout, /do not put checkpoint\.key back/);
  assert.equal((await run("verify", "--data", join(folder, "a"))).code, 0);

  // The next backup reaches it, and what is restored from it serves and signs on.
  assert.equal((await run("backup", server.data, to)).code, 0);
  const whole = await run("restore", to, join(folder, "b"), "--checkpoint", newest);
  assert.equal(whole.code, 0, whole.stderr);
  assert.match(whole.stdout, new RegExp(`^proven: the first ${held + 20} of them are those that mosty\\.invalid/[0-9a-f]{32} signed$`, "m"));
  await bringKeys(server.data, join(folder, "b"));
  const again = await Server.start(test, { data: join(folder, "b") });
  const [origin, size] = (await again.fetch("/checkpoint")).text.split("\n");
  assert.match(origin, /^mosty\.invalid\/[0-9a-f]{32}$/);
  assert.ok(Number(size) >= held + 20);

  // A checkpoint with another signature, or of nothing, is refused before anything is done.
  await writeFile(newest, "nonsense");
  const nonsense = await run("restore", to, join(folder, "c"), "--checkpoint", newest);
  assert.equal(nonsense.code, 2);
  assert.match(nonsense.stderr, /newest\.txt: /);
});
